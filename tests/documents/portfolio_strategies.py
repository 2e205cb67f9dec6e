"""Portfolios that a file can state, generated from the model's side."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from olagraph.metrics.table import BUILT_IN_METRICS, DIMENSIONS, STATISTIC_FAMILIES
from olagraph.model.entities import (
    MEAN,
    ROUND_THE_CLOCK,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Better,
    Calendar,
    Cause,
    Claim,
    ClaimStart,
    Comparison,
    Condition,
    Covers,
    Credit,
    CreditTier,
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
    Supplier,
    Target,
)
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window
from olagraph.model.workflow import AllOf, Branch, Choice, KOfN, Parallel, Repeat, Sequence, Step, any_of

ODD_WORDS = (
    "null",
    "no",
    "on",
    "true",
    "1e3",
    "0x1F",
    "007",
    "12:30",
    "2026-01-01",
    "a:b",
    "x-y",
    "24x7",
    "1_0",
)
ODD_TEXTS = (
    *ODD_WORDS,
    "",
    "~",
    " a ",
    "a: b",
    "- a",
    "#a",
    "a #b",
    "'",
    '"',
    "\\",
    "{",
    "§ 4.2",
    "é",
    "\n",
    ".inf",
    "=",
)

ids = st.one_of(
    st.sampled_from(ODD_WORDS), st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,8}", fullmatch=True)
)
printable = st.characters(exclude_categories=("Cc", "Cs", "Cn"), include_characters="\t\n\x85")
texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(printable, max_size=12))
optional_texts = st.none() | texts
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
windows = st.one_of(
    st.sampled_from(["day", "week", "month", "quarter", "year"]).map(Window.parse),
    st.integers(1, 99999).map(lambda length: Window.parse(f"{length}d")),
    st.integers(1, 99999).map(lambda length: Window.parse(f"rolling {length}d")),
)
shares = st.decimals(0, 1, places=6) | st.sampled_from([Decimal("0.5"), Decimal("1e-30"), Decimal("0.9990")])
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**20), max_value=10**20)
positive = numbers.map(abs) | st.sampled_from([Decimal("1E+3"), Decimal("2.50"), Decimal("1E-12")])
UNITS = {
    Dimension.DURATION: ("us", "ms", "s", "min", "h", "d"),
    Dimension.RATE: ("/s", "/min", "/h", "/d"),
    Dimension.DATA_RATE: ("bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"),
    Dimension.MONEY: ("", "EUR"),
    Dimension.NUMBER: ("",),
}


def quantities(dimension: Dimension) -> st.SearchStrategy[Quantity]:
    """Quantities of one dimension in all of its units."""
    if dimension is Dimension.RATIO:
        return st.one_of(
            shares.map(Quantity.ratio),
            shares.map(lambda share: Quantity(share * 100, "%", Dimension.RATIO)),
        )
    amounts = numbers if dimension is Dimension.NUMBER else positive
    return st.builds(Quantity, amounts, st.sampled_from(UNITS[dimension]), st.just(dimension))


durations = quantities(Dimension.DURATION)
plain_values = st.recursive(
    st.one_of(texts, numbers, st.booleans(), st.none()),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.dictionaries(texts.filter(bool), inner, max_size=3)
    ),
    max_leaves=5,
)
extras = st.dictionaries(texts.map("x-{}".format), plain_values, max_size=2).map(
    lambda extra: tuple(extra.items())
)
traits = st.dictionaries(texts.filter(bool), texts | numbers | st.booleans(), max_size=3).map(
    lambda t: tuple(t.items())
)

exclusions = st.lists(
    st.one_of(
        st.builds(Exclusion, name=optional_texts, at_most=durations, per=st.none() | windows),
        st.builds(Exclusion, name=optional_texts, unlimited=st.just(True)),
        st.builds(Exclusion, name=optional_texts, cause=st.sampled_from(Cause)),
    ),
    max_size=2,
).map(tuple)
optional_exclusions = st.none() | exclusions


@st.composite
def conditions(draw: st.DrawFn) -> tuple[Condition, ...]:
    """Conditions, those on one trait together."""
    found: list[Condition] = []
    for trait in draw(st.lists(texts.filter(bool), unique=True, max_size=2)):
        for _ in range(draw(st.integers(1, 2))):
            comparison = draw(st.sampled_from(Comparison))
            equality = comparison in (Comparison.EQUAL, Comparison.UNEQUAL)
            value = draw(texts | numbers | st.booleans() if equality else numbers)
            found.append(Condition(trait=trait, comparison=comparison, value=value))
    return tuple(found)


@st.composite
def targets(
    draw: st.DrawFn, metrics: tuple[Metric, ...], calendars: tuple[str, ...], *, own: bool
) -> tuple[Target, ...]:
    """Targets or own parts, no two alike."""
    hours = st.none() | st.sampled_from((ROUND_THE_CLOCK, *calendars))
    found: dict[object, Target] = {}
    for metric in draw(st.lists(st.sampled_from(metrics), max_size=3)):
        value = draw(quantities(DIMENSIONS[metric.unit]))
        whole = value.dimension is Dimension.RATIO and value.exact == 1
        fractions = shares.filter(lambda share: 0 < share < 1)
        statistics = (
            st.none() | st.just(MEAN) | fractions if metric.family in STATISTIC_FAMILIES else st.none()
        )
        target = Target(
            metric=metric.id,
            value=value,
            for_=draw(statistics),
            when=draw(conditions()),
            strength=draw(st.sampled_from(Strength)),
            assume=draw(st.none() | quantities(Dimension.RATIO)) if whole else None,
            averaged_over=draw(st.none() | st.integers(1, 10**9)),
            window=None if own else draw(st.none() | windows),
            hours=draw(hours),
            exclusions=draw(optional_exclusions),
            clock=draw(hours),
            population=draw(
                st.none() | st.builds(Population, name=texts, share=st.none() | quantities(Dimension.RATIO))
            ),
            measured_at=draw(optional_texts),
            extra=draw(extras),
        )
        found.setdefault((target.metric, target.for_), target)
    return tuple(found.values())


@st.composite
def steps(
    draw: st.DrawFn, services: tuple[str, ...], depth: int = 2, *, requires: bool, bare: bool = False
) -> Step:
    """Workflow expressions over the given services; `bare` leaves out what is said about the step itself."""

    def branches(*, least: int = 1, bare: bool = False) -> tuple[Step, ...]:
        inner = st.lists(steps(services, depth - 1, requires=requires, bare=bare), min_size=least, max_size=3)
        used: set[object] = set()
        kept = []
        for step in draw(inner):
            if not isinstance(step.of, str) or step.of not in used:
                kept.append(step)
                used.add(step.of if isinstance(step.of, str) else None)
        return tuple(kept)

    forms = ["use", "use"]
    if depth:
        forms += ["all", "any", "any", "k"] if requires else ["seq", "par", "any", "k", "choice", "repeat"]
    of: object
    match draw(st.sampled_from(forms)):
        case "use":
            of = draw(st.sampled_from(services))
        case "seq":
            of = Sequence(branches())
        case "par":
            of = Parallel(branches())
        case "all":
            of = AllOf(branches())
        case "any":
            of = any_of(*branches(bare=True), load_shared=draw(st.booleans()))
        case "k":
            several = branches(bare=True)
            of = KOfN(k=draw(st.integers(1, len(several))), steps=several, load_shared=draw(st.booleans()))
        case "choice":
            several = branches()
            known = draw(st.booleans())
            rest = Decimal(1) / 2 ** (len(several) - 1)
            weights = [Decimal(1) / 2 ** (place + 1) for place in range(len(several) - 1)] + [rest]
            of = Choice(
                tuple(
                    Branch(step=step, probability=weight if known else None)
                    for step, weight in zip(several, weights, strict=True)
                )
            )
        case _:
            inner = draw(steps(services, depth - 1, requires=requires))
            again = draw(shares.filter(lambda share: share < 1))
            of = (
                Repeat(step=inner, max=draw(st.integers(1, 99)))
                if draw(st.booleans())
                else Repeat(step=inner, probability=again)
            )
    if bare:
        return Step(of=of)
    return Step(
        of=of,
        timeout=draw(st.none() | durations),
        optional=draw(st.booleans()),
        cached_for=draw(st.none() | durations),
    )


@st.composite
def calendars(draw: st.DrawFn, id_: str) -> Calendar:
    """A calendar with up to two ranges a day, the last perhaps overnight."""
    hours = []
    for weekday in sorted(draw(st.sets(st.integers(0, 6), min_size=1))):
        hours.append(OpeningHours(weekday=weekday, opens=draw(st.integers(360, 479)), closes=720))
        if draw(st.booleans()):
            hours.append(OpeningHours(weekday=weekday, opens=720, closes=draw(st.integers(721, 1440 + 300))))
    return Calendar(
        id=id_,
        name=draw(optional_texts),
        timezone=draw(st.sampled_from(["UTC", "Europe/London", "Asia/Kolkata"])),
        hours=tuple(hours),
        holiday_codes=tuple(draw(st.lists(st.sampled_from(["GB-ENG", "DE-BY", "US"]), max_size=2))),
        holidays=tuple(draw(st.lists(days, max_size=2))),
        extra=draw(extras),
    )


@st.composite
def own_metrics(draw: st.DrawFn) -> tuple[Metric, ...]:
    """Metrics of the portfolio's own, under names that mean nothing else."""
    rows = []
    for number in range(draw(st.integers(0, 2))):
        family = draw(st.sampled_from([Family.NONE, Family.SUCCESS_RATE, Family.TIME]))
        unit = {Family.TIME: "s", Family.SUCCESS_RATE: "ratio"}.get(family) or draw(
            st.sampled_from([*DIMENSIONS])
        )
        better = {Family.TIME: Better.LOWER, Family.SUCCESS_RATE: Better.HIGHER}.get(family)
        complement = f"not_own_{number}" if unit == "ratio" and draw(st.booleans()) else None
        rows.append(
            Metric(
                id=f"own_{number}",
                unit=unit,
                better=better or draw(st.sampled_from(Better)),
                family=family,
                complement=complement,
                ticket=draw(st.booleans()),
                source=draw(texts),
            )
        )
    return tuple(rows)


def credits_on(metrics: tuple[Metric, ...]) -> st.SearchStrategy[Credit]:
    """Credits with thresholds in their metric's dimension."""

    def on(metric: Metric) -> st.SearchStrategy[Credit]:
        threshold = quantities(DIMENSIONS[metric.unit])
        tiers = st.builds(CreditTier, credit=shares, below=threshold) | st.builds(
            CreditTier, credit=shares, above=threshold
        )
        return st.builds(
            Credit,
            metric=st.just(metric.id),
            fee=st.none() | positive,
            tiers=st.lists(tiers, max_size=2).map(tuple),
            cap=st.none() | shares,
        )

    return st.sampled_from(metrics).flatmap(on)


moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC)) | st.just(
    datetime(2026, 12, 1, 9, tzinfo=UTC)
)


def supply_chains(providers: list[str]) -> st.SearchStrategy[tuple[Supplier, ...]]:
    """Chains of these providers, each once."""
    supplier = st.builds(Supplier, provider=st.sampled_from(providers), rank=st.integers(1, 100))
    return st.lists(supplier, unique_by=lambda each: each.provider, max_size=2).map(tuple)


def incidents(services: tuple[str, ...]) -> st.SearchStrategy[tuple[Incident, ...]]:
    """Incidents of these services, with ids of their own or without."""
    incident = st.builds(
        lambda begins, lasting, **more: Incident(from_=begins, to=begins + lasting, **more),
        begins=moments,
        lasting=st.timedeltas(timedelta(microseconds=1), timedelta(days=40)),
        service=st.sampled_from(services),
        share=shares.filter(bool) | st.just(Decimal(1)),
        id=st.just("") | ids,
        extra=extras,
    )
    return st.lists(incident, unique_by=lambda each: each.id, max_size=3).map(tuple)


def parents(draw: st.DrawFn, names: list[str], index: int) -> str | None:
    """One of the names before this one, so that nothing is its own parent."""
    return draw(st.none() | st.sampled_from(names[:index])) if index else None


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Whole portfolios in which every reference resolves."""
    names = {
        kind: draw(
            st.lists(ids.filter(lambda name: name != ROUND_THE_CLOCK), unique=True, min_size=1, max_size=3)
        )
        for kind in ("calendar", "provider", "customer", "service", "agreement")
    }
    metrics = draw(own_metrics())
    known = (*BUILT_IN_METRICS, *metrics)
    provider = st.sampled_from(names["provider"])
    clocks, services = tuple(names["calendar"]), tuple(names["service"])
    begins, ends = sorted((draw(days), draw(days)))
    return Portfolio(
        name=draw(texts),
        currency="EUR",
        calendars=tuple(draw(calendars(name)) for name in names["calendar"]),
        providers=tuple(
            Provider(
                id=name,
                kind=draw(st.sampled_from(ProviderKind)),
                name=draw(optional_texts),
                parent=parents(draw, names["provider"], index),
                region=draw(optional_texts),
                contact=draw(optional_texts),
                extra=draw(extras),
            )
            for index, name in enumerate(names["provider"])
        ),
        customers=tuple(
            Customer(id=name, parent=parents(draw, names["customer"], index), extra=draw(extras))
            for index, name in enumerate(names["customer"])
        ),
        services=tuple(
            Service(
                id=name,
                provider=draw(provider),
                name=draw(optional_texts),
                workflow=draw(st.none() | steps(services, requires=False)),
                requires=draw(st.none() | steps(services, requires=True)),
                own=draw(targets(known, clocks, own=True)),
                region=draw(optional_texts),
                zone=draw(optional_texts),
                traits=draw(traits),
                demand=draw(st.none() | quantities(Dimension.RATE)),
                tags=tuple(draw(st.lists(texts, unique=True, max_size=2))),
                criticality=draw(st.none() | st.integers(1, 5)),
                owner=draw(optional_texts),
                supply_chain=draw(supply_chains(names["provider"])),
                extra=draw(extras),
            )
            for name in services
        ),
        agreements=tuple(
            Agreement(
                id=name,
                provider=draw(provider),
                kind=draw(st.none() | st.sampled_from(AgreementKind)),
                name=draw(optional_texts),
                customers=tuple(
                    draw(
                        st.lists(
                            st.sampled_from([*names["customer"], *names["provider"]]), unique=True, max_size=2
                        )
                    )
                ),
                covers=draw(
                    st.none()
                    | st.just(Covers(all=True))
                    | st.lists(texts, unique=True, min_size=1, max_size=2).map(
                        lambda tags: Covers(tags=tuple(tags))
                    )
                    | st.just(Covers(services=services))
                ),
                targets=draw(targets(known, clocks, own=False)),
                hours=draw(st.none() | st.sampled_from((ROUND_THE_CLOCK, *clocks))),
                window=draw(st.none() | windows),
                exclusions=draw(optional_exclusions),
                from_=draw(st.sampled_from([None, begins])),
                to=draw(st.sampled_from([None, ends])),
                renews=draw(st.booleans()),
                review=draw(st.none() | days),
                notice=draw(st.none() | durations),
                credits=draw(st.none() | st.lists(credits_on(known), max_size=2).map(tuple)),
                claim=draw(st.none() | st.builds(Claim, within=durations, after=st.sampled_from(ClaimStart))),
                inherits=parents(draw, names["agreement"], index),
                ref=draw(optional_texts),
                link=draw(optional_texts),
                status=draw(st.sampled_from(AgreementStatus)),
                extra=draw(extras),
            )
            for index, name in enumerate(names["agreement"])
        ),
        metrics=metrics,
        incidents=draw(incidents(services)),
        extra=draw(extras),
    )
