"""Nodes by their id."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import GraphQLError

from olagraph_api.limits import Code, refusal
from olagraph_api.schema import types
from olagraph_api.schema.catalogue import Catalogue, catalogue_of
from olagraph_api.schema.info import Info
from olagraph_api.schema.judged import judged_on
from olagraph_api.schema.node_ids import NodeKey, NoNodeIdError, node_key


def node_of(info: Info, id: str) -> types.Node | None:
    """The node of an id; None where there is none any more, or its portfolio is not granted.

    Raises:
        GraphQLError: BAD_USER_INPUT, it is no node's id at all.
    """
    try:
        key = node_key(id)
    except NoNodeIdError:
        message = (
            "this is no `nodeId`: ids of the portfolio file go to service(id:), agreement(id:) and the like"
        )
        raise refusal(message, Code.BAD_USER_INPUT) from None
    find = _FINDERS.get(key.type)
    catalogue = granted(info, key.portfolio)
    return None if find is None or catalogue is None else find(catalogue, key, info)


def granted(info: Info, portfolio: str) -> Catalogue | None:
    """The catalogue of a portfolio; None where there is none of this name, or it is not granted."""
    try:
        return catalogue_of(info, portfolio)
    except GraphQLError as error:
        if (error.extensions or {}).get("code") != Code.UNKNOWN_PORTFOLIO.value:
            raise
        return None


_Find: TypeAlias = Callable[[Catalogue, NodeKey, Info], types.Node | None]


def _kept(shown: Callable[..., types.Node], known: Callable[[Catalogue], Mapping[str, Any]]) -> _Find:
    """Finds what the portfolio keeps by its id."""

    def find(catalogue: Catalogue, key: NodeKey, info: Info) -> types.Node | None:
        record = known(catalogue).get(key.parts[0] or "") if len(key.parts) == 1 else None
        return None if record is None else shown(record, catalogue)

    return find


def _portfolio(catalogue: Catalogue, key: NodeKey, info: Info) -> types.Node | None:
    return types.portfolio_of(judged_on(catalogue, key.day, info))


def _target(catalogue: Catalogue, key: NodeKey, info: Info) -> types.Node | None:
    judged = judged_on(catalogue, key.day, info)
    record = judged.judgements.by_parts.get(key.parts)
    return None if record is None else types.TargetAssessment(record, judged)


def _finding(catalogue: Catalogue, key: NodeKey, info: Info) -> types.Node | None:
    judged = judged_on(catalogue, key.day, info)
    record = judged.judgements.by_fingerprint.get(key.parts[0] or "") if len(key.parts) == 1 else None
    return None if record is None else types.Finding(record, judged)


_FINDERS: Mapping[str, _Find] = {
    "Portfolio": _portfolio,
    "Provider": _kept(types.Provider, lambda catalogue: catalogue.graph.providers),
    "Customer": _kept(types.Customer, lambda catalogue: catalogue.graph.customers),
    "Service": _kept(types.Service, lambda catalogue: catalogue.graph.services),
    "Agreement": _kept(types.Agreement, lambda catalogue: catalogue.graph.agreements),
    "Calendar": _kept(types.Calendar, lambda catalogue: catalogue.snapshot.calendars),
    "TargetAssessment": _target,
    "Finding": _finding,
}
