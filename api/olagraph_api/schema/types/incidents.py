"""Incidents: times in which a service was not available."""

from datetime import datetime
from decimal import Decimal

import strawberry

from olagraph.analysis.names import UnknownName
from olagraph.model import entities
from olagraph_api.schema import types
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.ordering import Condition, every, one_of
from olagraph_api.schema.paging import Key, Order, Ordered, Page, Paging
from olagraph_api.schema.types.references import AService


def _earliest_first(incident: entities.Incident) -> Key:
    return (incident.from_.timestamp(), incident.service, incident.to.timestamp(), incident.id)


EARLIEST_FIRST: Order[entities.Incident] = Order("FROM", _earliest_first)
"""The order of incidents."""


@strawberry.input(
    description="Which incidents: all that is stated must hold, and of a list one of its items must."
)
class IncidentFilter:
    service: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the services that were not available."
    )
    from_: datetime | None = strawberry.field(
        name="from", default=None, description="Only those that ended after this instant."
    )
    to: datetime | None = strawberry.field(
        default=None, description="Only those that began before this instant."
    )

    def condition(self) -> Condition[entities.Incident] | None:
        """What must hold of an incident."""
        begin, end = self.from_, self.to
        return every(
            one_of(self.service, lambda incident: incident.service),
            None if begin is None else lambda incident: incident.to > begin,
            None if end is None else lambda incident: incident.from_ < end,
        )


@shows_record(description="A time in which a service was not available, or a share of it was not.")
class Incident:
    record: strawberry.Private[entities.Incident]
    catalogue: strawberry.Private[Catalogue]

    id: strawberry.ID = stated("The id in the portfolio file: of its ticket, or of its service and start.")
    from_: datetime = stated("When it began.", name="from")
    to: datetime = stated("When it ended.")
    share: Decimal = stated("The share of the service that was not available, above 0 and at most 1.")

    @field("The service.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)


def incident_page(
    catalogue: Catalogue,
    ordered: Ordered[entities.Incident],
    paging: Paging,
    condition: Condition[entities.Incident] | None = None,
) -> Connection[Incident]:
    """A page of a list of incidents."""
    return Connection(
        page=Page(ordered, paging, condition),
        shown=lambda record: Incident(record, catalogue),
    )


def all_incidents(
    catalogue: Catalogue, paging: Paging, filter: IncidentFilter | None
) -> Connection[Incident]:
    """A page of all incidents that a filter leaves, the earliest first."""
    condition = filter.condition() if filter else None
    return incident_page(catalogue, catalogue.incidents(EARLIEST_FIRST), paging, condition)


@strawberry.input(description="A time in which a service was not available, or a share of it was not.")
class IncidentInput:
    service: strawberry.ID = strawberry.field(description="The id of the service.")
    from_: datetime = strawberry.field(name="from", description="When it began.")
    to: datetime = strawberry.field(description="When it ended.")
    share: Decimal | None = strawberry.field(
        default=None,
        description="The share of the service that was not available; all of it if it is not said.",
    )

    def had(self, catalogue: Catalogue) -> entities.Incident:
        """The incident.

        Raises:
            UnknownName: a service that is not there.
            ValueError: it ends before it begins, or its share is out of range.
        """
        services = catalogue.graph.services
        if self.service not in services:
            raise UnknownName("service", self.service, services)
        if self.to <= self.from_:
            raise ValueError(f"the incident of {self.service} ends at {self.to}, not after it begins")
        share = Decimal(1) if self.share is None else self.share
        if not 0 < share <= 1:
            raise ValueError(f"the share of an incident is above 0 and at most 1, not {share}")
        return entities.Incident(service=self.service, from_=self.from_, to=self.to, share=share)
