"""The root of all mutations."""

from typing import Annotated, Any, TypeAlias

import strawberry

from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.documents.formats import IMPORT_FORMATS
from olagraph.documents.reading import Kind
from olagraph.model.entities import Portfolio
from olagraph_api.changes import (
    Changed,
    Make,
    NotChanged,
    change,
    create,
    import_content,
    remove,
    restored,
    saved,
    with_incidents,
    with_target,
    without_target,
    write_back,
)
from olagraph_api.mutations.inputs import (
    KINDS,
    AgreementInput,
    CalendarInput,
    ChangeInput,
    CustomerInput,
    Entity,
    MetricInput,
    PortfolioInput,
    ProviderInput,
    ServiceInput,
    entities_of,
    incident_of,
    key_of,
    plain_of,
)
from olagraph_api.mutations.payloads import (
    ChangePayload,
    RemovePortfolioPayload,
    WriteAssessmentPayload,
    errors,
    payload,
)
from olagraph_api.schema.arguments import DEFAULT_PORTFOLIO, AsOf, PortfolioId
from olagraph_api.schema.fields import mutation
from olagraph_api.schema.info import Info
from olagraph_api.schema.scalars import QuantityText
from olagraph_api.schema.types import IncidentInput

Expected: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="The revision that was read: if the portfolio is at another one, nothing is written and the answer"
        " says who changed what. If it is left out, the change is made on whatever is there."
    ),
]
What: TypeAlias = Annotated[
    str | None, strawberry.argument(description="For the history; what is done if it is left out.")
]
Statistic: TypeAlias = Annotated[
    str | None,
    strawberry.argument(name="for", description="Of a time, its statistic: 95%, mean, or max for always."),
]
Priority: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The ticket priority, or the name of the cases: P1.")
]
OwnWindow: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Its own window, where it differs from the agreement's.")
]
MetricName: TypeAlias = Annotated[
    str, strawberry.argument(description="The metric, or its complement: availability, unavailability.")
]
AgreementId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The id of the agreement.")]
EntityId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]

_LONGEST_WHAT = 500


def _change(info: Info, portfolio: str, make: Make, expected: int | None, what: str) -> ChangePayload:
    context = info.context
    return payload(
        context, portfolio, lambda: change(context, portfolio, make, expected=expected, what=_what(what))
    )


def _saving(input_type: type[Entity], what_it_is: str) -> Any:
    """A mutation that adds or changes one entity."""
    argument = str(KINDS[input_type])

    def save(
        info: Info,
        stated: Any,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        return _save(info, portfolio, stated, argument, expected_revision, what)

    described = strawberry.argument(name=argument, description="What is left out stays, null removes it.")
    save.__annotations__["stated"] = Annotated[input_type, described]
    return mutation(f"Add {what_it_is}, or change one.")(save)


def _removing(kind: Kind) -> Any:
    """A mutation that removes one entity."""

    def remove_one(
        info: Info,
        id: EntityId,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        key = Key(str(kind), id)

        def make(before: Portfolio) -> Portfolio:
            return saved(before, {key: None}, arguments={key: ("id",)})

        return _change(info, portfolio, make, expected_revision, what or f"{key} removed")

    return mutation(f"Remove the {kind} of this id, if nothing refers to it.")(remove_one)


def _save(
    info: Info,
    portfolio: str,
    stated: Entity | PortfolioInput,
    argument: str,
    expected: int | None,
    what: str | None,
) -> ChangePayload:
    key = key_of(stated)

    def make(before: Portfolio) -> Portfolio:
        return saved(before, {key: plain_of(stated)}, arguments={key: (argument,)})

    return _change(info, portfolio, make, expected, what or f"{key} saved")


def _told_apart_by(for_: str | None, priority: str | None, window: str | None) -> dict[str, str]:
    stated = {"for": for_, "priority": priority, "window": window}
    return {key: text for key, text in stated.items() if text is not None}


def _what(text: str) -> str:
    return text if len(text) <= _LONGEST_WHAT else f"{text[: _LONGEST_WHAT - 1]}…"


@strawberry.type(
    description="All that changes portfolios. Each mutation is one change: whole, or not at all."
)
class Mutation:
    @mutation(
        description="Set the value of one target of an agreement, or add the target where there is none."
        " Where several targets answer to the metric, `for`, `priority` and `window` say which."
    )
    def set_target(
        self,
        info: Info,
        agreement: AgreementId,
        metric: MetricName,
        value: Annotated[QuantityText, strawberry.argument(description="With its unit: 99.5%, 2 s, 200/s.")],
        for_: Statistic = None,
        priority: Priority = None,
        window: OwnWindow = None,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        told = _told_apart_by(for_, priority, window)
        return _change(
            info,
            portfolio,
            lambda before: with_target(before, agreement, metric=metric, value=value, told_apart_by=told),
            expected_revision,
            what or f"{metric} of {agreement} set to {value}",
        )

    @mutation(description="Remove one target of an agreement.")
    def remove_target(
        self,
        info: Info,
        agreement: AgreementId,
        metric: MetricName,
        for_: Statistic = None,
        priority: Priority = None,
        window: OwnWindow = None,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        told = _told_apart_by(for_, priority, window)
        return _change(
            info,
            portfolio,
            lambda before: without_target(before, agreement, metric=metric, told_apart_by=told),
            expected_revision,
            what or f"{metric} of {agreement} removed",
        )

    save_provider = _saving(ProviderInput, "a provider")
    save_customer = _saving(CustomerInput, "a customer")
    save_service = _saving(ServiceInput, "a service")
    save_agreement = _saving(AgreementInput, "an agreement")
    save_calendar = _saving(CalendarInput, "a calendar")
    save_metric = _saving(MetricInput, "a metric of the portfolio's own")
    remove_provider = _removing(Kind.PROVIDER)
    remove_customer = _removing(Kind.CUSTOMER)
    remove_service = _removing(Kind.SERVICE)
    remove_agreement = _removing(Kind.AGREEMENT)
    remove_calendar = _removing(Kind.CALENDAR)
    remove_metric = _removing(Kind.METRIC)
    remove_incident = _removing(Kind.INCIDENT)

    @mutation(description="Add incidents: times in which services were not available.")
    def add_incidents(
        self,
        info: Info,
        incidents: Annotated[list[IncidentInput], strawberry.argument(description="The incidents.")],
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        def make(before: Portfolio) -> Portfolio:
            return with_incidents(before, [incident_of(each) for each in incidents])

        return _change(info, portfolio, make, expected_revision, what or "incidents added")

    @mutation(description="Change the name, the currency or the x- keys of a portfolio.")
    def save_portfolio(
        self,
        info: Info,
        fields: Annotated[PortfolioInput, strawberry.argument(description="What is left out stays.")],
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        return _save(info, portfolio, fields, "fields", expected_revision, what)

    @mutation(description="Change several entities as one change.")
    def apply_changes(
        self,
        info: Info,
        changes: Annotated[list[ChangeInput], strawberry.argument(description="Each entity once.")],
        expected_revision: Annotated[
            int,
            strawberry.argument(
                description="The revision that was read: if the portfolio is at another one, nothing is written."
            ),
        ],
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        what: What = None,
    ) -> ChangePayload:
        def make(before: Portfolio) -> Portfolio:
            return saved(
                before,
                entities_of(changes),
                arguments={each.key: ("changes", str(place), "entity") for place, each in enumerate(changes)},
                whole=True,
            )

        return _change(info, portfolio, make, expected_revision, what or f"{len(changes)} entities changed")

    @mutation(
        description="Bring a portfolio to what a portfolio file says, YAML or JSON, as one change. A portfolio that is"
        " not there yet is created. Files too large for a GraphQL request go to POST /import."
    )
    def import_document(
        self,
        info: Info,
        document: Annotated[str, strawberry.argument(description="The portfolio file.")],
        merge: Annotated[
            bool, strawberry.argument(description="What it does not name stays; else it is removed.")
        ] = False,
        dry_run: Annotated[
            bool, strawberry.argument(description="Tell what would change, and write nothing.")
        ] = False,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        def make() -> Changed:
            changed, _ = import_content(
                info.context,
                portfolio,
                document.encode("utf-8", "surrogatepass"),
                IMPORT_FORMATS[0],
                name="document",
                merge=merge,
                dry_run=dry_run,
                expected=expected_revision,
                what=_what(what or f"import of a document{' (merged)' if merge else ''}"),
            )
            return changed

        return payload(info.context, portfolio, make)

    @mutation(description="Bring a past revision back, as a change of its own.")
    def restore(
        self,
        info: Info,
        revision: Annotated[int, strawberry.argument(description="Which.")],
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        expected_revision: Expected = None,
        what: What = None,
    ) -> ChangePayload:
        return _change(
            info,
            portfolio,
            lambda _: restored(info.context.store, portfolio, revision),
            expected_revision,
            what or f"restoration of revision {revision}",
        )

    @mutation(description="Create a portfolio.")
    def create_portfolio(
        self,
        info: Info,
        portfolio: PortfolioId,
        fields: Annotated[PortfolioInput | None, strawberry.argument(description="Its own fields.")] = None,
        what: What = None,
    ) -> ChangePayload:
        stated = fields or PortfolioInput()

        def make(before: Portfolio) -> Portfolio:
            return saved(before, {HEADER_KEY: plain_of(stated)}, arguments={HEADER_KEY: ("fields",)})

        return payload(
            info.context,
            portfolio,
            lambda: create(
                info.context, portfolio, make, what=_what(what or f"portfolio {portfolio} created")
            ),
        )

    @mutation(description="Remove a portfolio with its history. Nobody can bring it back.")
    def remove_portfolio(
        self,
        info: Info,
        portfolio: PortfolioId,
        expected_revision: Annotated[
            int,
            strawberry.argument(description="The revision that was read; at another one it is not removed."),
        ],
    ) -> RemovePortfolioPayload:
        try:
            remove(info.context, portfolio, expected=expected_revision)
        except NotChanged as refused:
            return RemovePortfolioPayload(removed=False, user_errors=errors(info.context, refused))
        return RemovePortfolioPayload(removed=True, user_errors=[])

    @mutation(
        description="Write verdicts and findings beside the portfolio in the store, where other clients of the database"
        " can query them."
    )
    def write_assessment(
        self, info: Info, portfolio: PortfolioId = DEFAULT_PORTFOLIO, as_of: AsOf = None
    ) -> WriteAssessmentPayload:
        try:
            revision = write_back(info.context, portfolio, as_of or info.context.today())
        except NotChanged as refused:
            return WriteAssessmentPayload(revision=None, user_errors=errors(info.context, refused))
        return WriteAssessmentPayload(revision=revision, user_errors=[])
