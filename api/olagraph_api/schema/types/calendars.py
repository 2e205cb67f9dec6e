"""Calendars: opening hours in a time zone with holidays."""

from datetime import date

import strawberry

from olagraph.model import entities
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.ordering import BY_ID
from olagraph_api.schema.paging import Ordered, Page, Paging
from olagraph_api.schema.scalars import Json
from olagraph_api.schema.types.nodes import Node


@shows_record(description="One open range of one weekday.")
class OpeningHours:
    record: strawberry.Private[entities.OpeningHours]

    weekday: int = stated("0 = Monday to 6 = Sunday.")
    opens: int = stated("Minutes after midnight.")
    closes: int = stated("Minutes after the same midnight; past 1440 it runs into the next day.")


@shows_record(description="Opening hours in a time zone with holidays.")
class Calendar(Node):
    record: strawberry.Private[entities.Calendar]
    catalogue: strawberry.Private[Catalogue]

    id: strawberry.ID = stated("The id in the portfolio file.")
    name: str | None = stated("For people.")
    timezone: str = stated("An IANA name: Europe/London.")
    holiday_codes: list[str] = stated("Public-holiday codes: GB-ENG.")
    holidays: list[date] = stated("Single closed days.")

    def node_key(self) -> NodeKey:
        return NodeKey("Calendar", self.catalogue.id, (self.record.id,))

    @field("Open ranges, by weekday and opening.")
    def hours(self) -> list[OpeningHours]:
        return [OpeningHours(each) for each in self.record.hours]

    @field("Its `x-` keys: kept and exported, never interpreted.")
    def extra(self) -> Json:
        return Json(dict(self.record.extra))


def all_calendars(catalogue: Catalogue, paging: Paging) -> Connection[Calendar]:
    """A page of all calendars."""
    return Connection(
        page=Page(Ordered.of(catalogue.portfolio.calendars, BY_ID), paging),
        shown=lambda record: Calendar(record, catalogue),
    )
