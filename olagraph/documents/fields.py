"""The field table of the portfolio file: every key, what it holds and what it means.

It is the one list of names: the loader, the dumper and the JSON Schema are all driven by it, together with
the tables of targets, credits, exclusions, calendars and workflow expressions, which it refers to.
"""

from typing import Any

from olagraph.documents.calendars import CALENDAR
from olagraph.documents.codecs import Definitions, DistinctNames, ListOf, OneOrMore, Schema
from olagraph.documents.covers import CoverOf
from olagraph.documents.credits import CREDIT
from olagraph.documents.exclusions import EXCLUSION
from olagraph.documents.incidents import INCIDENT
from olagraph.documents.quantities import QuantityOf
from olagraph.documents.reading import Kind, Place, Reading, described
from olagraph.documents.records import Field, Record, Stated
from olagraph.documents.scalars import (
    Currency,
    Date,
    Flag,
    Hours,
    Identifier,
    OneOf,
    Refers,
    Text,
    Traits,
    Whole,
    WindowOfTime,
    scalar_value,
)
from olagraph.documents.supply_chains import SupplyChain
from olagraph.documents.targets import OWN_PART, TARGET, Targets
from olagraph.documents.tree import Node
from olagraph.documents.user_metrics import METRIC
from olagraph.documents.workflows import REQUIRES, WORKFLOW
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Claim,
    ClaimStart,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
)
from olagraph.model.quantity import Dimension

FORMAT_VERSION = 1

PROVIDER = Record(
    "provider",
    Provider,
    (
        Field(key="id", codec=Identifier(), required=True, description="Unique among providers."),
        Field(key="name", codec=Text(), description="For people."),
        Field(
            key="kind",
            codec=OneOf(ProviderKind, what="kind of provider"),
            required=True,
            description="internal (one of our own teams) or external (a supplier).",
        ),
        Field(
            key="parent", codec=Refers(Kind.PROVIDER), description="The owning provider (mergers, groups)."
        ),
        Field(key="region", codec=Text(), description="Where it works from."),
        Field(key="contact", codec=Text(), description="Whom to call."),
    ),
    description="Whoever delivers: an internal team or an external supplier.",
    kind=Kind.PROVIDER,
    extra=True,
)

CUSTOMER = Record(
    "customer",
    Customer,
    (
        Field(key="id", codec=Identifier(), required=True, description="Unique among customers."),
        Field(key="name", codec=Text(), description="For people."),
        Field(key="parent", codec=Refers(Kind.CUSTOMER), description="The customer that it is part of."),
        Field(key="contact", codec=Text(), description="Whom to call."),
    ),
    description="Whoever an SLA is promised to: a customer or a business unit.",
    kind=Kind.CUSTOMER,
    extra=True,
)

SERVICE = Record(
    "service",
    Service,
    (
        Field(key="id", codec=Identifier(), required=True, description="Unique among services."),
        Field(key="name", codec=Text(), description="For people."),
        Field(key="provider", codec=Refers(Kind.PROVIDER), required=True, description="Who delivers it."),
        Field(key="owner", codec=Text(), description="A person or team; not a provider's `parent`."),
        Field(key="criticality", codec=Whole(least=1, most=5), description="1 (most) to 5."),
        Field(
            key="tags",
            codec=DistinctNames(Text(), expected="a list of tags"),
            description="Agreements may cover services by tag.",
        ),
        Field(key="region", codec=Text(), description="Where it runs."),
        Field(key="zone", codec=Text(), description="Where in the region it runs."),
        Field(key="traits", codec=Traits(), description="What a target's `when` asks for, {zones: 2}."),
        Field(key="demand", codec=QuantityOf(Dimension.RATE), description="How often it is called, 180/s."),
        Field(key="workflow", codec=WORKFLOW, description="How it is delivered from other services."),
        Field(
            key="requires",
            codec=REQUIRES,
            description="Supporting services that must work too; a list means all.",
        ),
        Field(
            key="own",
            codec=Targets(OWN_PART, expected="a list of own parts"),
            description="The provider's own part in it.",
        ),
        Field(
            key="supply_chain",
            codec=SupplyChain(),
            description="Suppliers of its provider that no agreement of ours covers; they count in outages and in"
            " concentration, never in composition.",
        ),
    ),
    description="What one provider delivers.",
    kind=Kind.SERVICE,
    extra=True,
)

CLAIM = Record(
    "claim",
    Claim,
    (
        Field(
            key="within",
            codec=QuantityOf(Dimension.DURATION),
            required=True,
            description="How long a credit may be claimed, 30d.",
        ),
        Field(
            key="after",
            codec=OneOf(ClaimStart, what="start of a claim"),
            required=True,
            description="From when: incident, window, ticket_closed or invoice.",
        ),
    ),
    description="Within which time after what a credit must be claimed.",
)


class AgreementRecord(Record[Agreement]):
    """An agreement; it ends no earlier than it begins."""

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        begins, ends = stated.values.get("from"), stated.values.get("to")
        if begins is not None and ends is not None and ends < begins:
            raise reading.fault(
                *stated.at("to"), f"it ends on {ends}, before it begins", expected=f"{begins} or later"
            )
        return super().attributes(stated, reading)


AGREEMENT = AgreementRecord(
    "agreement",
    Agreement,
    (
        Field(key="id", codec=Identifier(), required=True, description="Unique among agreements."),
        Field(
            key="kind",
            codec=OneOf(AgreementKind, what="kind of agreement"),
            description="SLA (to a customer), OLA (internal to internal) or UC (external supplier to us).",
        ),
        Field(key="name", codec=Text(), description="For people."),
        Field(key="provider", codec=Refers(Kind.PROVIDER), required=True, description="Who promises."),
        Field(
            key="customer",
            attribute="customers",
            codec=OneOrMore(Refers(Kind.CUSTOMER, Kind.PROVIDER), expected="a list of customers"),
            description="Who is promised: one id or a list; absent = standard terms open to all.",
        ),
        Field(
            key="covers",
            codec=CoverOf(),
            description="A list of services, all, or {tags: [...]}; absent = a template for `inherits`.",
        ),
        Field(
            key="inherits",
            codec=Refers(Kind.AGREEMENT),
            description="The parent agreement; this one states what differs.",
        ),
        Field(
            key="status",
            codec=OneOf(AgreementStatus, what="status"),
            description="signed (default) or draft; drafts never back anything.",
        ),
        Field(
            key="from",
            attribute="from_",
            codec=Date(),
            description="The first day in force; absent = unbounded.",
        ),
        Field(key="to", codec=Date(), description="The last day in force; absent = unbounded."),
        Field(key="renews", codec=Flag(), description="It goes on after `to` unless somebody gives notice."),
        Field(key="review", codec=Date(), description="The day of the next review."),
        Field(key="notice", codec=QuantityOf(Dimension.DURATION), description="The period of notice, 90d."),
        Field(key="ref", codec=Text(), description="The clause; printed with every finding."),
        Field(key="link", codec=Text(), description="The document."),
        Field(key="hours", codec=Hours(), description="24x7 (default) or a calendar's id."),
        Field(
            key="window",
            codec=WindowOfTime(),
            description="day, week, month, quarter, year, 30d or rolling 28d; absent = the other side's.",
        ),
        Field(
            key="exclusions",
            codec=ListOf(EXCLUSION, expected="a list of exclusions"),
            description="Time that does not count.",
        ),
        Field(
            key="targets",
            codec=Targets(TARGET, expected="a list of targets"),
            description="What is promised.",
        ),
        Field(
            key="credits",
            codec=ListOf(CREDIT, expected="a list of credits"),
            description="Each on one metric.",
        ),
        Field(key="claim", codec=CLAIM, description="Within which time after what a credit must be claimed."),
    ),
    description="A promise between two parties about services.",
    kind=Kind.AGREEMENT,
    extra=True,
)


class Version:
    """The version of the format."""

    def read(self, node: Node, place: Place, reading: Reading) -> int:
        value = scalar_value(node, place, reading, expected=f"`olagraph: {FORMAT_VERSION}`")
        if value != FORMAT_VERSION or isinstance(value, bool):
            raise reading.fault(
                node,
                place,
                f"format version {described(node)}",
                expected=f"{FORMAT_VERSION}, the one this olagraph reads",
            )
        return FORMAT_VERSION

    def write(self, value: int) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {"const": FORMAT_VERSION}


class PortfolioRecord(Record[Portfolio]):
    """The whole document. It is read by `portfolios`, from several files together."""

    def stated(self, value: Portfolio) -> dict[str, Any]:
        version, *others = self.fields
        return {version.key: FORMAT_VERSION, **self.differing(value, tuple(others))}


PORTFOLIO = PortfolioRecord(
    "portfolio",
    Portfolio,
    (
        Field(key="olagraph", codec=Version(), required=True, description="The version of the format."),
        Field(key="name", codec=Text(), description="For people."),
        Field(key="currency", codec=Currency(), description="Of every fee and cost, EUR."),
        Field(
            key="calendars",
            codec=ListOf(CALENDAR, expected="a list of calendars"),
            description="Opening hours.",
        ),
        Field(
            key="providers",
            codec=ListOf(PROVIDER, expected="a list of providers"),
            description="Who delivers.",
        ),
        Field(
            key="customers",
            codec=ListOf(CUSTOMER, expected="a list of customers"),
            description="Who is promised.",
        ),
        Field(
            key="services",
            codec=ListOf(SERVICE, expected="a list of services"),
            description="What is delivered.",
        ),
        Field(
            key="agreements",
            codec=ListOf(AGREEMENT, expected="a list of agreements"),
            description="The promises.",
        ),
        Field(
            key="metrics",
            codec=ListOf(METRIC, expected="a list of metrics"),
            description="Metrics of your own; a file whose folder states them elsewhere says `metrics: []`.",
        ),
        Field(
            key="incidents",
            codec=ListOf(INCIDENT, expected="a list of incidents"),
            description="When services were not available: what outages find of budgets is less by them.",
        ),
    ),
    description="Who promises what to whom about which service.",
    extra=True,
)

HEADER = ("olagraph", "name", "currency")
"""Keys that every file of a folder may state, all alike."""

SECTIONS = (
    ("metrics", Kind.METRIC),
    ("calendars", Kind.CALENDAR),
    ("providers", Kind.PROVIDER),
    ("customers", Kind.CUSTOMER),
    ("services", Kind.SERVICE),
    ("agreements", Kind.AGREEMENT),
    ("incidents", Kind.INCIDENT),
)
"""The lists of a portfolio in the order in which they are read: metrics first, since targets name them."""
