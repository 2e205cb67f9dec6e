"""Verdicts on the families in which every visit counts."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from olagraph.analysis.call_trees import CALLED_FAMILIES, CallTrees, Key, components, walk
from olagraph.analysis.call_values import CallPart, CallValue, Form, nothing_of
from olagraph.analysis.items import Item
from olagraph.analysis.judged import (
    MOST_WEAKEST,
    SMALLEST_DIFFERENCE,
    Judged,
    NeededPart,
    costliest_first,
    exact_target_loss,
    kept,
    ratio_level,
    undecided_first,
)
from olagraph.analysis.ladder import Met, climb
from olagraph.analysis.parts import Part, Question
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import Basis, Level, PartKind, Verdict, View, ViewAssessment, WeakPart
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics import composition as composed
from olagraph.metrics.composition import Bases, Number, Value
from olagraph.metrics.families.contributions import contributions
from olagraph.metrics.families.hard_times import hard_times
from olagraph.metrics.families.jitter import jitter
from olagraph.metrics.families.maximum import maximum
from olagraph.metrics.families.mean_times import MeanTime, mean_times
from olagraph.metrics.families.percentile_times import percentile_times
from olagraph.metrics.families.rate import rate
from olagraph.metrics.families.restore import restore_law, restore_times
from olagraph.metrics.families.success_rate import success_rate
from olagraph.metrics.families.sum import total
from olagraph.metrics.families.time_law import TimeLaw, TimePromise
from olagraph.model.entities import Better, Family

_MOST_EXACT_POINTS = 64
"""The most points that sums of laws may come to in rational arithmetic."""
_MOST_EXACT_VISITS = 1000
"""Beyond this many calls a request rational numbers have too many digits."""
_MOST_EXACT_NODES = 200
"""Trees of more nodes are composed in doubles: rational numbers would grow with every step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is asked of a tree again and again. It holds the tree, so that its identity stays its own.

    Attributes:
        numbers: the components that enter its values, in the order of the tree.
        exact: it is small enough for rational arithmetic.
        open: something about a component is not known.
    """

    tree: composed.Node
    numbers: Mapping[int, None]
    exact: bool
    open: bool


class Called:
    """What the trees of judged items are composed of. It knows no portfolio, and so may outlive one.

    Attributes:
        roots: the trees.
    """

    def __init__(self, trees: CallTrees, family: Family) -> None:
        self.roots: list[composed.Node] = []
        self._keys: list[Sequence[Key]] = []
        self._family = family
        self._parts = trees.parts
        self._below = trees.below
        self._perfect = trees.perfect

    def add(self, tree: composed.Node, keys: Sequence[Key]) -> int:
        """The place of a further tree."""
        self.roots.append(tree)
        self._keys.append(keys)
        return len(self.roots) - 1

    @property
    def converts(self) -> bool:
        """Whether any promise had to be converted."""
        return any(call.part.converted for call in self._parts)

    def parts_below(self, node: int) -> Iterator[Part]:
        """The parts that a tree is composed of."""
        return (self._parts[number].part for number in components(self.roots[node], self._family))

    def perfect_below(self, nodes: Iterable[int]) -> frozenset[str]:
        """The services below any of some trees whose unstated own part was taken as perfect."""
        seen: set[Key] = set()
        pending = [key for node in nodes for key in self._keys[node]] if self._perfect else []
        while pending:
            key = pending.pop()
            if key not in seen:
                seen.add(key)
                pending.extend(self._below[key])
        return frozenset(name for _, name, _ in seen & self._perfect)


class CallJudge:
    """Compares the trees of one question and view with targets.

    Attributes:
        called: what it has judged, for whoever asks later.
    """

    def __init__(
        self,
        graph: PortfolioGraph,
        promises: Promises,
        settings: Settings,
        question: Question,
        view: View,
        items: Iterable[Item],
    ) -> None:
        self._question = question
        self._family = question.metric.family
        self._settings = settings
        self._known: dict[int, _Facts] = {}
        self._laws: dict[tuple[int, bool], TimeLaw] = {}
        self._trees = CallTrees(graph, promises, question, view, choose=self._choose)
        self._trees.prepare(items)
        self.called = Called(self._trees, self._family)

    @property
    def counts_requires(self) -> bool:
        """Whether `requires` enters the values; request shares and times speak of requests made while it is up."""
        return self._family not in CALLED_FAMILIES

    def part(self, component: int) -> CallPart:
        """A component."""
        return self._trees.parts[component]

    def root(self, node: int) -> composed.Node:
        """The tree of a judged item."""
        return self.called.roots[node]

    def judge(self, item: Item, *, back_to_back: bool) -> Judged:
        """The verdict on a prepared item."""
        tree = self._trees.tree(item)
        below = self._facts(tree).numbers
        undecided = [self._trees.parts[n].part for n in below if self._trees.parts[n].open]
        worst, best = self.bases(tree, item, at_best=False), self.bases(tree, item, at_best=True)
        decision = climb(at_worst=_met(item, worst), at_best=_met(item, best))
        view = ViewAssessment(
            verdict=decision.verdict,
            guaranteed=self.level(item, worst, best, Basis.GUARANTEED),
            independent=self.level(item, worst, best, Basis.INDEPENDENT),
            ceiling=self.level(item, worst, best, Basis.CEILING),
            time_at=self._time_at(tree, item),
            missing=tuple(part.missing for part in undecided if part.missing is not None),
            weakest=self._weakest(tree, item, below, undecided, decision.verdict),
        )
        return Judged(
            view=view,
            at_worst=decision.at_worst,
            node=self.called.add(tree, self._trees.keys_of(item)),
            open_parts=tuple(undecided),
            weaker=tuple(self._weaker(tree, item)) if back_to_back else (),
            parts=len(below),
        )

    # Values --------------------------------------------------------------------------------------------------

    def bases(self, tree: composed.Node, item: Item, *, at_best: bool) -> Bases[Number | None]:
        """The composed value; of percentiles and request shares the share that fails."""
        if self._trees.form is Form.LAW:
            return self._law(tree, at_best=at_best).late_at(item.target.value.exact)
        return self._numbers(tree, self._values(tree, at_best=at_best), at_best=at_best)

    def _facts(self, tree: composed.Node) -> _Facts:
        found = self._known.get(id(tree))
        if found is None:
            numbers = dict.fromkeys(components(tree, self._family))
            found = self._known[id(tree)] = _Facts(
                tree=tree,
                numbers=numbers,
                exact=self._stays_small(tree, numbers),
                open=any(self._trees.parts[number].open for number in numbers),
            )
        return found

    def _stays_small(self, tree: composed.Node, numbers: Collection[int]) -> bool:
        """Whether rational arithmetic is worth it: sums of laws multiply their points, repeats do so again."""
        reached = walk(tree, self._family)
        nodes = reached.nodes
        if (
            len(nodes) > _MOST_EXACT_NODES
            or composed.fold(reached, partial(_visits, nodes)) > _MOST_EXACT_VISITS
        ):
            return False
        if self._trees.form is not Form.LAW:
            return True
        laws = (self._trees.parts[number].at_worst for number in numbers)
        points = math.prod(len(law.worst) for law in laws if isinstance(law, TimePromise) and law.worst)
        repeated = any(isinstance(node, composed.Repeat) for node in nodes)
        return points <= _MOST_EXACT_POINTS and not repeated

    def _values(self, tree: composed.Node, *, at_best: bool) -> list[CallValue]:
        """The values of all components; those that do not enter the tree are left at nothing."""
        facts = self._facts(tree)
        nothing = nothing_of(self._trees.form)
        found = []
        for number, part in enumerate(self._trees.parts):
            value = nothing
            if number in facts.numbers:
                value = part.at_best if at_best else part.at_worst
                value = value if facts.exact else _in_doubles(value)
            found.append(value)
        return found

    def _law(self, tree: composed.Node, *, at_best: bool) -> TimeLaw:
        at_best = at_best and self._facts(tree).open
        key = (id(tree), at_best)
        if key not in self._laws:
            values = self._values(tree, at_best=at_best)
            laws = [value for value in values if isinstance(value, TimePromise)]
            match self._family:
                case Family.RESTORE:
                    self._laws[key] = restore_law(tree, laws)
                case Family.JITTER:
                    self._laws[key] = jitter(tree, laws)
                case _:
                    self._laws[key] = percentile_times(tree, laws)
        return self._laws[key]

    def _numbers(
        self, tree: composed.Node, values: Sequence[CallValue], *, at_best: bool
    ) -> Bases[Number | None]:
        family = self._family
        means = [value for value in values if isinstance(value, MeanTime)]
        if means and family is not Family.RESTORE:
            return mean_times(tree, means)
        numbers = [
            Value(value.longest, value.shortest) if isinstance(value, MeanTime) else value
            for value in values
            if not isinstance(value, TimePromise)
        ]
        match family:
            case Family.SUCCESS_RATE:
                return success_rate(tree, numbers)
            case Family.RATE:
                return rate(tree, numbers)
            case Family.RESTORE:
                return restore_times(tree, numbers, mean=bool(means))
            case Family.MAXIMUM:
                return maximum(tree, numbers, sequential=self._settings.restore_in_order)
            case Family.SUM:
                return total(tree, numbers)
            case _:
                return hard_times(tree, numbers, at_best=at_best)

    def level(
        self, item: Item, worst: Bases[Number | None], best: Bases[Number | None], basis: Basis
    ) -> Level | None:
        """Both ends of one basis as they are published."""
        at_worst, at_best = worst.on(basis), best.on(basis)
        if at_worst is None or at_best is None:
            return None
        if self._trees.form in (Form.SHARE, Form.LAW):
            return ratio_level(float(at_worst), float(at_best))
        return Level(at_worst=float(at_worst), at_best=float(at_best))

    def _time_at(self, tree: composed.Node, item: Item) -> Mapping[Basis, Level] | None:
        if self._trees.form is not Form.LAW:
            return None
        late = exact_target_loss(item)
        worst = self._law(tree, at_best=False).time_at(late)
        best = self._law(tree, at_best=True).time_at(late)
        return {
            basis: Level(at_worst=float(worst.on(basis)), at_best=float(best.on(basis))) for basis in Basis
        }

    def _choose(self, inside: composed.Node, promised: composed.Part) -> composed.Node:
        """The description that is better on every basis, else both.

        What stands alone shares no calls with the rest, so bounds come out sharper than for both.
        """
        if self._trees.form is Form.LAW:
            return composed.Alternative((inside, promised))
        one = self._numbers(inside, self._values(inside, at_best=False), at_best=False)
        other = self._numbers(promised, self._values(promised, at_best=False), at_best=False)
        sign = -1 if self._question.metric.better is Better.HIGHER and self._trees.form is Form.NUMBER else 1
        pairs = [(one.on(basis), other.on(basis)) for basis in Basis]
        differences = [sign * (a - b) for a, b in pairs if a is not None and b is not None and a != b]
        if all(difference > 0 for difference in differences):
            return promised
        return inside if all(d < 0 for d in differences) else composed.Alternative((inside, promised))

    # Who decides ---------------------------------------------------------------------------------------------

    def _single(self, item: Item, value: CallValue) -> Number:
        """One number for a component: of a law the time at which it reaches the target's fraction."""
        if isinstance(value, MeanTime):
            return value.longest
        if isinstance(value, Value):
            return value.worst
        late = exact_target_loss(item)
        times = [time for time, share in value.worst if share <= late]
        return min(times, default=max((time for time, _ in value.worst), default=math.inf))

    def shares(self, tree: composed.Node, item: Item) -> list[float]:
        """Of each component its share of the whole, with what is missing at its best."""
        values = [self._single(item, part.at_best) for part in self._trees.parts]
        return contributions(self._family, tree, values)

    def _weakest(
        self,
        tree: composed.Node,
        item: Item,
        below: Collection[int],
        undecided: Sequence[Part],
        verdict: Verdict,
    ) -> tuple[WeakPart, ...]:
        shares = self.shares(tree, item)
        stated: dict[tuple[PartKind, str], WeakPart] = {}
        for number in below:
            part = self._trees.parts[number].part
            if part.kind is PartKind.MISSING or shares[number] <= 0:
                continue
            weak = self._weak_part(item, number, shares[number])
            first = stated.setdefault((part.kind, part.id), weak)
            if costliest_first(weak) < costliest_first(first):
                stated[part.kind, part.id] = weak
        known = sorted(stated.values(), key=costliest_first)
        missing = undecided_first(undecided, most=MOST_WEAKEST)
        decided = {(part.kind, part.id) for part in missing}
        known = [part for part in known if (part.kind, part.id) not in decided]
        weakest = [*missing, *known] if verdict is Verdict.UNKNOWN or not known else known
        return tuple(weakest[:MOST_WEAKEST])

    def _weak_part(self, item: Item, number: int, share: float) -> WeakPart:
        call = self._trees.parts[number]
        exact = self._single(item, call.at_best)
        value = float(exact)
        agreement = call.part.promises[0].promise.agreement if call.part.promises else None
        ratio = self._trees.form is Form.SHARE
        return WeakPart(
            kind=call.part.kind,
            id=call.part.id,
            service=call.part.service,
            share=min(1.0, share),
            value=kept(value) if ratio else value,
            complement=value if ratio else None,
            in_time=_in_time(call.at_best, exact),
            ref=agreement.ref if agreement is not None else None,
            converted=call.part.converted,
        )

    def _weaker(self, tree: composed.Node, item: Item) -> Iterator[NeededPart]:
        """The components that cannot be done without and that alone miss the target."""
        for number in _needed_components(tree, self._family):
            if number not in self._facts(tree).numbers:
                continue
            call = self._trees.parts[number]
            if call.part.kind is PartKind.MISSING:
                continue
            if _meets(item, _alone(item, call.at_best)):
                continue
            value = float(self._single(item, call.at_best))
            ratio = self._trees.form is Form.SHARE
            yield NeededPart(
                part=call.part, value=kept(value) if ratio else value, complement=value if ratio else None
            )


def _visits(nodes: Sequence[composed.Node], place: int, below: list[int]) -> int:
    """How many calls a request makes at most; a repeat with a probability counts as ten."""
    node = nodes[place]
    if isinstance(node, composed.Part):
        return 1
    rounds = (node.max or 10) if isinstance(node, composed.Repeat) else 1
    return rounds * sum(below)


def _alone(item: Item, value: CallValue) -> Number:
    """What a component would give by itself; of percentiles the share of cases later than the target's time."""
    if isinstance(value, MeanTime):
        return value.longest
    if isinstance(value, Value):
        return value.worst
    limit = item.target.value.exact
    return min((late for time, late in value.worst if time <= limit), default=Fraction(1))


def _in_time(value: CallValue, time: Number) -> float | None:
    """The share of cases that a percentile promise has within a time."""
    if not isinstance(value, TimePromise):
        return None
    return 1 - float(min((late for point, late in value.worst if point <= time), default=1))


def _in_doubles(value: CallValue) -> CallValue:
    """Shares as doubles; times stay exact, they do not grow."""
    if isinstance(value, TimePromise):
        points = tuple((time, float(late)) for time, late in value.worst)
        best = value.favourable
        return TimePromise(
            points, None if best is None else tuple((time, float(late)) for time, late in best)
        )
    if isinstance(value, MeanTime):
        return MeanTime(float(value.longest), float(value.shortest), value.stated)
    return Value(float(value.worst), float(value.favourable))


def _loss(item: Item, value: Number) -> Number:
    """A composed value as a number of which more is worse; shares are composed as losses already."""
    share = isinstance(item.target.for_, Decimal) or item.metric.family is Family.SUCCESS_RATE
    return value if share or item.metric.better is Better.LOWER else -value


def _meets(item: Item, value: Number | None) -> bool | None:
    if value is None:
        return None
    limit = exact_target_loss(item)
    loss = _loss(item, value)
    if isinstance(loss, float) and math.isfinite(loss):
        scale = max(1.0, abs(float(limit)))
        return loss <= float(limit) + SMALLEST_DIFFERENCE * scale
    return loss <= limit


def _met(item: Item, bases: Bases[Number | None]) -> Met:
    return Met.of({basis: _meets(item, bases.on(basis)) for basis in Basis})


_NEEDS_EVERY_BRANCH = frozenset({Family.RESTORE, Family.MAXIMUM})
"""Families that speak of the service rather than of one request."""


def _needed_components(tree: composed.Node, family: Family) -> list[int]:
    """The components on which everything rests: not below redundancy, not optional."""
    found: dict[int, None] = {}
    seen: set[int] = set()
    pending: list[composed.Node] = [tree]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case composed.Part(component):
                found[component] = None
            case composed.Delivery():
                parts = (node.workflow, node.requires, node.own)
                pending.extend(part for part in reversed(parts) if part is not None)
            case composed.Limited() | composed.Repeat():
                if not (isinstance(node, composed.Limited) and node.optional):
                    pending.append(node.step)
            case composed.KOfN():
                if node.k == len(node.steps):
                    pending.extend(reversed(node.steps))
            case composed.Choice():
                if family in _NEEDS_EVERY_BRANCH:
                    pending.extend(reversed(node.steps))
            case _:
                pending.extend(reversed(node.steps))
    return list(found)
