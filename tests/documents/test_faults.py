"""What is wrong in a portfolio is said with its place, its cause and a remedy."""

import pytest

from olagraph.documents import InvalidPortfolio, load_text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("olagraph: 2\n", "1:11: olagraph: format version '2'; expected 1, the one this olagraph reads"),
        ("olagraph: '1'\n", "1:11: olagraph: format version '1'; expected 1, the one this olagraph reads"),
        ("name: x\n", "1:1: no format version; expected `olagraph: 1`"),
        ("olagraph: 1\nservces: []\n", "2:1: unknown key of a portfolio 'servces'; did you mean 'services'?"),
        (
            "olagraph: 1\nname: a\nname: b\n",
            "3:1: key 'name' is stated already at line 2, column 1; expected each key once",
        ),
        (
            "olagraph: 1\nproviders: {id: p}\n",
            "2:12: providers: found a mapping; expected a list of providers",
        ),
        (
            "olagraph: 1\nproviders: [p]\n",
            "2:13: providers[0]: found 'p'; expected provider as a mapping with `id`, `kind`",
        ),
        (
            "olagraph: 1\nproviders: [{kind: internal}]\n",
            "2:13: providers[0]: provider without `id`; expected provider as a mapping with `id`, `kind`",
        ),
        (
            "olagraph: 1\nproviders: [{id: -p, kind: internal}]\n",
            "2:18: providers[0].id: found '-p'; "
            "expected an id: letters, digits and . _ : / - after a letter or digit",
        ),
        (
            "olagraph: 1\nproviders: [{id: p, kind: internal}, {id: p, kind: external}]\n",
            "2:43: providers[p]: provider 'p' is stated already at shop.yaml:2:18; expected each id once",
        ),
        (
            "olagraph: 1\nproviders:\n"
            "  - {id: p, kind: internal, parent: q}\n  - {id: q, kind: internal, parent: p}\n",
            "3:37: providers[p].parent: provider 'p' is its own parent: p -> q -> p; expected no cycle",
        ),
        (
            "olagraph: 1\ncustomers: [{id: c, parent: c}]\n",
            "2:29: customers[c].parent: customer 'c' is its own parent: c -> c; expected no cycle",
        ),
        ("[]\n", "1:1: found an empty list; expected a portfolio that begins with `olagraph: 1`"),
        ("", "1:1: an empty file; expected a portfolio that begins with `olagraph: 1`"),
        (
            "# nothing but a comment\n",
            "1:1: an empty file; expected a portfolio that begins with `olagraph: 1`",
        ),
    ],
)
def test_a_document_that_is_no_portfolio_is_refused(text, fault):
    with pytest.raises(InvalidPortfolio) as raised:
        load_text(text, "shop.yaml")
    assert [str(found) for found in raised.value.faults] == [f"shop.yaml:{fault}"]


def test_everything_wrong_is_reported_at_once_in_the_order_of_the_lines(faults_of):
    faults = faults_of(
        """
        services:
          - {id: s, provider: nobody, criticality: 9}
          - {id: t, provider: p, workflow: {any_of: [s, s, u]}}
        agreements:
          - {id: z, provider: q, covers: [s], targets: [{availability: 2}, {latency: 1 s, for: 5}]}
        """
    )
    assert [fault.split(": ")[0] for fault in faults] == [
        "shop.yaml:7:23",
        "shop.yaml:7:44",
        "shop.yaml:8:49",
        "shop.yaml:8:52",
        "shop.yaml:10:64",
        "shop.yaml:10:88",
    ]


def test_one_fault_brings_no_others_with_it(faults_of):
    """A service that is misread is still known; a list that is misread proves nothing unknown."""
    one = faults_of("services: [{id: s, provider: p, criticality: 9}, {id: t, provider: p, workflow: s}]")
    other = faults_of("services: 5\nagreements: [{id: u, provider: p, covers: [s]}]")
    third = faults_of(
        """
        metrics: [{id: kept, unit: furlong, better: higher, family: none}]
        services: [{id: s, provider: p, own: [{kept: 5}]}]
        """
    )
    assert len(one) == len(other) == len(third) == 1


def test_a_fault_carries_its_parts(reads):
    with pytest.raises(InvalidPortfolio) as raised:
        reads("services:\n  - {id: s, provider: p, workflow: [fronted]}\n  - {id: frontend, provider: p}\n")
    (fault,) = raised.value.faults
    assert (fault.file, fault.line, fault.column) == ("shop.yaml", 7, 37)
    assert fault.path == "services[s].workflow[0]"
    assert (fault.found, fault.nearest) == ("unknown service 'fronted'", "frontend")


def test_an_id_may_be_both_provider_and_customer(reads):
    portfolio = reads(
        """
        services: [{id: s, provider: p}]
        agreements:
          - {id: to-customer, kind: SLA, provider: p, customer: c}
          - {id: to-team, kind: UC, provider: q, customer: [p, q]}
        """
    )
    assert [agreement.customers for agreement in portfolio.agreements] == [("c",), ("p", "q")]
