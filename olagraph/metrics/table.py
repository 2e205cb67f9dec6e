"""The metric table: one row a metric. Nothing outside this table switches on a metric's name."""

from collections.abc import Mapping
from types import MappingProxyType

from olagraph.model.entities import Better, Family, Metric, Portfolio
from olagraph.model.quantity import Dimension

_BOTTLENECK = "Lazowska et al. 1984, bottleneck bounds"
_DEPENDENT_SUMS = "Frechet 1935; Makarov 1981, sums of dependent times"
_CYCLES = "Barlow and Proschan 1975"
_ITIL = "ITIL 4, availability and service level management"
_ITU = "ITU-T Y.1541, network performance objectives"

BUILT_IN_METRICS: tuple[Metric, ...] = (
    Metric(
        id="availability", unit="ratio", better=Better.HIGHER, family=Family.STRUCTURE_FUNCTION,
        complement="unavailability", source="Barlow and Proschan 1975; IEC 61078",
    ),
    Metric(
        id="success_rate", unit="ratio", better=Better.HIGHER, family=Family.SUCCESS_RATE,
        complement="error_rate", source="Cardoso et al. 2004, quality of service for workflows",
    ),
    Metric(
        id="packet_delivery", unit="ratio", better=Better.HIGHER, family=Family.SUCCESS_RATE,
        complement="packet_loss", source=_ITU,
    ),
    Metric(id="throughput", unit="1/s", better=Better.HIGHER, family=Family.RATE, source=_BOTTLENECK),
    Metric(id="data_rate", unit="bit/s", better=Better.HIGHER, family=Family.RATE, source=_BOTTLENECK),
    Metric(id="latency", unit="s", better=Better.LOWER, family=Family.TIME, source=_DEPENDENT_SUMS),
    Metric(id="response_time", unit="s", better=Better.LOWER, family=Family.TIME, ticket=True, source=_ITIL),
    Metric(id="resolution_time", unit="s", better=Better.LOWER, family=Family.TIME, ticket=True, source=_ITIL),
    Metric(id="restore_time", unit="s", better=Better.LOWER, family=Family.RESTORE, source=_ITIL),
    Metric(id="jitter", unit="s", better=Better.LOWER, family=Family.JITTER, source=_ITU + ", clause 8"),
    Metric(id="mtbf", unit="s", better=Better.HIGHER, family=Family.FAILURE_REPAIR, source=_CYCLES + "; ITIL's MTBSI"),
    Metric(id="mttf", unit="s", better=Better.HIGHER, family=Family.FAILURE_REPAIR, source=_CYCLES + "; ITIL's MTBF"),
    Metric(id="mttr", unit="s", better=Better.LOWER, family=Family.FAILURE_REPAIR, source=_CYCLES),
    Metric(id="rpo", unit="s", better=Better.LOWER, family=Family.MAXIMUM, source="ISO 22301"),
    Metric(id="rto", unit="s", better=Better.LOWER, family=Family.MAXIMUM, source="ISO 22301"),
    Metric(id="cost", unit="money", better=Better.LOWER, family=Family.SUM, source="Cardoso et al. 2004"),
)  # fmt: skip

DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        "ratio": Dimension.RATIO,
        "s": Dimension.DURATION,
        "1/s": Dimension.RATE,
        "bit/s": Dimension.DATA_RATE,
        "money": Dimension.MONEY,
        "number": Dimension.NUMBER,
    }
)
"""The dimension of what people write, by the unit of a metric's computed values."""

STATISTIC_FAMILIES = frozenset({Family.TIME, Family.RESTORE, Family.JITTER})
"""Families whose targets take `for`: a fraction of cases, or `mean`."""


def metric_table(portfolio: Portfolio) -> Mapping[str, Metric]:
    """Every metric known to `portfolio`, by id: the built-in rows and its own."""
    return MappingProxyType({row.id: row for row in (*BUILT_IN_METRICS, *portfolio.metrics)})
