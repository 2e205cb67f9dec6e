"""The graph in Neo4j as data: labels, relationships, and how each key of an entity lies in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from olagraph.documents.plain import decode, encode

VERSION = 2
"""Of the schema; the marker node tells which one a database has."""

MARKER, PORTFOLIO, CHANGE, FINDING, REMOVED = (
    "OlagraphStore",
    "Portfolio",
    "Change",
    "Finding",
    "RemovedPortfolio",
)
PROVIDER, CUSTOMER, SERVICE, AGREEMENT = "Provider", "Customer", "Service", "Agreement"
INCIDENT, TARGET, STEP = "Incident", "Target", "Step"

KIND_LABELS = ("SLA", "OLA", "UC")
"""Second labels of agreements, by their kind."""

KIND_STATED = "kind_stated"
"""False where the kind of an agreement is the one that follows from its parties; else not there."""

EXTRA = "extra"
"""The property with an entity's `x-` keys, as JSON: their order is kept."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a plain value lies in a property: the two directions."""

    stored: Callable[[Any], Any]
    plain: Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return value


def _exact(text: str) -> str | Decimal:
    # What has a unit does not end in a digit (95%, 2 s, mean); what is a plain number does.
    return Decimal(text) if text[-1:].isdigit() else text


AS_IS = Form(_as_is, _as_is)
"""Text, whole numbers, yes or no, lists of text."""

EXACT = Form(str, _exact)
"""A quantity as it was written: text with a unit, or a plain number, of which a double would lose digits."""

JSON = Form(encode, decode)
"""What nobody would match on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A key of an entity that lies in a property of the same name.

    Attributes:
        default: what an entity means that does not state the key; the property tells it, so that queries find it.
    """

    key: str
    form: Form = AS_IS
    default: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A key with the id of another entity: a relationship.

    Attributes:
        label: of the other entity.
        outgoing: whether the relationship points to it.
    """

    key: str
    type: str
    label: str
    outgoing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType:
    """How the entities of a kind lie in the graph.

    Attributes:
        trees: keys with a workflow expression, and the types of the relationships to its root.
    """

    kind: str
    label: str
    properties: tuple[Property, ...]
    references: tuple[Reference, ...] = ()
    trees: tuple[tuple[str, str], ...] = ()


def _texts(*keys: str) -> tuple[Property, ...]:
    return tuple(Property(key=key) for key in keys)


# (:Portfolio {portfolio, name, currency, revision, applied, next_position, assessed, as_of})
HEADER_TYPE = EntityType(kind="portfolio", label=PORTFOLIO, properties=_texts("name", "currency"))

ENTITY_TYPES = (
    # (:Metric {id, unit, better, family})
    EntityType(
        kind="metric",
        label="Metric",
        properties=(
            *_texts("unit", "better", "family", "complement", "source"),
            Property(key="ticket", default=False),
        ),
    ),
    # (:Calendar {id, timezone, hours})
    EntityType(
        kind="calendar",
        label="Calendar",
        properties=(
            *_texts("name", "timezone"),
            Property(key="hours", form=JSON),
            Property(key="holidays", form=JSON),
        ),
    ),
    # (:Provider)-[:PART_OF]->(:Provider)
    EntityType(
        kind="provider",
        label=PROVIDER,
        properties=_texts("name", "kind", "region", "contact"),
        references=(Reference(key="parent", type="PART_OF", label=PROVIDER, outgoing=True),),
    ),
    # (:Customer)-[:PART_OF]->(:Customer)
    EntityType(
        kind="customer",
        label=CUSTOMER,
        properties=_texts("name", "contact"),
        references=(Reference(key="parent", type="PART_OF", label=CUSTOMER, outgoing=True),),
    ),
    # (:Provider)-[:PROVIDES]->(:Service)-[:WORKFLOW|REQUIRES]->(:Step|:Service),
    # (:Service)-[:SUPPLIED_BY {rank, position}]->(:Provider)
    EntityType(
        kind="service",
        label=SERVICE,
        properties=(
            *_texts("name", "owner", "criticality", "tags", "region", "zone", "demand"),
            Property(key="traits", form=JSON),
            Property(key="own", form=JSON),
        ),
        references=(Reference(key="provider", type="PROVIDES", label=PROVIDER, outgoing=False),),
        trees=(("workflow", "WORKFLOW"), ("requires", "REQUIRES")),
    ),
    # (:Provider)-[:COMMITS_TO]->(:Agreement)-[:HAS_TARGET]->(:Target), (:Agreement)-[:COVERS]->(:Service)
    EntityType(
        kind="agreement",
        label=AGREEMENT,
        properties=(
            *_texts("kind", "name"),
            Property(key="status", default="signed"),
            *_texts("from", "to", "review", "notice", "ref", "link", "hours", "window"),
            Property(key="renews", default=False),
            Property(key="exclusions", form=JSON),
            Property(key="credits", form=JSON),
            Property(key="claim", form=JSON),
        ),
        references=(
            Reference(key="provider", type="COMMITS_TO", label=PROVIDER, outgoing=False),
            Reference(key="inherits", type="INHERITS", label=AGREEMENT, outgoing=True),
        ),
    ),
    # (:Incident {id, service, from, to, share})-[:HIT]->(:Service)
    EntityType(
        kind="incident",
        label=INCIDENT,
        properties=_texts("service", "from", "to"),
        references=(Reference(key="service", type="HIT", label=SERVICE, outgoing=True),),
    ),
)

TYPE_OF = {each.kind: each for each in (HEADER_TYPE, *ENTITY_TYPES)}
"""The types by kind."""

TARGET_PROPERTIES = (
    Property(key="clock"),
    Property(key="strength", default="commitment"),
    Property(key="assume", form=EXACT),
    Property(key="averaged_over"),
    Property(key="window"),
    Property(key="hours"),
    Property(key="measured_at"),
    Property(key="when", form=JSON),
    Property(key="exclusions", form=JSON),
)
"""Of a target, besides its metric, value, `for` and priority."""

PATTERN_PROPERTIES = (
    Property(key="k"),
    Property(key="max"),
    Property(key="probability", form=EXACT),
    Property(key="common_cause", form=EXACT),
    Property(key="load_shared"),
)
"""Of a pattern in a workflow expression: `:Step` nodes."""

USE_PROPERTIES = (
    Property(key="timeout", form=EXACT),
    Property(key="optional"),
    Property(key="cached_for", form=EXACT),
    Property(key="probability", form=EXACT),
)
"""Of the use of a step in a workflow expression: the relationship to it."""

IDENTIFIED = (*(each.label for each in ENTITY_TYPES), TARGET, STEP, FINDING)
"""Labels of nodes that `portfolio` and `id` identify."""

_OTHERS = {
    AGREEMENT: (KIND_STATED, "customer", "covers", "covered_tags"),
    INCIDENT: ("share", "stated_share"),
}

TOLD: Mapping[str, frozenset[str]] = {
    **{
        each.label: frozenset(
            {"position", EXTRA, *(one.key for one in each.properties), *_OTHERS.get(each.label, ())}
        )
        for each in ENTITY_TYPES
    },
    TARGET: frozenset(
        {"metric", "value", "unit", "for", "stated", "stated_for", "priority", "priority_share", EXTRA}
        | {each.key for each in TARGET_PROPERTIES}
    ),
    STEP: frozenset({"pattern", *(each.key for each in PATTERN_PROPERTIES)}),
}
"""What nodes tell of entities and their parts beside `portfolio` and `id`, by label."""

RELATIONSHIP_TYPES = (
    *dict.fromkeys(reference.type for each in ENTITY_TYPES for reference in each.references),
    *(type_ for each in ENTITY_TYPES for _, type_ in each.trees),
    "STEP",
    "DEPENDS_ON",
    "SUPPLIED_BY",
    "HAS_TARGET",
    "COVERS",
    "PROMISED_TO",
)
"""Of the relationships between entities and their parts."""

DISTINGUISHED_BY = {"DEPENDS_ON": "via"}
"""Relationships of which two nodes may have several, and the property that tells them apart."""


def constraints() -> dict[str, str]:
    """The uniqueness constraints, by name: the statements that make them where they lack."""
    keys: dict[str, tuple[str, ...]] = dict.fromkeys(IDENTIFIED, ("portfolio", "id"))
    keys |= {CHANGE: ("portfolio", "revision"), PORTFOLIO: ("portfolio",), REMOVED: ("portfolio",)}
    keys |= {MARKER: ("store",)}
    return {
        (name := f"olagraph_{label.lower()}"): f"CREATE CONSTRAINT {name} IF NOT EXISTS "
        f"FOR (n:{label}) REQUIRE ({', '.join(f'n.{key}' for key in of)}) IS UNIQUE"
        for label, of in keys.items()
    }
