"""The metric table."""

import strawberry

from olagraph.metrics.table import BUILT_IN_METRICS
from olagraph.model import entities
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.fields import field, shows_record, stated

_BUILT_IN = frozenset(metric.id for metric in BUILT_IN_METRICS)


@shows_record(description="One row of the metric table.")
class Metric:
    record: strawberry.Private[entities.Metric]

    id: strawberry.ID = stated("What targets call it.")
    unit: str = stated("The unit of computed values: ratio, s, 1/s, bit/s, money or number.")
    complement: str | None = stated(
        "The name of 1 - value, accepted in files and turned round on loading: unavailability."
    )
    ticket: bool = stated("Measured on a ticket's clock, along the ticket's path.")
    source: str = stated("Where its rule comes from.")

    @field("Which way it improves: higher or lower.")
    def better(self) -> str:
        return self.record.better.value

    @field("The family of rules by which it composes; none: tracked, never composed.")
    def family(self) -> str:
        return self.record.family.value

    @field("Whether it is one of the portfolio's own.")
    def own(self) -> bool:
        return self.record.id not in _BUILT_IN


def all_metrics(catalogue: Catalogue) -> list[Metric]:
    """The built-in rows and the portfolio's own."""
    return [Metric(metric) for metric in catalogue.metrics.values()]
