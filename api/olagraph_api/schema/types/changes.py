"""The history of a portfolio: who changed what, when."""

from dataclasses import dataclass
from datetime import datetime

import strawberry

from olagraph.documents.changes import Edit as EditRecord
from olagraph.documents.entities import HEADER_KEY
from olagraph.reports.changes.fields import Difference, differences
from olagraph.stores import Change as ChangeRecord
from olagraph.stores import Store
from olagraph_api.schema.arguments import After, Before, First, Last
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import Action
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.info import Info
from olagraph_api.schema.paging import Order, Ordered, Page, Paging, Part, page_size
from olagraph_api.schema.scalars import Json


@shows_record(description="One field that differs.")
class FieldChange:
    record: strawberry.Private[Difference]

    field: str = stated("Where in the entity: targets[0].availability.", attribute="path")
    before: str | None = stated("The value before, as YAML on one line; null: not stated.")
    after: str | None = stated("The value after, as YAML on one line; null: not stated.")


@shows_record(description="What becomes of one entity in a change.")
class Edit:
    record: strawberry.Private[EditRecord]
    portfolio: strawberry.Private[str]

    action: Action = stated("Whether it is new, changed or gone.")
    kind: str = stated(
        "provider, customer, service, agreement, calendar, metric, incident, or portfolio: its name, currency and"
        " x- keys.",
        attribute="key.kind",
    )
    before: Json | None = stated("The entity before, in the shape of the portfolio file; null: it is new.")
    after: Json | None = stated("The entity after, in the shape of the portfolio file; null: it is gone.")

    @field("The id of the entity, or of the portfolio.")
    def id(self) -> strawberry.ID:
        key = self.record.key
        return strawberry.ID(self.portfolio if key == HEADER_KEY else key.id)

    @field("Of an entity that is changed: what differs, field by field.")
    def fields(self) -> list[FieldChange]:
        record = self.record
        if record.action is not Action.CHANGED:
            return []
        return [FieldChange(each) for each in differences(record.before, record.after)]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An edit with its place in its change, which never changes."""

    place: int
    edit: EditRecord


_BY_PLACE: Order[_Numbered] = Order("PLACE", lambda numbered: (numbered.place,))


@shows_record(description="Everything that one writer wrote at once.")
class Change:
    record: strawberry.Private[ChangeRecord]
    portfolio: strawberry.Private[str]

    revision: int = stated("The revision of the portfolio after it.")
    at: datetime = stated("When.")
    by: str = stated("Who.")
    what: str = stated("What, in words.")

    @field("What becomes of each entity.", heavy=True)
    def edits(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Edit]:
        revision, portfolio = self.record.revision, self.portfolio
        logged = info.context.store.changes(portfolio, since=revision - 1, until=revision)
        edits = [_Numbered(place, edit) for each in logged for place, edit in enumerate(each.edits)]
        paging = Paging(first=first, after=after, last=last, before=before)
        return Connection(
            page=Page(Ordered.of(edits, _BY_PLACE), paging),
            shown=lambda numbered: Edit(numbered.edit, portfolio),
        )


_LATEST_FIRST: Order[ChangeRecord] = Order("REVISION", lambda change: (change.revision,), descending=True)


class _LogPage(Page[ChangeRecord]):
    """A page of a change log, which is read down to the end of the page and no further."""

    def __init__(self, store: Store, portfolio: str, paging: Paging) -> None:
        self._log = store, portfolio
        after = None if paging.after is None else _LATEST_FIRST.key_of(paging.after)[0]
        changes = _latest(store, portfolio, page_size(paging.first) + 1, before=after)
        super().__init__(Ordered.of(changes, _LATEST_FIRST), paging)

    @property
    def total(self) -> int:
        """How many changes there are."""
        store, portfolio = self._log
        return len(store.history(portfolio))


def _latest(store: Store, portfolio: str, wanted: int, *, before: Part) -> tuple[ChangeRecord, ...]:
    """At least so many of the changes before a revision, if there are so many, and all that are not before it."""
    known = store.revision(portfolio)
    while True:
        # Revisions are numbered without gaps.
        newer = known - max(before, 1) + 1 if isinstance(before, int) else 0
        changes = store.history(portfolio, limit=max(newer, 0) + wanted)
        if not changes or changes[0].revision <= known:
            return changes
        known = changes[0].revision  # somebody else was quicker


def history(store: Store, portfolio: str, paging: Paging) -> Connection[Change]:
    """A page of the changes of a portfolio, the latest first."""
    return Connection(
        page=_LogPage(store, portfolio, paging),
        shown=lambda record: Change(record, portfolio),
    )
