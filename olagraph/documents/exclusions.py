"""Exclusions: time that does not count, in exactly one of three forms."""

from typing import Any

from olagraph.documents.quantities import QuantityOf
from olagraph.documents.reading import Reading
from olagraph.documents.records import Field, Record, Stated
from olagraph.documents.scalars import Flag, OneOf, Text, WindowOfTime
from olagraph.model.entities import Cause, Exclusion
from olagraph.model.quantity import Dimension


class ExclusionRecord(Record[Exclusion]):
    """An exclusion states exactly one of `at_most`, `unlimited: true` and `cause`."""

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        values = stated.values
        forms = [
            key for key in ("at_most", "unlimited", "cause") if key in values and values[key] is not False
        ]
        if len(forms) != 1:
            found = " and ".join(f"`{key}`" for key in forms) if forms else "no extent"
            expected = "exactly one of `at_most` (with `per`), `unlimited: true` and `cause`"
            raise reading.fault(stated.node, stated.place, f"an exclusion with {found}", expected=expected)
        if "per" in values and "at_most" not in values:
            raise reading.fault(*stated.at("per"), "`per` without `at_most`", expected="both or neither")
        return super().attributes(stated, reading)


EXCLUSION = ExclusionRecord(
    "exclusion",
    Exclusion,
    (
        Field(
            key="name",
            codec=Text(),
            description="Exclusions of the same name on both sides of a promise coincide.",
        ),
        Field(
            key="at_most",
            codec=QuantityOf(Dimension.DURATION),
            description="The most time excluded in each window `per`.",
        ),
        Field(
            key="per",
            codec=WindowOfTime(),
            description="The window of the allowance; absent = the promise's own.",
        ),
        Field(key="unlimited", codec=Flag(), description="As much time as the provider likes."),
        Field(
            key="cause", codec=OneOf(Cause, what="cause"), description="Outages of this cause do not count."
        ),
    ),
    description="Time that does not count: `at_most` with `per`, or `unlimited: true`, or a `cause`.",
)
