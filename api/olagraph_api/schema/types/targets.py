"""Targets and what they are made of."""

import strawberry

from olagraph.documents.quantities import percentage, turned_round
from olagraph.model import entities
from olagraph.model.quantity import Dimension, Quantity
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.enums import Strength
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.scalars import Duration, QuantityText


@shows_record(description="The cases that a target speaks of; a ticket priority is one.")
class Population:
    record: strawberry.Private[entities.Population]

    name: str = stated("What the two sides of a promise call it: P1.")
    share: QuantityText | None = stated("Its share of all cases; null: not stated.")


@shows_record(
    description="Time that does not count. Exactly one of `atMost`, `unlimited` and `cause` is stated."
)
class Exclusion:
    record: strawberry.Private[entities.Exclusion]

    name: str | None = stated("Exclusions of the same name on both sides of a promise coincide.")
    at_most: Duration | None = stated("The most time excluded in each window `per`.")
    unlimited: bool = stated("However much of it there is.")

    @field("The window of the allowance; null: the promise's own.")
    def per(self) -> str | None:
        return _text(self.record.per)

    @field("The cause of the outages that are excluded: third_party, customer or force_majeure.")
    def cause(self) -> str | None:
        return _text(self.record.cause)


@shows_record(description="One service level target; also a provider's own part in a service.")
class Target:
    record: strawberry.Private[entities.Target]
    catalogue: strawberry.Private[Catalogue]

    metric: str = stated("The id of its metric.")
    clock: str | None = stated(
        "The calendar on which a ticket's time runs; null: the hours of the promise, or none is needed."
    )
    hours: str | None = stated("24x7 or the id of a calendar; null: the agreement's.")
    strength: Strength = stated("How firmly it is meant.")
    assume: QuantityText | None = stated(
        "The value to compose with in place of a 100 % target, which is a credit formula."
    )
    averaged_over: int | None = stated("How many members one averaged figure speaks of.")
    measured_at: str | None = stated("Where it is measured, in words.")

    @field("What is promised, with its unit.")
    def value(self) -> QuantityText:
        value = self.record.value
        currency = self.catalogue.portfolio.currency
        if value.dimension is Dimension.MONEY and not value.unit and currency:
            value = Quantity(value.amount, currency, Dimension.MONEY)
        return value  # type: ignore[return-value]  # the scalar writes it

    @field("1 - the value, exact, for ratios; null for other metrics.")
    def complement(self) -> QuantityText | None:
        value = self.record.value
        return turned_round(value) if value.dimension is Dimension.RATIO else None  # type: ignore[return-value]

    @field(
        "The statistic: the share of cases that it holds for (95%), `mean`, or null: it always holds.",
        name="for",
    )
    def for_(self) -> str | None:
        statistic = self.record.for_
        return statistic if statistic is None or isinstance(statistic, str) else percentage(statistic)

    @field("The name of its population, which of tickets is a priority.")
    def priority(self) -> str | None:
        return self.record.population.name if self.record.population else None

    @field("The cases that it speaks of; null: all.")
    def population(self) -> Population | None:
        population = self.record.population
        return None if population is None else Population(population)

    @field("The window it is measured over; null: the agreement's, or not stated.")
    def window(self) -> str | None:
        return _text(self.record.window)

    @field("The conditions on the service's traits that must all hold: zones >= 2.")
    def when(self) -> list[str]:
        return [f"{each.trait} {each.comparison} {_value(each.value)}" for each in self.record.when]

    @field("Time that does not count; null: as in the agreement.")
    def exclusions(self) -> list[Exclusion] | None:
        exclusions = self.record.exclusions
        return None if exclusions is None else [Exclusion(each) for each in exclusions]

    @field("The target as one says it: availability 99.95% a month.")
    def text(self) -> str:
        return self.catalogue.wording.target(self.record, self.catalogue.metrics[self.record.metric])


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _value(trait: entities.Trait) -> str:
    """A trait as the file writes it."""
    return str(trait).lower() if isinstance(trait, bool) else str(trait)
