"""Many structure functions over one shared graph: the availability of every service at once (SEMANTICS §4 and §5).

A `System` holds one graph of components and gates in which any node can be asked for its unavailability. What is common
to several questions is computed once: a gate whose inside is used nowhere else is a module (Dutuit and Rauzy 1996); its
values enter everything above it as if it were a component, so a chain of ten thousand services costs ten thousand steps
however many agreements are assessed along it. What remains shared goes to the exact engine in `structure`.

All numbers are *un*availabilities, so that nine nines survive. A component carries two of them: `worst` for the bases
`guaranteed` and `independent`, `favourable` for the basis `ceiling` (SEMANTICS §6); both at the worst and at the best
that what is missing could be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from olagraph.metrics.acyclic import Gate as Needs
from olagraph.metrics.acyclic import without_cycles
from olagraph.metrics.basis import Basis
from olagraph.metrics.conversion import Share
from olagraph.metrics.structure import Certified, Compiled, Gate, Structure, closed_forms, compile_structure

_MOST_EXACT_PARTS = 400
"""Beyond this many parts rational arithmetic takes longer than a tie at the twelfth digit is worth."""

_LARGEST_GAP = 1e-9
"""The largest certified gap of a programme that still decides a verdict (SEMANTICS §4)."""

_TOP = 8
"""How many of the most expensive components are kept for each node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What is known of one component.

    Attributes:
        at_worst, at_best: its unavailability with what is not known of it at its worst and at its best; equal where
            it is known.
    """

    at_worst: Share
    at_best: Share


@dataclass(frozen=True, slots=True)
class Unavailability:
    """The unavailability of a node on the three bases, at one end of what is missing."""

    guaranteed: float
    independent: float
    ceiling: float

    def on(self, basis: Basis) -> float:
        """The value on one basis."""
        match basis:
            case Basis.GUARANTEED:
                return self.guaranteed
            case Basis.INDEPENDENT:
                return self.independent
            case Basis.CEILING:
                return self.ceiling


@dataclass(frozen=True, slots=True)
class Valued:
    """A node's values.

    Attributes:
        at_worst: everything missing down, and every bound at its pessimistic end.
        at_best: everything missing up, and every bound at its optimistic end.
        missing: something below is missing.
        exact: False where the exact value was out of reach and the ends are certified bounds.
        gap: the certified gap of the programmes solved on the way; their values are on the safe side.
        closed: every step so far was a closed form.
        parts: how many components were composed.
        top: the most expensive components, (share of failure they cause, component), at the best end.
    """

    at_worst: Unavailability
    at_best: Unavailability
    missing: bool
    exact: bool
    gap: float
    closed: bool
    parts: int
    top: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class _Alternative:
    """One event described twice: by its composition and by a promise on the whole; the better counts."""

    composed: int
    promised: int
    own: int | None


@dataclass(frozen=True, slots=True)
class _Local:
    """The structure between a node and the modules or components nearest below it."""

    leaves: tuple[int, ...]
    gates: tuple[Gate, ...]  # operands index `leaves`; the last gate is the root
    compiled: Compiled | None  # None: all leaves needed, or any one of them suffices
    needed: bool


class Solver:
    """Structures compiled and values solved so far, remembered: much of a portfolio looks alike."""

    def __init__(self) -> None:
        self._compiled: dict[Structure, Compiled] = {}
        self._solved: dict[tuple[int, Basis, tuple[float, ...]], Certified] = {}

    def compiled(self, structure: Structure) -> Compiled:
        """The structure, compiled."""
        found = self._compiled.get(structure)
        if found is None:
            found = self._compiled[structure] = compile_structure(structure)
        return found

    def solve(self, compiled: Compiled, basis: Basis, values: Sequence[float]) -> Certified:
        """The unavailability of a structure that this solver compiled, on one basis."""
        key = (id(compiled), basis, tuple(values))
        found = self._solved.get(key)
        if found is None:
            match basis:
                case Basis.GUARANTEED:
                    found = compiled.guaranteed(values)
                case Basis.INDEPENDENT:
                    found = compiled.independent(values)
                case Basis.CEILING:
                    found = compiled.ceiling(values)
            self._solved[key] = found
        return found


class SystemBuilder:
    """Collects nodes; `build` freezes them. Nodes are numbered; a node may be used before it is defined."""

    def __init__(self) -> None:
        self._components: dict[int, Component] = {}
        self._gates: dict[int, Needs] = {}
        self._alternatives: dict[int, _Alternative] = {}
        self._common_cause: dict[int, Fraction] = {}
        self._count = 0

    def reserve(self) -> int:
        """A node to be defined later, so that circular structures can be written down."""
        self._count += 1
        return self._count - 1

    def component(self, component: Component, *, node: int | None = None) -> int:
        """A component."""
        node = self.reserve() if node is None else node
        self._components[node] = component
        return node

    def gate(
        self,
        k: int,
        operands: Sequence[int],
        *,
        node: int | None = None,
        common_cause: Fraction | None = None,
    ) -> int:
        """A node that is up when at least `k` of its operands are.

        Args:
            common_cause: beta of SEMANTICS §5; the operands must be components used nowhere else.
        """
        node = self.reserve() if node is None else node
        self._gates[node] = Needs(k, tuple(operands))
        if common_cause:
            self._common_cause[node] = common_cause
        return node

    def alternative(self, *, composed: int, promised: int, own: int | None, node: int | None = None) -> int:
        """One event that both a composition and a promise on the whole speak of (SEMANTICS §4).

        Basis by basis the better counts, if nothing inside `composed` is used elsewhere in the structure
        asked about; else
        `composed` together with `own`, the unstated own part bounded by the promise (None: it is stated).
        """
        node = self.reserve() if node is None else node
        self._alternatives[node] = _Alternative(composed, promised, own)
        return node

    def groundless(self, nodes: Sequence[int]) -> list[int]:
        """Those of `nodes` from which no component can be reached: circles that rest on nothing."""
        grounded = self._above(self._components, through_alternatives=True)
        return [node for node in nodes if node not in grounded]

    def _above(self, nodes: Iterable[int], *, through_alternatives: bool) -> set[int]:
        """`nodes` and all that is composed of any of them."""
        above: dict[int, list[int]] = {}
        for node, gate in self._gates.items():
            for operand in gate.operands:
                above.setdefault(operand, []).append(node)
        if through_alternatives:
            for node, alternative in self._alternatives.items():
                above.setdefault(alternative.composed, []).append(node)
                above.setdefault(alternative.promised, []).append(node)
        found = set(nodes)
        pending = list(found)
        while pending:
            for node in above.get(pending.pop(), ()):
                if node not in found:
                    found.add(node)
                    pending.append(node)
        return found

    def replace(self, node: int, component: Component) -> None:
        """Makes `node` a component, whatever it was."""
        self._gates.pop(node, None)
        self._alternatives.pop(node, None)
        self._common_cause.pop(node, None)
        self._components[node] = component

    def close_circles(self, root: int) -> None:
        """Alternatives that lie on a circle through themselves alone, in the structure of `root`.

        Where nothing inside the composition is used elsewhere, the circle closes inside: it leads back to the
        composition, of which the promise on the whole is no part, and the better of the two still counts.
        """
        for node, alternative in self._alternatives.items():
            inside = self._reached(alternative.composed, without=node)
            if not any(node in self._operands(n) for n in inside):
                continue
            if node != root and inside & self._reached(root, without=node):
                continue
            for n in inside & self._gates.keys():
                gate = self._gates[n]
                operands = tuple(alternative.composed if o == node else o for o in gate.operands)
                self._gates[n] = Needs(gate.k, operands)

    def _operands(self, node: int) -> tuple[int, ...]:
        gate = self._gates.get(node)
        if gate is not None:
            return gate.operands
        alternative = self._alternatives.get(node)
        return () if alternative is None else (alternative.composed,)

    def _reached(self, start: int, *, without: int) -> set[int]:
        """Everything reached from a node without passing another one."""
        seen: set[int] = set()
        pending = [start]
        while pending:
            node = pending.pop()
            if node != without and node not in seen:
                seen.add(node)
                pending.extend(self._operands(node))
        return seen

    def build(self, solver: "Solver | None" = None) -> "System":
        """The system of all nodes defined so far. The builder must not be used afterwards.

        Args:
            solver: shared by systems that hold the same structures, as the two views of a portfolio do.

        A composition with anything unknown in it does not count against a promise on the whole (SEMANTICS §4).
        """
        unknown = [node for node, c in self._components.items() if c.at_worst != c.at_best]
        incomplete = self._above(unknown, through_alternatives=False)
        for node, alternative in list(self._alternatives.items()):
            if alternative.composed in incomplete:
                del self._alternatives[node]
                self._gates[node] = Needs(1, (alternative.promised,))
        return System(
            count=self._count,
            components=self._components,
            gates=self._gates,
            alternatives=self._alternatives,
            common_cause=self._common_cause,
            solver=solver or Solver(),
        )


class System:
    """Values of the nodes of one graph, each computed at most once. See `SystemBuilder`."""

    def __init__(
        self,
        *,
        count: int,
        components: dict[int, Component],
        gates: dict[int, Needs],
        alternatives: dict[int, _Alternative],
        common_cause: dict[int, Fraction],
        solver: "Solver",
    ) -> None:
        self._components = components
        self._common_cause = common_cause
        self._solver = solver
        inside = {n: (a.composed,) if a.own is None else (a.composed, a.own) for n, a in alternatives.items()}
        acyclic = without_cycles(gates, inside, count)
        self._gates = acyclic.gates
        # An alternative on a circle has its inside used elsewhere by definition.
        self._alternatives = {n: a for n, a in alternatives.items() if n not in acyclic.gates}
        self._order = acyclic.order
        self._modules = self._find_modules()
        self._values: dict[int, Valued] = {}
        self._locals: dict[int, _Local] = {}
        self._worst_cuts: dict[int, float] = {}

    # Structure ---------------------------------------------------------------------------------------------

    def _operands(self, node: int) -> tuple[int, ...]:
        gate = self._gates.get(node)
        if gate is not None:
            return gate.operands
        alternative = self._alternatives.get(node)
        if alternative is None:
            return ()
        return (alternative.composed,) if alternative.own is None else (alternative.composed, alternative.own)

    def _find_modules(self) -> frozenset[int]:
        """The gates whose inside is used nowhere else, by two passes in linear time (Dutuit and Rauzy 1996)."""
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        done: dict[int, int] = {}
        used = {operand for node in self._order for operand in self._operands(node)}
        clock = 0
        for top in self._order:
            if top in used or top in first:
                continue
            pending: list[tuple[int, Iterator[int]]] = [(top, iter(self._operands(top)))]
            clock += 1
            first[top] = last[top] = clock
            while pending:
                node, operands = pending[-1]
                operand = next(operands, None)
                clock += 1
                if operand is None:
                    done[node] = last[node] = clock
                    pending.pop()
                elif operand in first:
                    last[operand] = clock
                else:
                    first[operand] = last[operand] = clock
                    pending.append((operand, iter(self._operands(operand))))
        modules = set()
        earliest: dict[int, int] = {}
        latest: dict[int, int] = {}
        for node in self._order:
            low, high = clock + 1, 0
            for operand in self._operands(node):
                low = min(low, first[operand], earliest[operand])
                high = max(high, last[operand], latest[operand])
            earliest[node], latest[node] = low, high
            if low > first[node] and high < done[node]:
                modules.add(node)
        return frozenset(modules)

    def _leaf(self, node: int) -> bool:
        return node in self._modules or node in self._components

    def _local(self, root: int) -> _Local:
        """The gates between `root` and the modules and components below it, as a structure of its own."""
        found = self._locals.get(root)
        if found is not None:
            return found
        inside, order = self._between(root)
        numbers: dict[int, int] = {}
        references: dict[int, int | None] = {}  # node -> engine reference, None = always up
        gates: list[Gate] = []
        for node in order:
            if node not in inside:
                numbers[node] = len(numbers)
                references[node] = numbers[node]
                continue
            gate = inside[node]
            operands = [references[o] for o in gate.operands]
            real = tuple(o for o in operands if o is not None)
            k = gate.k - (len(operands) - len(real))
            if k <= 0:
                references[node] = None
            else:
                gates.append(Gate(k, real))
                references[node] = ~(len(gates) - 1)
        leaves = tuple(numbers)
        whole = references[root]
        if whole is None:
            local = _Local((), (), None, needed=True)
        elif all(gate.k == len(gate.operands) for gate in gates):
            local = _Local(leaves, tuple(gates), None, needed=True)
        elif len(gates) == 1 and gates[0].k == 1 and len(set(gates[0].operands)) == len(gates[0].operands):
            local = _Local(leaves, tuple(gates), None, needed=False)
        else:
            structure = Structure(tuple(gates), whole, len(leaves))
            local = _Local(leaves, tuple(gates), self._solver.compiled(structure), needed=False)
        self._locals[root] = local
        return local

    def _between(self, root: int) -> tuple[dict[int, Needs], list[int]]:
        """The gates reached from `root` without passing a module or a component, and a post-order of all reached."""
        inside: dict[int, Needs] = {}
        order: list[int] = []
        seen: set[int] = set()
        pending: list[tuple[int, bool]] = [(root, False)]
        while pending:
            node, entered = pending.pop()
            if entered:
                order.append(node)
                continue
            if node in seen:
                continue
            seen.add(node)
            if node != root and self._leaf(node):
                order.append(node)
                continue
            alternative = self._alternatives.get(node)
            if alternative is None:
                gate = self._gates[node]
            elif node == root or self._is_module_of(root, node):
                order.append(node)
                continue
            else:
                operands = self._operands(node)
                gate = Needs(len(operands), operands)
            inside[node] = gate
            pending.append((node, True))
            pending.extend((operand, False) for operand in gate.operands)
        return inside, order

    def _is_module_of(self, root: int, node: int) -> bool:
        """Whether, in the structure of `root` alone, everything below `node` is used only through it."""
        below = self._reached(node, stop=-1)
        around = self._reached(root, stop=node)
        return not (below & around) - {node}

    def _reached(self, start: int, *, stop: int) -> set[int]:
        seen = {start}
        pending = [start]
        while pending:
            node = pending.pop()
            if node != stop:
                new = [o for o in self._operands(node) if o not in seen]
                seen.update(new)
                pending.extend(new)
        return seen

    # Values ------------------------------------------------------------------------------------------------

    def value(self, root: int) -> Valued:
        """The unavailability of `root` on all bases."""
        pending = [root]
        while pending:
            node = pending[-1]
            if node in self._values:
                pending.pop()
                continue
            missing = [n for n in self._parts(node) if n not in self._values]
            if missing:
                pending.extend(missing)
            else:
                self._values[node] = self._evaluate(node)
                pending.pop()
        return self._values[root]

    def _parts(self, node: int) -> tuple[int, ...]:
        if node in self._components:
            return ()
        alternative = self._alternatives.get(node)
        if alternative is not None:
            return (alternative.composed, alternative.promised)
        return self._local(node).leaves

    def _evaluate(self, node: int) -> Valued:
        component = self._components.get(node)
        if component is not None:
            return _component_value(node, component)
        alternative = self._alternatives.get(node)
        if alternative is not None:
            return _better(self._values[alternative.composed], self._values[alternative.promised])
        local = self._local(node)
        parts = [self._values[leaf] for leaf in local.leaves]
        beta = self._common_cause.get(node)
        best = _compose(self._solver, local, [p.at_best for p in parts], beta, optimistic=True)
        missing = any(p.missing for p in parts)
        exact = best.exact and all(p.exact for p in parts)
        worst = (
            best
            if exact and not missing
            else _compose(self._solver, local, [p.at_worst for p in parts], beta, optimistic=False)
        )
        weights = _birnbaum(local, [p.at_best.independent for p in parts])
        top = [(weight * cost, c) for weight, p in zip(weights, parts, strict=True) for cost, c in p.top]
        return Valued(
            at_worst=worst.value,
            at_best=best.value,
            missing=missing,
            exact=exact and worst.exact,
            gap=sum(p.gap for p in parts) + max(best.gap, worst.gap),
            closed=beta is None and _is_closed(local) and all(p.closed for p in parts),
            parts=sum(p.parts for p in parts),
            top=tuple(sorted(top, key=lambda entry: (-entry[0], entry[1]))[:_TOP]),
        )

    def exact(self, root: int, basis: Basis, *, at_best: bool) -> Fraction | None:
        """The unavailability of `root` in rational arithmetic; None where it is no closed form or too long a one.

        Used near ties only: in doubles a product that equals its target is judged missed in a quarter of the cases.
        """
        value = self.value(root)
        if not value.closed or value.parts > _MOST_EXACT_PARTS:
            return None
        found: dict[int, Fraction | None] = {}
        pending = [root]
        while pending:
            node = pending[-1]
            if node in found:
                pending.pop()
                continue
            missing = [n for n in self._parts(node) if n not in found]
            if missing:
                pending.extend(missing)
                continue
            found[node] = self._exact_step(node, basis, at_best, found)
            pending.pop()
        return found[root]

    def _exact_step(
        self, node: int, basis: Basis, at_best: bool, found: dict[int, Fraction | None]
    ) -> Fraction | None:
        component = self._components.get(node)
        if component is not None:
            share = component.at_best if at_best else component.at_worst
            return share.favourable if basis is Basis.CEILING else share.worst
        parts = [found[n] for n in self._parts(node)]
        values = [p for p in parts if p is not None]
        if len(values) < len(parts):
            return None
        if node in self._alternatives:
            return min(values)
        local = self._local(node)
        if local.compiled is not None:
            return local.compiled.exact(values, basis)
        if not values:
            return Fraction(0)
        k = len(values) if local.needed else 1
        return closed_forms.CLOSED_FORMS[basis](k, values)

    # Who decides -------------------------------------------------------------------------------------------

    def missing(self, root: int) -> list[int]:
        """The components below `root` whose two ends differ."""
        return list(self._walk(root, lambda node: self.value(node).missing))

    def components(self, root: int) -> list[int]:
        """Every component below `root`."""
        return list(self._walk(root, lambda _: True))

    def _walk(self, root: int, enter: Callable[[int], bool]) -> Iterator[int]:
        seen = {root}
        pending = [root]
        while pending:
            node = pending.pop()
            if not enter(node):
                continue
            if node in self._components:
                yield node
            else:
                new = [n for n in self._parts(node) if n not in seen]
                seen.update(new)
                pending.extend(reversed(new))

    def cuts(self, root: int, *, above: float) -> list[int]:
        """The components whose failure alone takes `root` down and whose unavailability is above a limit.

        Only where a branch holds such a component is it entered, so long chains of good components cost nothing.
        """
        found: list[int] = []
        pending = [root]
        while pending:
            node = pending.pop()
            if self._worst_cut(node) <= above:
                continue
            if node in self._components:
                found.append(node)
            else:
                pending.extend(reversed(self._cut_leaves(node)))
        return found

    def _worst_cut(self, root: int) -> float:
        """The largest unavailability among the components whose failure alone takes `root` down."""
        pending = [root]
        while pending:
            node = pending[-1]
            if node in self._worst_cuts:
                pending.pop()
                continue
            if node in self._components:
                self._worst_cuts[node] = self.value(node).at_best.guaranteed
                continue
            leaves = self._cut_leaves(node)
            unknown = [leaf for leaf in leaves if leaf not in self._worst_cuts]
            if unknown:
                pending.extend(unknown)
            else:
                self._worst_cuts[node] = max((self._worst_cuts[leaf] for leaf in leaves), default=0.0)
        return self._worst_cuts[root]

    def _cut_leaves(self, node: int) -> list[int]:
        alternative = self._alternatives.get(node)
        if alternative is not None:
            return [alternative.promised]
        local = self._local(node)
        if local.needed:
            return list(local.leaves)
        if len(local.leaves) == 1:
            return list(local.leaves)
        down: list[int] = []  # gate -> bit set of the leaves each of which alone takes it down
        for gate in local.gates:
            operands = [1 << o if o >= 0 else down[~o] for o in gate.operands]
            down.append(_at_least(operands, len(operands) - gate.k + 1))
        bits = down[-1] if down else 0
        return [leaf for i, leaf in enumerate(local.leaves) if bits >> i & 1]

    def importance(self, root: int) -> dict[int, float]:
        """Birnbaum importance of each component on the independent basis, at the best end of what is missing."""
        self.value(root)
        weights: dict[int, float] = {root: 1.0}
        for node in reversed(self._below((root,))):
            weight = weights.get(node, 0.0)
            if node in self._components or not weight:
                continue
            for part, share in zip(self._parts(node), self._shares(node), strict=True):
                weights[part] = weights.get(part, 0.0) + weight * share
        return {node: weight for node, weight in weights.items() if node in self._components}

    def heaviest(self, roots: Mapping[int, float], *, birnbaum: bool) -> dict[int, float]:
        """By component, the largest weight any root gives it: the root's own times the component's importance in it.

        Args:
            roots: weights by node.
            birnbaum: multiply by Birnbaum importance (independent basis, at the best end); else by 1, which bounds how
                much any basis can change with one component.
        """
        weights: dict[int, float] = {}
        for root, weight in roots.items():
            self.value(root)
            weights[root] = max(weights.get(root, 0.0), weight)
        for node in reversed(self._below(roots)):
            weight = weights.get(node, 0.0)
            if node in self._components or not weight:
                continue
            parts = self._parts(node)
            shares = self._shares(node) if birnbaum else [1.0] * len(parts)
            for part, share in zip(parts, shares, strict=True):
                weights[part] = max(weights.get(part, 0.0), weight * share)
        return {node: weight for node, weight in weights.items() if node in self._components}

    def _shares(self, node: int) -> list[float]:
        """The Birnbaum importance of each of a node's parts."""
        parts = [self._values[part].at_best.independent for part in self._parts(node)]
        if node in self._alternatives:
            composed, promised = parts
            return [1.0, 0.0] if composed <= promised else [0.0, 1.0]
        return _birnbaum(self._local(node), parts)

    def _below(self, roots: Iterable[int]) -> list[int]:
        """Everything that `roots` are composed of, parts before wholes."""
        order: list[int] = []
        seen: set[int] = set()
        pending = [(root, False) for root in roots]
        while pending:
            node, entered = pending.pop()
            if entered:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                pending.append((node, True))
                pending.extend((n, False) for n in self._parts(node))
        return order


@dataclass(frozen=True, slots=True)
class _Composed:
    value: Unavailability
    exact: bool = True
    gap: float = 0.0


def _component_value(node: int, component: Component) -> Valued:
    worst, best = component.at_worst, component.at_best
    at_best = Unavailability(float(best.worst), float(best.worst), float(best.favourable))
    at_worst = (
        at_best
        if worst == best
        else Unavailability(float(worst.worst), float(worst.worst), float(worst.favourable))
    )
    return Valued(
        at_worst=at_worst,
        at_best=at_best,
        missing=worst != best,
        exact=True,
        gap=0.0,
        closed=True,
        parts=1,
        top=((at_best.independent, node),),
    )


def _better(composed: Valued, promised: Valued) -> Valued:
    """Basis by basis the better of two descriptions of one event."""

    def at(one: Unavailability, other: Unavailability) -> Unavailability:
        return Unavailability(
            min(one.guaranteed, other.guaranteed),
            min(one.independent, other.independent),
            min(one.ceiling, other.ceiling),
        )

    chosen = composed if composed.at_best.independent <= promised.at_best.independent else promised
    return Valued(
        at_worst=at(composed.at_worst, promised.at_worst),
        at_best=at(composed.at_best, promised.at_best),
        missing=composed.missing or promised.missing,
        exact=composed.exact and promised.exact,
        gap=max(composed.gap, promised.gap),
        closed=composed.closed and promised.closed,
        parts=composed.parts + promised.parts,
        top=chosen.top,
    )


def _compose(
    solver: Solver,
    local: _Local,
    parts: Sequence[Unavailability],
    beta: Fraction | None,
    *,
    optimistic: bool,
) -> _Composed:
    """The values of a local structure from those of its leaves."""
    if not parts:
        return _Composed(Unavailability(0.0, 0.0, 0.0))
    guaranteed = [p.guaranteed for p in parts]
    independent = [p.independent for p in parts]
    ceiling = [p.ceiling for p in parts]
    cause = float(beta) * min(independent) if beta is not None else 0.0
    if cause:
        independent = [(u - cause) / (1 - cause) if cause < 1 else 1.0 for u in independent]
    if local.compiled is None:
        k = len(parts) if local.needed else 1
        value = Unavailability(
            closed_forms.guaranteed(k, guaranteed),
            cause + (1 - cause) * closed_forms.independent(k, independent),
            closed_forms.ceiling(k, ceiling),
        )
        return _Composed(value)
    worst = solver.solve(local.compiled, Basis.GUARANTEED, guaranteed)
    exact = solver.solve(local.compiled, Basis.INDEPENDENT, independent)
    best = solver.solve(local.compiled, Basis.CEILING, ceiling)
    middle = exact.low if optimistic else exact.high
    value = Unavailability(
        _safe(worst.low, worst.high, safe=worst.high, optimistic=optimistic),
        cause + (1 - cause) * middle,
        _safe(best.low, best.high, safe=best.low, optimistic=optimistic),
    )
    gap = max(worst.high - worst.low, best.high - best.low)
    return _Composed(value, exact=exact.low == exact.high and gap <= _LARGEST_GAP, gap=min(gap, _LARGEST_GAP))


def _safe(low: float, high: float, *, safe: float, optimistic: bool) -> float:
    """A programme's value: its safe end when the certified gap is small, else the end asked for."""
    if high - low <= _LARGEST_GAP:
        return safe
    return low if optimistic else high


def _is_closed(local: _Local) -> bool:
    return local.compiled is None or local.compiled.closed_form


def _birnbaum(local: _Local, parts: Sequence[float]) -> list[float]:
    """How much one unit of each leaf's unavailability adds to the whole's."""
    if local.compiled is not None:
        return local.compiled.birnbaum(parts)
    return closed_forms.derivatives(len(parts) if local.needed else 1, parts)


def _at_least(sets: Sequence[int], k: int) -> int:
    """The bits that are set in at least `k` of the sets."""
    counted = [0] * k  # counted[j]: set in more than j of the sets so far
    for bits in sets:
        for j in range(k - 1, 0, -1):
            counted[j] |= counted[j - 1] & bits
        counted[0] |= bits
    return counted[-1]
