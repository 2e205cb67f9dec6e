"""Flowcharts that can be pasted into any page."""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.documents import load_text
from olagraph.documents.foreign import write_mermaid
from tests.documents.portfolio_strategies import printable

CHART = """\
flowchart TB
  c0(["Retail"])
  c1(["Ops"])
  a0[/"SLA sla-shop"/]
  subgraph p0["Ops"]
    s0["Web shop"]
  end
  subgraph p1["q"]
    s1["pay"]
    s2["mail-out"]
  end
  c0 --- a0
  c1 --- a0
  a0 --- s0
  s0 --> s1
  s0 -.-> s2
"""

# A chart has lines of these five forms and no other: no name can bring in one of its own.
LABEL = r'"((?:[^\W_]|[ .-]|#\d+;)*)"'
LINE = re.compile(
    rf"flowchart TB|  end|  (?:c\d+\(\[{LABEL}\]\)|a\d+\[/{LABEL}/\]|subgraph p\d+\[{LABEL}\]|  s\d+\[{LABEL}\])"
    r"|  [cas]\d+ (?:---|-->|-\.->) [as]\d+"
)


def named(name):
    """A portfolio in which everything has one name."""
    document = {
        "olagraph": 1,
        "providers": [{"id": "p", "kind": "internal", "name": name}],
        "customers": [{"id": "c", "name": name}],
        "services": [
            {"id": "s", "provider": "p", "name": name},
            {"id": "t", "provider": "p", "requires": "s"},
        ],
        "agreements": [
            {"id": "a", "kind": "SLA", "name": name, "provider": "p", "customer": "c", "covers": "all"}
        ],
    }
    return load_text(json.dumps(document), "named.json")


def test_services_stand_with_their_provider_below_customers_and_slas():
    portfolio = load_text(
        """
olagraph: 1
providers: [{id: ops, kind: internal, name: Ops}, {id: q, kind: external}, {id: idle, kind: external}]
customers: [{id: retail, name: Retail}]
services:
  - {id: shop, name: Web shop, provider: ops, workflow: [pay, {step: mail-out, optional: true}], requires: pay}
  - {id: pay, provider: q}
  - {id: mail-out, provider: q}
agreements:
  - {id: sla-shop, kind: SLA, provider: ops, customer: [retail, ops], covers: [shop]}
  - {id: uc-pay, kind: UC, provider: q, customer: ops, covers: [pay]}
""",
        "shop.yaml",
    )
    assert write_mermaid(portfolio) == CHART


@given(st.text(printable, min_size=1, max_size=20))
def test_no_name_can_change_the_chart(name):
    chart = write_mermaid(named(name))
    for line in chart.splitlines():
        assert LINE.fullmatch(line), line
    (label,) = re.findall(r'c0\(\["(.*)"\]\)', chart)
    assert html.unescape(label.replace("#", "&#")).split() == name.split()


@pytest.mark.parametrize(
    "name", ["1. one", "- one", "* one", "# one", "a_b_", "style: #fff;", 'a "b"', "`c`", "<b>", "%% x"]
)
def test_what_markdown_or_mermaid_would_take_for_its_own_is_escaped(name):
    (label,) = re.findall(r'c0\(\["(.*)"\]\)', write_mermaid(named(name)))
    assert re.search(r"#\d+;", label)


def test_a_chart_that_mermaid_would_not_draw_says_so():
    services = [
        {"id": f"s{n}", "provider": "p", **({"requires": [f"s{n - 1}"]} if n else {})} for n in range(502)
    ]
    document = {"olagraph": 1, "providers": [{"id": "p", "kind": "internal"}], "services": services}
    chart = write_mermaid(load_text(json.dumps(document), "long.json"))
    first, second, *_ = chart.splitlines()
    size = len(chart) - len(first) - 1
    assert first == (
        f"%% 501 edges and {size} characters: Mermaid draws 500 and 50000"
        " unless the page raises maxEdges and maxTextSize"
    )
    assert second == "flowchart TB"


def test_an_empty_portfolio_is_an_empty_chart():
    assert write_mermaid(load_text("olagraph: 1\n", "x.yaml")) == "flowchart TB\n"
