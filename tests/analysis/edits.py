"""Random edits of a portfolio, each valid by the rules of its file: references lead somewhere, owners and parents form no
circle. What an edit does not name stays the same object.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from olagraph.model.entities import (
    MEAN,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Better,
    Calendar,
    Cause,
    Comparison,
    Condition,
    Covers,
    Credit,
    Customer,
    Exclusion,
    Family,
    Incident,
    Metric,
    OpeningHours,
    Population,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Strength,
    Target,
)
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window, WindowKind
from olagraph.model.workflow import (
    AllOf,
    Branch,
    Choice,
    KOfN,
    Parallel,
    Repeat,
    Sequence,
    Step,
    any_of,
    uses,
)
from tests.analysis.drawn import SETTINGS

DAY = SETTINGS.as_of
RATIOS = ("60%", "75%", "90%", "90.0%", "95%", "99%", "99.9%", "99.90%", "0.999", "100%")
TIMES = ("100 ms", "200 ms", "500 ms", "1 s", "4 s")
LONG_TIMES = ("30 min", "1 h", "60 min", "4 h", "9 h")
WINDOWS = (
    None,
    Window(kind=WindowKind.CALENDAR, unit="month"),
    Window(kind=WindowKind.CALENDAR, unit="year"),
    Window(kind=WindowKind.BLOCKS, days=30),
)
TRACKED = Metric(id="happiness", unit="number", better=Better.HIGHER, family=Family.NONE)
OFFICE = Calendar(
    id="office",
    timezone="Europe/London",
    hours=tuple(OpeningHours(weekday=day, opens=540, closes=1020) for day in range(5)),
)


class Editor:
    """Edits one portfolio after another."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._made = 0

    def edited(self, portfolio: Portfolio) -> Portfolio:
        """The portfolio after one edit or a few."""
        for _ in range(self._random.choice((1, 1, 1, 2, 4))):
            edit = self._random.choice(EDITS)
            portfolio = edit(self, portfolio)
        return portfolio

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _name(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}{self._made}"

    # One of many --------------------------------------------------------------------------------------------

    def _replaced(self, portfolio: Portfolio, section: str, old: Any, new: Any) -> Portfolio:
        entities = tuple(new if entity is old else entity for entity in getattr(portfolio, section))
        return _with(portfolio, **{section: entities})

    def _added(self, portfolio: Portfolio, section: str, new: Any) -> Portfolio:
        entities = list(getattr(portfolio, section))
        place = len(entities) if self._chance(0.7) else self._random.randint(0, len(entities))
        entities.insert(place, new)
        return _with(portfolio, **{section: tuple(entities)})

    def _removed(self, portfolio: Portfolio, section: str, old: Any) -> Portfolio:
        entities = tuple(entity for entity in getattr(portfolio, section) if entity is not old)
        return _with(portfolio, **{section: entities})

    def _with(self, portfolio: Portfolio, section: str, **fields: Callable[[Any], Any]) -> Portfolio:
        """With some fields of one entity drawn anew."""
        entities = getattr(portfolio, section)
        if not entities:
            return portfolio
        old = self._random.choice(entities)
        new = _with(old, **{field: draw(old) for field, draw in fields.items()})
        return self._replaced(portfolio, section, old, new)

    # Targets ------------------------------------------------------------------------------------------------

    def target(self, portfolio: Portfolio) -> Target:
        """A target on any metric."""
        random = self._random
        metrics = ["availability"] * 5 + ["success_rate", "latency", "latency", "throughput", "restore_time"]
        metrics += ["resolution_time", "mttr", "mtbf", "cost", "rto"]
        metrics += [metric.id for metric in portfolio.metrics]
        metric = random.choice(metrics)
        target = Target(metric=metric, value=self._value(metric))
        if metric in ("latency", "restore_time", "resolution_time") and self._chance(0.6):
            target = replace(
                target, for_=random.choice((Decimal("0.9"), Decimal("0.90"), Decimal("0.99"), MEAN))
            )
        if self._chance(0.15):
            target = replace(target, population=Population(name=random.choice(("P1", "P2"))))
        if self._chance(0.12):
            target = replace(target, strength=random.choice(list(Strength)))
        if self._chance(0.12):
            wanted = Condition(trait="zones", comparison=Comparison.AT_LEAST, value=Decimal(2))
            target = replace(target, when=(wanted,))
        if self._chance(0.15):
            target = replace(target, window=random.choice(WINDOWS))
        if self._chance(0.1):
            target = replace(target, hours=random.choice(("24x7", *(c.id for c in portfolio.calendars))))
        if self._chance(0.1):
            target = replace(target, exclusions=self._exclusions())
        if metric == "availability" and self._chance(0.05):
            target = replace(target, assume=Quantity.parse("99%", Dimension.RATIO))
        if self._chance(0.05):
            target = replace(target, measured_at="the gateway")
        return target

    def _value(self, metric: str) -> Quantity:
        pick = self._random.choice
        match metric:
            case "availability" | "success_rate":
                return Quantity.parse(pick(RATIOS), Dimension.RATIO)
            case "latency":
                return Quantity.parse(pick(TIMES), Dimension.DURATION)
            case "throughput":
                return Quantity.parse(pick(("5/s", "10/s", "100/s")), Dimension.RATE)
            case "cost":
                return Quantity.parse(pick(("10", "20")), Dimension.MONEY)
            case "mtbf":
                return Quantity.parse(pick(("100 h", "1000 h")), Dimension.DURATION)
            case "happiness":
                return Quantity.parse(pick(("3", "4")), Dimension.NUMBER)
            case _:
                return Quantity.parse(pick(LONG_TIMES), Dimension.DURATION)

    def _exclusions(self) -> tuple[Exclusion, ...] | None:
        return self._random.choice(
            (
                None,
                (),
                (Exclusion(cause=Cause.THIRD_PARTY),),
                (Exclusion(name="works", at_most=Quantity.parse("4 h", Dimension.DURATION)),),
            )
        )

    def _targets(self, portfolio: Portfolio, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        found = list(targets)
        if found and self._chance(0.6):
            place = self._random.randrange(len(found))
            found[place] = replace(found[place], value=self._value(found[place].metric))
        elif found and self._chance(0.3):
            del found[self._random.randrange(len(found))]
        else:
            found.append(self.target(portfolio))
        return tuple(found)

    def change_target(self, portfolio: Portfolio) -> Portfolio:
        """Another value, one target more or one less."""
        return self._with(portfolio, "agreements", targets=lambda a: self._targets(portfolio, a.targets))

    def change_own_part(self, portfolio: Portfolio) -> Portfolio:
        """The same of a service's own part."""
        return self._with(portfolio, "services", own=lambda s: self._targets(portfolio, s.own))

    # Agreements ---------------------------------------------------------------------------------------------

    def _covers(self, portfolio: Portfolio) -> Covers | None:
        form = self._random.random()
        if form < 0.1:
            return None
        if form < 0.25:
            return Covers(all=True)
        if form < 0.4:
            return Covers(tags=("gold",))
        names = [service.id for service in portfolio.services]
        return Covers(services=tuple(self._random.sample(names, self._random.randint(1, min(3, len(names))))))

    def _customers(self, portfolio: Portfolio) -> tuple[str, ...]:
        if self._chance(0.2):
            return ()
        parties = [p.id for p in portfolio.providers] * 2 + [c.id for c in portfolio.customers]
        return tuple(dict.fromkeys(self._random.choices(parties, k=self._random.choice((1, 1, 2)))))

    def _parent(self, portfolio: Portfolio, child: str) -> str | None:
        """Some agreement that does not inherit from the child, perhaps through others."""
        inherits = {a.id: a.inherits for a in portfolio.agreements}
        below = {child}
        while more := {name for name, parent in inherits.items() if parent in below} - below:
            below |= more
        return self._random.choice([None, *sorted(inherits.keys() - below)])

    def _date(self) -> date | None:
        return self._random.choice(
            (None, None, DAY - timedelta(1), DAY, DAY + timedelta(1), DAY + timedelta(400))
        )

    def add_agreement(self, portfolio: Portfolio) -> Portfolio:
        """Between any parties on any services."""
        name = self._name("new")
        new = Agreement(
            id=name,
            provider=self._random.choice(portfolio.providers).id,
            kind=self._random.choice((None, *AgreementKind)),
            customers=self._customers(portfolio),
            covers=self._covers(portfolio),
            targets=tuple(self.target(portfolio) for _ in range(self._random.randint(0, 3))),
            inherits=self._parent(portfolio, name) if self._chance(0.2) else None,
            window=self._random.choice(WINDOWS),
            ref=self._random.choice((None, "§1")),
        )
        return self._added(portfolio, "agreements", new)

    def remove_agreement(self, portfolio: Portfolio) -> Portfolio:
        """One that nothing inherits from."""
        inherited = {a.inherits for a in portfolio.agreements}
        free = [a for a in portfolio.agreements if a.id not in inherited]
        return self._removed(portfolio, "agreements", self._random.choice(free)) if free else portfolio

    def change_parties(self, portfolio: Portfolio) -> Portfolio:
        """Made to others, by others, or called otherwise."""
        fields: dict[str, Callable[[Any], Any]] = self._random.choice(
            (
                {"customers": lambda a: self._customers(portfolio)},
                {"provider": lambda a: self._random.choice(portfolio.providers).id},
                {"kind": lambda a: self._random.choice((None, *AgreementKind))},
            )
        )
        return self._with(portfolio, "agreements", **fields)

    def change_terms(self, portfolio: Portfolio) -> Portfolio:
        """Another coverage, other dates, window, hours or exclusions, another parent, signed or not."""
        hours = (None, "24x7", *(calendar.id for calendar in portfolio.calendars))
        credit = Credit(metric="availability", fee=Decimal(100))
        fields: dict[str, Callable[[Any], Any]] = self._random.choice(
            (
                {"covers": lambda a: self._covers(portfolio)},
                {"from_": lambda a: self._date(), "to": lambda a: self._date()},
                {"from_": lambda a: DAY - timedelta(99), "to": lambda a: DAY + timedelta(99)},
                {"status": lambda a: self._random.choice(list(AgreementStatus))},
                {"window": lambda a: self._random.choice(WINDOWS)},
                {"hours": lambda a: self._random.choice(hours)},
                {"exclusions": lambda a: self._exclusions()},
                {"inherits": lambda a: self._parent(portfolio, a.id)},
                {"credits": lambda a: self._random.choice((None, (credit,)))},
                {"ref": lambda a: self._random.choice((None, "§2"))},
            )
        )
        return self._with(portfolio, "agreements", **fields)

    # Services -----------------------------------------------------------------------------------------------

    def _expression(self, names: list[str], depth: int = 2) -> Step:
        random = self._random
        steps = []
        for name in random.sample(names, random.randint(1, min(3, len(names)))):
            inner = self._expression(names, depth - 1) if depth and self._chance(0.25) else Step(of=name)
            steps.append(replace(inner, optional=True) if self._chance(0.1) else inner)
        firm = tuple(replace(step, optional=False) for step in steps)
        match random.randrange(8):
            case 0:
                return Step(of=any_of(*firm))
            case 1:
                return Step(of=KOfN(k=random.randint(1, len(firm)), steps=firm))
            case 2:
                return Step(of=Choice(tuple(Branch(step=step) for step in firm)))
            case 3:
                return Step(of=Repeat(step=firm[0], max=random.randint(1, 3)))
            case 4:
                return Step(of=Parallel(tuple(steps)))
            case 5 if len(steps) == 1:
                return steps[0]
            case _:
                return Step(of=Sequence(tuple(steps)))

    def _usable(self, portfolio: Portfolio, user: str) -> list[str]:
        """Mostly services further down, so that circles are few; never the members of a group with a common cause."""
        names = [service.id for service in portfolio.services]
        place = names.index(user)
        return [n for n in (names if self._chance(0.1) else names[place + 1 :]) if not n.startswith("m")]

    @staticmethod
    def _has_common_cause(service: Service) -> bool:
        return any(name.startswith("m") for name in _used(service))

    def change_workflow(self, portfolio: Portfolio) -> Portfolio:
        """Delivered otherwise."""
        return self._deliver(portfolio, "workflow")

    def change_requires(self, portfolio: Portfolio) -> Portfolio:
        """Requires something else."""
        return self._deliver(portfolio, "requires")

    def _deliver(self, portfolio: Portfolio, field: str) -> Portfolio:
        old = self._random.choice(portfolio.services)
        names = self._usable(portfolio, old.id)
        if self._has_common_cause(old):
            return portfolio
        step = self._expression(names) if names and self._chance(0.8) else None
        if field == "requires" and step is not None and self._chance(0.5):
            step = Step(of=AllOf((step,)))
        return self._replaced(portfolio, "services", old, _with(old, **{field: step}))

    def move_service(self, portfolio: Portfolio) -> Portfolio:
        """Delivered by somebody else."""
        return self._with(
            portfolio, "services", provider=lambda s: self._random.choice(portfolio.providers).id
        )

    def describe_service(self, portfolio: Portfolio) -> Portfolio:
        """Other traits, tags, name, place or demand."""
        random = self._random
        fields: dict[str, Callable[[Any], Any]] = random.choice(
            (
                {"traits": lambda s: random.choice(((), (("zones", Decimal(1)),), (("zones", Decimal(3)),)))},
                {"tags": lambda s: random.choice(((), ("gold",)))},
                {"name": lambda s: random.choice((None, "The Service", "Another"))},
                {
                    "region": lambda s: random.choice((None, "eu", "us")),
                    "zone": lambda s: random.choice((None, "z")),
                },
                {"demand": lambda s: random.choice((None, Quantity.parse("7/s", Dimension.RATE)))},
                {"criticality": lambda s: random.choice((None, 1))},
            )
        )
        return self._with(portfolio, "services", **fields)

    def add_service(self, portfolio: Portfolio) -> Portfolio:
        """That perhaps uses others."""
        new = Service(id=self._name("svc"), provider=self._random.choice(portfolio.providers).id)
        names = [s.id for s in portfolio.services if not s.id.startswith("m")]
        if self._chance(0.6):
            new = replace(new, workflow=self._expression(names))
        if self._chance(0.3):
            new = replace(new, own=(self.target(portfolio),))
        return self._added(portfolio, "services", new)

    def remove_service(self, portfolio: Portfolio) -> Portfolio:
        """One that nothing names."""
        named = {name for service in portfolio.services for name in _used(service)}
        named |= {name for a in portfolio.agreements if a.covers for name in a.covers.services}
        named |= {incident.service for incident in portfolio.incidents}
        free = [service for service in portfolio.services if service.id not in named]
        if len(portfolio.services) < 3 or not free:
            return portfolio
        return self._removed(portfolio, "services", self._random.choice(free))

    # Parties ------------------------------------------------------------------------------------------------

    def change_provider(self, portfolio: Portfolio) -> Portfolio:
        """Another owner, kind, name, region or contact."""
        random = self._random
        fields: dict[str, Callable[[Any], Any]] = random.choice(
            (
                {"parent": lambda p: random.choice([None, *self._owners(portfolio, p.id)])},
                {"parent": lambda p: random.choice([None, *self._owners(portfolio, p.id)])},
                {"kind": lambda p: random.choice(list(ProviderKind))},
                {"name": lambda p: random.choice((None, "Provider"))},
                {"region": lambda p: random.choice((None, "eu", "us"))},
                {"contact": lambda p: random.choice((None, "somebody"))},
            )
        )
        return self._with(portfolio, "providers", **fields)

    @staticmethod
    def _owners(portfolio: Portfolio, provider: str) -> list[str]:
        """The providers that it does not own."""
        parents = {p.id: p.parent for p in portfolio.providers}
        owned = {provider}
        while more := {name for name, parent in parents.items() if parent in owned} - owned:
            owned |= more
        return sorted(parents.keys() - owned)

    def add_party(self, portfolio: Portfolio) -> Portfolio:
        """A provider, or a customer: perhaps of the same name as a provider."""
        if self._chance(0.5):
            new = Provider(id=self._name("p+"), kind=self._random.choice(list(ProviderKind)))
            return self._added(portfolio, "providers", new)
        known = {customer.id for customer in portfolio.customers}
        name = self._random.choice(
            [self._name("c+"), *(p.id for p in portfolio.providers if p.id not in known)]
        )
        return self._added(portfolio, "customers", Customer(id=name))

    # Everything ---------------------------------------------------------------------------------------------

    def change_header(self, portfolio: Portfolio) -> Portfolio:
        """Another currency or name, a calendar or a metric more, an incident, or the order of things."""
        random = self._random
        match random.randrange(6):
            case 0:
                return replace(portfolio, currency=random.choice((None, "EUR", "GBP")))
            case 1:
                return replace(portfolio, calendars=(OFFICE,))
            case 2:
                return replace(portfolio, metrics=(TRACKED,))
            case 3:
                section = random.choice(("services", "agreements"))
                entities = list(getattr(portfolio, section))
                random.shuffle(entities)
                return _with(portfolio, **{section: tuple(entities)})
            case 4:
                began = datetime.combine(DAY, time(), UTC)
                incident = Incident(
                    service=portfolio.services[0].id, from_=began, to=began + timedelta(hours=1)
                )
                return replace(portfolio, incidents=(incident,))
            case _:
                return replace(portfolio, name=random.choice(("drawn", "renamed")))

    def change_nothing(self, portfolio: Portfolio) -> Portfolio:
        """An entity that is another object, and the same in everything."""
        return self._with(portfolio, self._random.choice(("services", "agreements", "providers")))


def _with(entity: Any, **fields: Any) -> Any:
    return replace(entity, **fields)


def _used(service: Service) -> list[str]:
    expressions = [e for e in (service.workflow, service.requires) if e is not None]
    return [str(step.of) for expression in expressions for step, _ in uses(expression)]


EDITS: tuple[Callable[[Editor, Portfolio], Portfolio], ...] = (
    *(Editor.change_target,) * 5,
    *(Editor.change_own_part,) * 3,
    *(Editor.add_agreement,) * 3,
    Editor.remove_agreement,
    *(Editor.change_parties,) * 2,
    *(Editor.change_terms,) * 4,
    *(Editor.change_workflow,) * 3,
    *(Editor.change_requires,) * 2,
    *(Editor.move_service,) * 2,
    *(Editor.describe_service,) * 2,
    Editor.add_service,
    Editor.remove_service,
    *(Editor.change_provider,) * 2,
    Editor.add_party,
    Editor.change_header,
    Editor.change_nothing,
)
