"""Which promise backs which use: levels, owners, terms, strength, conditions, dates (SEMANTICS §1)."""

from datetime import date

import pytest

from olagraph.analysis.results import MissingReason, Verdict
from tests.analysis.small import (
    assessed,
    codes,
    delivered,
    ends,
    number,
    targets,
    the,
    values,
    written,
)

SLA = "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 50%}]}"


def backed_by(*agreements: str, traits: str = "", target: str = "availability: 50%", **keys):
    """`s` of us uses `a` of them; who backs the use?"""
    return written(
        services=("{id: s, provider: us, workflow: a}", f"{{id: a, provider: them{traits}, tags: [gold]}}"),
        agreements=(SLA.replace("availability: 50%", target), *agreements),
        **keys,
    )


def uc(
    name: str,
    value: str,
    *,
    customer: str | None = "us",
    covers: str = "[a]",
    further: str = "",
    provider: str = "them",
) -> str:
    """A contract on `a`."""
    party = f"customer: {customer}, " if customer else ""
    return f"{{id: {name}, provider: {provider}, {party}covers: {covers}, targets: [{{availability: {value}{further}}}]}}"


OWNED = (
    "{id: us, kind: internal, parent: division}",
    "{id: division, kind: internal, parent: concern}",
    "{id: concern, kind: internal}",
)


@pytest.mark.parametrize(
    ("agreements", "expected"),
    [
        # Nearest first: the user, its owners nearest first, everybody.
        ([("us", "91%"), ("division", "92%"), ("concern", "93%"), (None, "94%")], 0.91),
        ([("division", "92%"), ("concern", "93%"), (None, "94%")], 0.92),
        ([("concern", "93%"), (None, "94%")], 0.93),
        ([(None, "94%")], 0.94),
        ([("team", "95%")], None),  # somebody else's contract
        ([("team", "95%"), (None, "94%")], 0.94),
    ],
)
def test_the_nearest_promise_backs_a_use(agreements, expected) -> None:
    rows = [uc(f"uc-{i}", value, customer=customer) for i, (customer, value) in enumerate(agreements)]
    view = the(backed_by(*rows, providers=OWNED)).contracted
    if expected is None:
        assert ends(view.independent) == (0.0, 1.0)
    else:
        assert values(view) == pytest.approx((expected, expected, expected), abs=1e-15)


def test_what_an_owned_provider_was_promised_is_no_promise_to_its_owner() -> None:
    providers = ("{id: us, kind: internal}", "{id: team, kind: internal, parent: us}")
    assert the(backed_by(uc("uc", "99%", customer="team"), providers=providers)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("order", [("99%", "98%"), ("98%", "99%")])
def test_of_several_at_one_level_the_strictest_counts(order) -> None:
    portfolio = backed_by(uc("uc-1", order[0]), uc("uc-2", order[1]))
    assert number(the(portfolio).contracted.independent) == 0.99
    assert "AMBIGUOUS_PROMISE" in codes(portfolio)


def test_several_at_one_level_unite_their_points_of_a_time() -> None:
    def point(name: str, time: str, share: str) -> str:
        return f"{{id: {name}, provider: them, customer: us, covers: [a], targets: [{{latency: {time}, for: {share}}}]}}"

    agreements = (point("uc-1", "1 s", "90%"), point("uc-2", "3 s", "99%"))
    at_two = the(backed_by(*agreements, target="latency: 2 s, for: 50%"))
    at_three = the(backed_by(*agreements, target="latency: 3 s, for: 50%"))
    assert number(at_two.contracted.guaranteed) == pytest.approx(0.9)
    assert number(at_three.contracted.guaranteed) == pytest.approx(0.99)


def test_several_targets_of_one_agreement_are_the_strictest_and_no_ambiguity() -> None:
    targets_ = "[{availability: 98%}, {availability: 99%, when: {zones: '>=2'}}]"
    portfolio = backed_by(
        f"{{id: uc, provider: them, customer: us, covers: [a], targets: {targets_}}}",
        traits=", traits: {zones: 2}",
    )
    assert number(the(portfolio).contracted.independent) == 0.99
    assert "AMBIGUOUS_PROMISE" not in codes(portfolio)


# What does not count leaves the search to go on ----------------------------------------------------------------


@pytest.mark.parametrize(
    "further",
    [
        ", strength: objective",
        ", strength: best_effort",
        ", when: {zones: '>=2'}",
        ", priority: {name: P1, share: 10%}",
    ],
)
def test_what_does_not_count_leaves_the_search_to_go_on(further) -> None:
    portfolio = backed_by(uc("uc", "99.9%", further=further), uc("terms", "99%", customer=None))
    assert number(the(portfolio).contracted.independent) == 0.99


def test_a_draft_leaves_the_search_to_go_on() -> None:
    draft = uc("uc", "99.9%").replace("covers:", "status: draft, covers:")
    assert number(the(backed_by(draft, uc("terms", "99%", customer=None))).contracted.independent) == 0.99
    assert the(backed_by(draft)).contracted.missing[0].reason is MissingReason.NO_AGREEMENT


@pytest.mark.parametrize(
    ("strength", "counts"),
    [("guarantee", True), ("commitment", True), ("objective", False), ("best_effort", False)],
)
def test_only_guarantees_and_commitments_back_anything(strength, counts) -> None:
    portfolio = backed_by(uc("uc", "99%", further=f", strength: {strength}"))
    assert (the(portfolio).verdict is Verdict.SUPPORTED) is counts


def test_a_nearer_agreement_that_is_silent_on_the_metric_leaves_the_search_to_go_on() -> None:
    silent = "{id: uc, provider: them, customer: us, covers: [a], targets: [{latency: 1 s}]}"
    portfolio = backed_by(silent, uc("terms", "99%", customer=None))
    assert number(the(portfolio).contracted.independent) == 0.99
    alone = the(backed_by(silent)).contracted
    assert alone.missing[0].reason is MissingReason.METRIC_GAP


@pytest.mark.parametrize(
    ("when", "traits", "met"),
    [
        ("{zones: 2}", "{zones: 2}", True),
        ("{zones: 2}", "{zones: 2.0}", True),
        ("{zones: 2}", "{zones: 3}", False),
        ("{zones: '>=2'}", "{zones: 2}", True),
        ("{zones: '>=2'}", "{zones: 1}", False),
        ("{zones: '>1'}", "{zones: 1}", False),
        ("{zones: '<=2'}", "{zones: 2}", True),
        ("{zones: '<2'}", "{zones: 2}", False),
        ("{zones: '!=2'}", "{zones: 3}", True),
        ("{disk: premium}", "{disk: premium}", True),
        ("{disk: premium}", "{disk: standard}", False),
        ("{disk: '!=premium'}", "{disk: standard}", True),
        ("{dual: true}", "{dual: true}", True),
        ("{dual: true}", "{dual: false}", False),
        ("{zones: '>=2', disk: premium}", "{zones: 2, disk: premium}", True),
        ("{zones: '>=2', disk: premium}", "{zones: 2, disk: basic}", False),
        ("{zones: '!=2'}", "{}", False),  # a trait that is not stated meets nothing
        ("{disk: '>=2'}", "{disk: premium}", False),
    ],
)
def test_a_condition_holds_if_the_services_traits_meet_it(when, traits, met) -> None:
    portfolio = backed_by(uc("uc", "99%", further=f", when: {when}"), traits=f", traits: {traits}")
    assert (the(portfolio).verdict is Verdict.SUPPORTED) is met
    assert ("CONDITION_UNMET" in codes(portfolio)) is not met


def test_targets_of_the_sla_with_an_unmet_condition_are_listed_not_assessed() -> None:
    portfolio = written(
        services=("{id: s, provider: us, own: [{availability: 99%}]}",),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99%, when: {zones: 2}}, "
            "{availability: 99.9%, strength: objective}]}",
        ),
    )
    assert targets(portfolio) == []
    reasons = [(n.agreement, n.service, n.metric) for n in assessed(portfolio).not_assessed]
    assert reasons == [("sla", "s", "availability")] * 2


# What an agreement covers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("covers", "found_"),
    [
        ("[a]", True),
        ("all", True),
        ("{tags: [gold]}", True),
        ("{tags: [silver, gold]}", True),
        ("{tags: [silver]}", False),
    ],
)
def test_all_and_tags_mean_services_of_the_agreements_provider(covers, found_) -> None:
    assert (the(backed_by(uc("uc", "99%", covers=covers))).verdict is Verdict.SUPPORTED) is found_
    elsewhere = uc("uc", "99%", covers=covers, provider="others")
    assert (the(backed_by(elsewhere)).verdict is Verdict.SUPPORTED) is (covers == "[a]")


def test_covering_several_services_promises_each_of_them_on_its_own() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: [a, b]}",
            "{id: a, provider: them}",
            "{id: b, provider: them}",
        ),
        agreements=(
            SLA,
            "{id: uc, provider: them, customer: us, covers: all, targets: [{availability: 99%}]}",
        ),
    )
    assert values(the(portfolio).contracted) == pytest.approx((0.98, 0.9801, 0.99), abs=1e-15)


def test_an_sla_that_covers_several_services_is_assessed_once_for_each() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, own: [{availability: 99%}]}",
            "{id: t, provider: us, own: [{availability: 98%}]}",
        ),
        agreements=("{id: sla, provider: us, customer: c, covers: all, targets: [{availability: 98.5%}]}",),
    )
    assert {t.service: t.verdict for t in targets(portfolio)} == {
        "s": Verdict.SUPPORTED,
        "t": Verdict.INFEASIBLE,
    }


def test_nobody_contracts_with_oneself() -> None:
    ours = uc("catalogue", "99.99%", customer=None, covers="[i]", provider="us")
    portfolio = written(
        services=("{id: s, provider: us, workflow: i}", "{id: i, provider: us, own: [{availability: 99%}]}"),
        agreements=(SLA, ours),
    )
    assert number(the(portfolio).contracted.independent) == 0.99


def test_the_kind_of_an_agreement_plays_no_part() -> None:
    for kind in ("SLA", "OLA", "UC"):
        row = uc("uc", "99%", customer=None).replace("{id: uc,", f"{{id: uc, kind: {kind},")
        assert number(the(backed_by(row)).contracted.independent) == 0.99


# Dates -----------------------------------------------------------------------------------------------------

TERM = "from: 2026-03-01, to: 2026-03-31"


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),  # both ends belong to it
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_an_agreement_is_in_force_from_its_first_to_its_last_day(day, in_force) -> None:
    portfolio = delivered("a", "availability: 99%", terms=TERM, a="availability: 99%")
    assert bool(targets(portfolio, as_of=day)) is in_force
    assert assessed(portfolio, as_of=day).not_in_force == (() if in_force else ("sla",))


@pytest.mark.parametrize(
    ("day", "backs"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 4, 1), False)]
)
def test_an_agreement_out_of_force_backs_nothing(day, backs) -> None:
    portfolio = delivered("a", "availability: 99%", a=f"availability: 99%; {TERM}")
    assert (the(portfolio, as_of=day).verdict is Verdict.SUPPORTED) is backs
    assert assessed(portfolio, as_of=day).not_in_force == (() if backs else ("uc-a",))


def test_an_open_end_is_unbounded() -> None:
    for terms in ("from: 2026-03-01", "to: 2026-12-31", ""):
        portfolio = delivered("a", "availability: 99%", terms=terms, a="availability: 99%")
        assert the(portfolio).verdict is Verdict.SUPPORTED
