"""Values on the three bases."""

from collections.abc import Callable

import strawberry

from olagraph.analysis import results
from olagraph.reports.sentences import Asked
from olagraph_api.schema.enums import Basis
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.numbers import finite


@shows_record(
    description="A value on one basis, in SI units (ratios, seconds, per second), from everything missing at its"
    " worst to everything missing at its best. `low` and `high` are equal where it is one number. Of a percentile"
    " time it is the share of cases within the target's time."
)
class Level:
    record: strawberry.Private[results.Level]
    asked: strawberry.Private[Asked]
    said: strawberry.Private[Callable[[results.Level, Asked], str]]

    certified: bool = stated(
        "False where the exact value is out of reach and this is one end of certified bounds."
    )

    @field("The lower end; null: infinite.")
    def low(self) -> float | None:
        record = self.record
        return finite(record.at_worst if record.at_worst <= record.at_best else record.at_best)

    @field("The upper end; null: infinite.")
    def high(self) -> float | None:
        record = self.record
        return finite(record.at_best if record.at_worst <= record.at_best else record.at_worst)

    @field("1 - `low` at full precision, for ratios; null for other values.")
    def low_complement(self) -> float | None:
        return self._complement(low=True)

    @field("1 - `high` at full precision, for ratios; null for other values.")
    def high_complement(self) -> float | None:
        return self._complement(low=False)

    def _complement(self, *, low: bool) -> float | None:
        record = self.record
        ends = record.complement_at_worst, record.complement_at_best
        worst_is_low = record.at_worst <= record.at_best
        return ends[0] if low == worst_is_low else ends[1]

    @field("The value as people read it, against its target: 99.94% (26 min).")
    def text(self) -> str:
        return self.said(self.record, self.asked)


def level_of(
    level: results.Level | None, asked: Asked, said: Callable[[results.Level, Asked], str]
) -> Level | None:
    """A value on one basis; None where it has no meaning."""
    return None if level is None else Level(level, asked, said)


@strawberry.type(description="In which time the fraction of a percentile target is reached, on one basis.")
class TimeAt:
    basis: Basis = strawberry.field(description="The basis.")
    time: Level = strawberry.field(
        description="The smallest time in seconds in which the target's share of cases is done; an end that is null:"
        " none does."
    )
