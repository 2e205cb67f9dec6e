"""The entities of a portfolio out of the graph, by a few queries: one a label or type of relationship."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from neo4j import ManagedTransaction, Result

from olagraph.documents.entities import Key
from olagraph.stores.changes import Stored
from olagraph.stores.neo4j.cypher import columns
from olagraph.stores.neo4j.entity_rows import Around, plain_entity
from olagraph.stores.neo4j.rows import NodeKey, Properties
from olagraph.stores.neo4j.schema import (
    AGREEMENT,
    ENTITY_TYPES,
    SERVICE,
    STEP,
    TARGET,
    TOLD,
    USE_PROPERTIES,
    EntityType,
    Reference,
)
from olagraph.stores.neo4j.trees import Use

CHUNK = 5_000
"""Rows that travel together."""

Columns: TypeAlias = Sequence[list[Any]]
"""Rows as one list for each expression."""


class Damage(NamedTuple):
    """Of an entity that could not be put together: why."""

    reason: str


def read_entities(
    transaction: ManagedTransaction, portfolio: str, *, ids: Mapping[str, Sequence[str]] | None = None
) -> dict[Key, Stored | Damage]:
    """Every entity as it lies in the graph, but the header.

    An entity that somebody changes while the queries run may come out torn, and so as damage.

    Args:
        ids: by kind, the only ones wanted.
    """
    kinds = {
        kind: _questions(kind, few=ids is not None)
        for kind in ENTITY_TYPES
        if ids is None or kind.kind in ids
    }
    asked = (
        (question, {"portfolio": portfolio, "chunk": CHUNK, "ids": None if ids is None else ids[kind.kind]})
        for kind, questions in kinds.items()
        for question in questions.values()
    )
    answers = _answers(transaction, asked)
    found: dict[Key, Stored | Damage] = {}
    for kind, questions in kinds.items():
        found.update(_entities(kind, {name: next(answers) for name in questions}))
    return found


class _Question(NamedTuple):
    """A query, and what is made of its answer.

    Attributes:
        made: of the columns, which come in chunks.
    """

    pattern: str
    expressions: Sequence[str]
    made: Callable[[Iterable[Columns]], Any]


def _answers(
    transaction: ManagedTransaction, asked: Iterable[tuple[_Question, dict[str, Any]]]
) -> Iterator[Any]:
    """What is made of the answers, in turn; meanwhile the server works on the next one."""
    waiting: list[tuple[_Question, Result]] = []
    for question, parameters in asked:
        text = columns(question.pattern, question.expressions)
        waiting.append((question, transaction.run(text, parameters)))
        if len(waiting) > 1:
            yield _made(*waiting.pop(0))
    for last in waiting:
        yield _made(*last)


def _made(question: _Question, result: Result) -> Any:
    return question.made(record.values() for record in result)


def _questions(kind: EntityType, *, few: bool) -> dict[str, _Question]:
    """What must be asked about the entities of a kind, by names of which `_entities` makes use.

    Args:
        few: only those that `$ids` names are wanted.
    """
    nodes = f"MATCH (n:{kind.label} {{portfolio: $portfolio}}){' WHERE n.id IN $ids' if few else ''}"
    told = ["id", *sorted(TOLD[kind.label])]
    asked = {
        "nodes": _Question(
            nodes,
            _each("n", told),
            lambda answer: [node for chunk in answer for node in _told(told, chunk)],
        )
    }
    for reference in kind.references:
        asked[reference.type] = _Question(
            f"{nodes} MATCH (n){_arrow(reference)}(other:{reference.label})",
            ["n.id", "other.id"],
            lambda answer: dict(_rows(answer)),
        )
    for _, type_ in kind.trees:
        asked[type_] = _Question(f"{nodes} MATCH (n)-[r:{type_}]->(used)", ["n.id", *_USED], _roots)
    if kind.trees:
        below = f"{nodes} MATCH (n)-[:WORKFLOW|REQUIRES]->(:Step)-[:STEP*0..]->(step:Step)"
        # All steps are found at once, those of a few services from the services.
        steps = below if few else "MATCH (step:Step {portfolio: $portfolio})"
        asked["steps"] = _Question(steps, ["step.id", *_each("step", _OF_STEPS)], _steps)
        asked["below"] = _Question(
            f"{steps} MATCH (step)-[r:STEP]->(used)", ["step.id", _PLACE, *_USED], _below
        )
    if kind.label == AGREEMENT:
        covers = f"{nodes} MATCH (n)-[r:COVERS]->(s:Service) WHERE r.position IS NOT NULL"
        asked["covered"] = _Question(
            covers, ["n.id", _PLACE, "s.id"], lambda answer: _in_order(_rows(answer))
        )
        has = f"{nodes} MATCH (n)-[r:HAS_TARGET]->(t:Target)"
        asked["targets"] = _Question(has, ["n.id", _PLACE, *_each("t", _OF_TARGETS)], _targets)
    if kind.label == SERVICE:
        supplied = f"{nodes} MATCH (n)-[r:SUPPLIED_BY]->(p:Provider)"
        asked["suppliers"] = _Question(supplied, ["n.id", _PLACE, "p.id", "r.rank"], _suppliers)
    return asked


def _arrow(reference: Reference) -> str:
    return f"-[:{reference.type}]->" if reference.outgoing else f"<-[:{reference.type}]-"


def _each(of: str, keys: Iterable[str]) -> list[str]:
    return [f"{of}.`{key}`" for key in keys]


_OF_STEPS, _OF_TARGETS = sorted(TOLD[STEP]), sorted(TOLD[TARGET])
_OF_USES = tuple(each.key for each in USE_PROPERTIES)
_USED = ("used:Step", "used.id", *_each("r", _OF_USES))
_PLACE = "coalesce(toIntegerOrNull(r.position), -1)"  # whatever somebody put there, so that it can be sorted
_NOTHING = (None,) * len(_OF_USES)


def _entities(kind: EntityType, told: Mapping[str, Any]) -> Iterator[tuple[Key, Stored | Damage]]:
    """The entities of a kind, out of what was made of the answers."""
    around = Around(
        references={each.key: told[each.type] for each in kind.references},
        roots={tree: told[type_] for tree, type_ in kind.trees},
        **{name: told.get(name, {}) for name in ("steps", "below", "covered", "targets", "suppliers")},
    )
    for node in told["nodes"]:
        key = Key(kind.kind, node["id"])
        try:
            yield key, Stored(node["position"], plain_entity(key, node, around))
        except (LookupError, TypeError, ValueError, RecursionError) as error:
            yield key, Damage(f"{type(error).__name__}: {error}")


def _rows(answer: Iterable[Columns]) -> Iterator[tuple[Any, ...]]:
    for chunk in answer:
        yield from zip(*chunk, strict=True)


def _told(keys: Sequence[str], told: Columns) -> list[Properties]:
    """What nodes tell. Columns: what lies under each key, or None."""
    nodes: list[Properties] = [{} for _ in told[0]]
    for key, column in zip(keys, told, strict=True):
        if column.count(None) < len(column):
            for node, value in zip(nodes, column, strict=True):
                if value is not None:
                    node[key] = value
    return nodes


def _steps(answer: Iterable[Columns]) -> dict[str, Properties]:
    """What steps tell, by id."""
    return {id_: told for ids, *rest in answer for id_, told in zip(ids, _told(_OF_STEPS, rest), strict=True)}


def _targets(answer: Iterable[Columns]) -> dict[str, list[Properties]]:
    """What the targets of each agreement tell."""
    return _in_order(
        row
        for owners, positions, *rest in answer
        for row in zip(owners, positions, _told(_OF_TARGETS, rest), strict=True)
    )


def _roots(answer: Iterable[Columns]) -> dict[str, Use]:
    """The uses that are the roots of trees, by service."""
    leaves = _Leaves()
    return {owner: _use(leaves, *row) for owner, *row in _rows(answer)}


def _below(answer: Iterable[Columns]) -> dict[str, list[Use]]:
    """The uses in each step."""
    leaves = _Leaves()
    return _in_order((owner, position, _use(leaves, *row)) for owner, position, *row in _rows(answer))


class _Leaves(dict[str, Use]):
    """Uses of services of which nothing is said, as of most, by the service's id."""

    def __missing__(self, id_: str) -> Use:
        use = self[id_] = Use(NodeKey(SERVICE, id_), {})
        return use


def _use(leaves: _Leaves, is_step: bool, id_: str, *said: Any) -> Use:
    if said == _NOTHING and not is_step:
        return leaves[id_]
    told = {key: value for key, value in zip(_OF_USES, said, strict=True) if value is not None}
    return Use(NodeKey(STEP if is_step else SERVICE, id_), told)


def _suppliers(answer: Iterable[Columns]) -> dict[str, list[tuple[str, int]]]:
    """The suppliers of each service, with their ranks."""
    return _in_order((owner, position, (id_, rank)) for owner, position, id_, rank in _rows(answer))


def _in_order(rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """What belongs to each owner, by position. Rows: owner, position, what."""
    found: dict[str, list[Any]] = defaultdict(list)
    for owner, _, each in sorted(rows, key=_position):
        found[owner].append(each)
    return dict(found)


_position = itemgetter(1)
