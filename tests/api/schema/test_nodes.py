"""Nodes by their id: of every type, of one portfolio each, and nobody else's."""

import base64
import json
from typing import Any

import pytest
from graphql import GraphQLObjectType

from olagraph_api.schema.node_ids import NodeKey, NoNodeIdError, node_id, node_key
from olagraph_api.snapshots import Snapshot
from tests.api.schema.asking import EXECUTABLE, context, data, fixture, refused, snapshot, viewer
from tests.api.schema.test_every_field import RARE

NODE = "query ($id: ID!) { node(id: $id) { __typename nodeId } }"
EVERY_NODE = """query ($day: Date) {
  portfolio(asOf: $day) { nodeId }
  providers(first: 3) { nodes { nodeId } } customers(first: 3) { nodes { nodeId } } services(first: 3) { nodes { nodeId } }
  agreements(first: 3) { nodes { nodeId } } calendars(first: 3) { nodes { nodeId } }
  assessments(asOf: $day, first: 1000) { nodes { nodeId } } findings(asOf: $day, first: 1000) { nodes { nodeId } }
}"""


def every_id(of: Snapshot, day: str | None = None) -> dict[str, list[str]]:
    """Ids of nodes by the root that gave them."""
    answer = data(EVERY_NODE, of, {"day": day})
    portfolio: Any = answer.pop("portfolio")
    return {"portfolio": [portfolio["nodeId"]]} | {
        root: [node["nodeId"] for node in answer[root]["nodes"]] for root in answer
    }


TYPES = {
    "portfolio": "Portfolio",
    "providers": "Provider",
    "customers": "Customer",
    "services": "Service",
    "agreements": "Agreement",
    "calendars": "Calendar",
    "assessments": "TargetAssessment",
    "findings": "Finding",
}


def test_every_type_of_node_is_found_by_its_id() -> None:
    known = {
        name
        for name, type_ in EXECUTABLE.core.type_map.items()
        if isinstance(type_, GraphQLObjectType) and any(each.name == "Node" for each in type_.interfaces)
    }
    assert known == set(TYPES.values())
    for day in (None, "2026-12-24"):
        for root, ids in every_id(RARE, day).items():
            assert ids
            for id in ids:
                assert data(NODE, RARE, {"id": id})["node"] == {"__typename": TYPES[root], "nodeId": id}


@pytest.mark.parametrize("name", ["bank-payments", "service-desk", "carrier-chain", "format-example"])
def test_no_two_nodes_share_an_id(name: str) -> None:
    ids = [id for ids in every_id(snapshot(name)).values() for id in ids]
    assert len(ids) == len(set(ids))


def test_the_id_of_todays_verdict_is_that_of_tomorrows() -> None:
    """Unless a day was asked for: then it is that day's for ever."""
    today, dated = every_id(RARE), every_id(RARE, "2026-11-23")
    assert not set(today["assessments"]) & set(dated["assessments"])
    text = (
        "query ($id: ID!) { node(id: $id) { ... on TargetAssessment { agreement { id verdict } verdict } } }"
    )
    for ours, theirs in zip(today["assessments"], dated["assessments"], strict=True):
        assert data(text, RARE, {"id": ours}) == data(text, RARE, {"id": theirs})
    assert today["services"] == dated["services"]


def test_a_node_of_a_portfolio_that_is_not_granted_is_null() -> None:
    """As is one of a portfolio that there is not: the two look alike."""
    theirs = Snapshot("theirs", 1, fixture("cloud-shop"))
    ours = Snapshot("ours", 1, fixture("cloud-shop"))
    ids = data(
        '{ services(portfolio: "theirs", first: 1) { nodes { nodeId } }'
        ' assessments(portfolio: "theirs", first: 1) { nodes { nodeId } } portfolio(portfolio: "theirs") { nodeId } }',
        context(theirs, ours),
    )
    for id in (
        ids["services"]["nodes"][0]["nodeId"],
        ids["assessments"]["nodes"][0]["nodeId"],
        ids["portfolio"]["nodeId"],
        node_id(NodeKey("Service", "nowhere", ("x",))),
    ):
        assert data(NODE, context(theirs, ours, principal=viewer("ours")), {"id": id})["node"] is None
    granted = context(theirs, ours, principal=viewer("theirs"))
    assert data(NODE, granted, {"id": ids["portfolio"]["nodeId"]})["node"] is not None


@pytest.mark.parametrize(
    "key",
    [
        NodeKey("Service", "default", ("gone",)),
        NodeKey("Service", "default", ()),
        NodeKey("Service", "default", (None,)),
        NodeKey("Service", "default", ("shop", "shop")),
        NodeKey("Target", "default", ("shop",)),
        NodeKey("Query", "default", ()),
        NodeKey("Calendar", "default", ("shop",)),
        NodeKey("Finding", "default", ("0" * 24,)),
        NodeKey("Finding", "default", ()),
        NodeKey("TargetAssessment", "default", ("sla", "shop", "availability")),
        NodeKey("TargetAssessment", "default", ()),
    ],
)
def test_what_is_not_there_is_null(key: NodeKey) -> None:
    assert data(NODE, RARE, {"id": node_id(key)})["node"] is None


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "id",
    [
        "",
        "web-shop",
        "U2VydmljZTp4",
        "é",
        encoded({}),
        encoded([]),
        encoded(["Service"]),
        encoded(["Service", "default"]),
        encoded(["Service", 1, None, "x"]),
        encoded(["Service", "default", "yesterday", "x"]),
        encoded(["Service", "default", None, ["x"]]),
        encoded([[[["x"]]]]),
    ],
)
def test_what_is_no_id_of_a_node_is_refused(id: str) -> None:
    error = refused(NODE, RARE, {"id": id})
    assert error["message"] == (
        "this is no `nodeId`: ids of the portfolio file go to service(id:), agreement(id:) and the like"
    )
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    with pytest.raises(NoNodeIdError):
        node_key(id)
