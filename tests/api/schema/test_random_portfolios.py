"""Whatever a portfolio file can state can be asked for, by plan and by graphql-core alike."""

import json
from random import Random

import pytest
from hypothesis import given, settings

from olagraph.documents import load_text
from olagraph.model.entities import Portfolio
from olagraph_api.snapshots import Snapshot
from tests.api.schema.asking import data
from tests.api.schema.everything import everything
from tests.documents.portfolio_strategies import portfolios
from tests.oracle.portfolios import METRICS, portfolio

KEPT = ("portfolio", "providers", "customers", "services", "agreements", "calendars", "metrics", "incidents")
JUDGED = ("assessments", "findings", "concentration")


@given(portfolios())
@settings(max_examples=30)
def test_what_a_portfolio_states_is_shown_as_it_states_it(stated: Portfolio) -> None:
    of = Snapshot("default", 1, stated)
    answer = data(
        """{
          providers(first: 1000) { nodes { id name kind region contact parent { id } } totalCount }
          customers(first: 1000) { nodes { id name contact parent { id } } }
          services(first: 1000) { nodes { id name region zone owner criticality tags demand
            provider { id } traits { name value } own { metric value complement for text }
            workflow { document steps { parent depth pattern service { id } timeout probability again k max } } } }
          agreements(first: 1000) { nodes { id name ref link from to review notice hours window status statedKind
            customers { id } covers(first: 1000) { totalCount } targets { value assume for when text population { share } }
            exclusions { name atMost per unlimited cause } credits { fee cap tiers { below above credit } }
            claim { within after } inherits { id } extra } }
          calendars(first: 1000) { nodes { id timezone hours { weekday opens closes } holidays holidayCodes extra } }
          incidents(first: 1000) { nodes { id service { id } from to share } }
        }""",
        of,
    )
    for section in ("providers", "customers", "services", "agreements", "calendars"):
        kept = sorted(getattr(stated, section), key=lambda each: each.id)
        shown = answer[section]["nodes"]
        assert [each["id"] for each in shown] == [each.id for each in kept]
        assert [each.get("name") for each in shown] == [
            each.name if "name" in node else None for each, node in zip(kept, shown, strict=True)
        ]
    for node, service in zip(
        answer["services"]["nodes"], sorted(stated.services, key=lambda each: each.id), strict=True
    ):
        assert (node["tags"], node["provider"]["id"]) == (list(service.tags), service.provider)
        assert node["demand"] == (None if service.demand is None else str(service.demand))
        assert [trait["name"] for trait in node["traits"]] == [name for name, _ in service.traits]
        assert [own["metric"] for own in node["own"]] == [target.metric for target in service.own]
        check_expression(node["workflow"])
    assert len(answer["incidents"]["nodes"]) == len(stated.incidents)


def check_expression(expression: dict | None) -> None:
    """Every step but the root has a parent that stands before it, one level higher; services have no steps below."""
    if expression is None:
        return
    steps = expression["steps"]
    assert steps[0]["parent"] is None
    for place, step in enumerate(steps[1:], 1):
        parent = steps[step["parent"]]
        assert step["parent"] < place
        assert step["depth"] == parent["depth"] + 1
        assert parent["pattern"] is not None
    assert all((step["pattern"] is None) != (step["service"] is None) for step in steps)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("seed", range(4))
def test_what_a_portfolio_comes_to_can_be_asked_for(seed: int, metric: str) -> None:
    document = json.dumps(portfolio(Random(seed), metric))
    of = Snapshot("default", 1, load_text(document, "drawn.json"))
    for root in (*KEPT, *JUDGED):
        data(everything(root, page=3), of)
    provider = {"providers": [of.portfolio.providers[0].id]}
    data(everything("outage", providers="$providers", page=3), of, provider)
    for agreement in of.portfolio.agreements[:2]:
        data(everything("explanation", agreement="$agreement"), of, {"agreement": agreement.id})
