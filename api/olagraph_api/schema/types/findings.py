"""Findings: what a service manager should know or change."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Annotated

import strawberry

from olagraph.analysis import results
from olagraph.analysis.results import SubjectType
from olagraph.reports.codes import finding_code
from olagraph.reports.order import finding_place
from olagraph_api.schema import types
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import Direction, Severity, described
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.judged import Judged
from olagraph_api.schema.judgements import services_of
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.ordering import Condition, Orders, any_of, every, found_in, one_of
from olagraph_api.schema.paging import Ordered, Page, Paging, page_size
from olagraph_api.schema.scalars import Json
from olagraph_api.schema.types.nodes import Node
from olagraph_api.schema.types.references import AnAgreement, APortfolio, AProvider, AService


class FindingOrderField(Enum):
    SEVERITY = "severity"
    CODE = "code"
    SUBJECT = "subject"


described(
    FindingOrderField,
    "What findings can be ordered by.",
    {
        FindingOrderField.SEVERITY: "The severity, errors first.",
        FindingOrderField.CODE: "The code.",
        FindingOrderField.SUBJECT: "The id of what they are about.",
    },
)

ORDERS: Orders[FindingOrderField, results.Finding] = Orders(
    {
        FindingOrderField.SEVERITY: lambda finding: (finding.severity.rank, *finding_place(finding)),
        FindingOrderField.CODE: lambda finding: (
            finding.code,
            finding.severity.rank,
            *finding_place(finding),
        ),
        FindingOrderField.SUBJECT: lambda finding: (
            finding.subject,
            finding.severity.rank,
            *finding_place(finding),
        ),
    }
)
ERRORS_FIRST = ORDERS.asked(None)
"""The order of findings that says no other."""


@strawberry.input(description="How findings are ordered.")
class FindingOrder:
    field: FindingOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.input(
    description="Which findings: all that is stated must hold, and of a list one of its items must."
)
class FindingFilter:
    severity: list[Severity] | None = strawberry.field(default=None, description="How bad they are.")
    code: list[str] | None = strawberry.field(default=None, description="Codes: TARGET_UNSUPPORTED.")
    agreement: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the agreements that they are about."
    )
    service: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the services that they are about or speak of."
    )
    provider: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Ids of providers: findings about them, about services that they deliver, or about agreements that"
        " they make.",
    )
    metric: list[str] | None = strawberry.field(default=None, description="Ids of the metrics.")
    search: str | None = strawberry.field(
        default=None,
        description="A part of the code, its title, the message, or an id that it is about or speaks of, in any case.",
    )

    def among(self, judged: Judged) -> Iterable[results.Finding] | None:
        """The findings that it may leave, if they are few and known; else None."""
        if self.agreement is None:
            return None
        found = judged.judgements.findings_of_agreement
        return [finding for id in dict.fromkeys(self.agreement) for finding in found.get(id, ())]

    def condition(self, judged: Judged) -> Condition[results.Finding] | None:
        """What must hold of a finding."""
        catalogue = judged.catalogue
        return every(
            one_of(self.severity, lambda finding: finding.severity),
            one_of(self.code, lambda finding: finding.code),
            one_of(self.agreement, _agreement_of),
            any_of(self.service, services_of),
            any_of(self.provider, lambda finding: _providers_of(catalogue, finding)),
            one_of(self.metric, lambda finding: finding.metric),
            found_in(self.search, lambda finding: judged.judgements.finding_texts[finding.fingerprint]),
        )


def _agreement_of(finding: results.Finding) -> str | None:
    return finding.subject if finding.subject_type is SubjectType.AGREEMENT else None


def _providers_of(catalogue: Catalogue, finding: results.Finding) -> Iterable[str]:
    graph = catalogue.graph
    match finding.subject_type:
        case SubjectType.PROVIDER:
            return (finding.subject,)
        case SubjectType.AGREEMENT:
            return (graph.agreements[finding.subject].provider,)
        case SubjectType.SERVICE:
            return (graph.services[finding.subject].provider,)
        case SubjectType.PORTFOLIO:
            return ()


Subject = Annotated[
    AnAgreement | AService | AProvider | APortfolio,
    strawberry.union("Subject", description="What a finding is about."),
]


@shows_record(
    description="A business fault: something a service manager should know or change. Never an invalid input."
)
class Finding(Node):
    record: strawberry.Private[results.Finding]
    judged: strawberry.Private[Judged]

    code: str = stated("What kind of finding it is; a code keeps its meaning.")
    severity: Severity = stated("How bad it is.")
    message: str = stated("One sentence for people, with the clause.")
    fix: str | None = stated("What to do, where something can be done.")
    fingerprint: str = stated("Its identity from run to run: no numbers go into it.")
    metric: str | None = stated("The id of the metric, where it speaks of one.")

    def node_key(self) -> NodeKey:
        judged = self.judged
        return NodeKey("Finding", judged.catalogue.id, (self.record.fingerprint,), judged.asked)

    @field("What its code is called: a few words, for a heading.")
    def title(self) -> str:
        return finding_code(self.record.code).title

    @field("What it is about: the assessed agreement, where there is one.")
    def subject(self) -> Subject:
        catalogue, id = self.judged.catalogue, self.record.subject
        match self.record.subject_type:
            case SubjectType.AGREEMENT:
                return types.agreement(catalogue, id)
            case SubjectType.SERVICE:
                return types.service(catalogue, id)
            case SubjectType.PROVIDER:
                return types.provider(catalogue, id)
            case SubjectType.PORTFOLIO:
                return types.portfolio_of(self.judged)

    @field("The service where it applies, where it speaks of one.")
    def service(self) -> AService | None:
        service = self.record.service
        return None if service is None else types.service(self.judged.catalogue, service)

    @field(
        "What it rests on: path, agreements, clauses, numbers, conversions and thresholds. `more` says of"
        " each list that was cut how many of its items are left out."
    )
    def evidence(
        self,
        first: Annotated[
            int | None,
            strawberry.argument(
                description="How many items of each list; 100 if it is not said, 1,000 at most."
            ),
        ] = None,
    ) -> Json:
        return Json(_cut(self.record.evidence, page_size(first)))


def _cut(evidence: Mapping[str, object], most: int) -> dict[str, object]:
    """Evidence with its lists cut, and how much of them is left out."""
    shown: dict[str, object] = {}
    more: dict[str, int] = {}
    for key, value in evidence.items():
        if isinstance(value, list | tuple | set | frozenset) and len(value) > most:
            more[key] = len(value) - most
            value = (sorted(value, key=str) if isinstance(value, set | frozenset) else list(value))[:most]
        shown[key] = value
    return {**shown, "more": more} if more else shown


def finding_page(
    judged: Judged,
    ordered: Ordered[results.Finding],
    paging: Paging,
    condition: Condition[results.Finding] | None = None,
) -> Connection[Finding]:
    """A page of a list of findings."""
    return Connection(page=Page(ordered, paging, condition), shown=lambda record: Finding(record, judged))


def all_findings(
    judged: Judged, paging: Paging, filter: FindingFilter | None, order: FindingOrder | None
) -> Connection[Finding]:
    """A page of all findings that a filter leaves."""
    wanted = ORDERS.asked(order)
    among = filter.among(judged) if filter else None
    ordered = judged.judgements.findings(wanted) if among is None else Ordered.of(among, wanted)
    condition = filter.condition(judged) if filter else None
    return finding_page(judged, ordered, paging, condition)
