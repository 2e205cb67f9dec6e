"""`OVERPROVISIONED`: an agreement that promises far more than anything above it needs."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.judge_availability import AvailabilityJudge
from olagraph.analysis.judged import Assessed, Judged
from olagraph.analysis.results import Finding, SubjectType, Verdict
from olagraph.analysis.wording import agreement_phrase
from olagraph.model.entities import AgreementKind


def unpressed(context: Context) -> Iterator[Asked]:
    """The agreements below SLAs on availability whose unavailability could be multiplied without changing any verdict.

    The change of a whole is bounded by the importance of one component (exact: it is linear), or, where an agreement
    stands for several components or no independence is assumed, by the sum of the components' changes.
    """
    factor, share = context.settings.overprovisioned_factor, context.settings.overprovisioned_share
    sources = [
        _Source(source, tuple((a, judged) for a, judged in group if a.item.kind is AgreementKind.SLA))
        for source, group in context.by_source
        if isinstance(source, AvailabilityJudge)
    ]
    budget_used: dict[str, float] = defaultdict(float)
    for source in sources:
        shares = context.memory.recall(
            ("budget used", id(source.judge)), source.looked_at, source.budget_used
        )
        for agreement, used in shares.items():
            budget_used[agreement] = max(budget_used[agreement], used)
    little = {agreement for agreement, used in budget_used.items() if used < share}
    room_used: dict[str, float] = defaultdict(float)
    for source in sources if little else ():
        rooms = partial(source.room_used, factor)
        pressed = context.memory.recall(("room used", id(source.judge)), source.looked_at, rooms)
        for agreement in pressed.keys() & little:
            room_used[agreement] = max(room_used[agreement], pressed[agreement])
    for name, used in room_used.items():
        if used <= 1:
            budget = context.memory.same(("budget", name), budget_used[name])
            yield name, (name, budget), (context.graph.agreements[name], budget, *context.parties)


def find(context: Context, asked: tuple[str, float]) -> Iterator[Finding]:
    """One finding for each agreement."""
    name, budget_used = asked
    provided, factor = context.graph.agreements[name], context.settings.overprovisioned_factor
    yield finding(
        "OVERPROVISIONED",
        subject_type=SubjectType.AGREEMENT,
        subject=name,
        metric="availability",
        message=f"{agreement_phrase(context.graph, provided)} promises more availability than any SLA "
        f"above it needs: {factor} times the downtime would change no verdict",
        evidence={"agreements": [name], "factor": factor, "share_of_an_equal_share": budget_used},
        fix="ask whether a cheaper service level would do",
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """What composed one view of some SLAs, and what each SLA leaves."""

    judge: AvailabilityJudge
    slas: tuple[tuple[Assessed, Judged], ...]

    @property
    def looked_at(self) -> tuple[object, ...]:
        """Everything that decides what is used."""
        return self.judge, *(assessed for assessed, _ in self.slas)

    def budget_used(self) -> dict[str, float]:
        """By agreement, the most that a component of it uses of an equal share of an SLA's budget."""
        heaviest = self._heaviest(_equal_share, birnbaum=True)
        found: dict[str, float] = {}
        for node, (agreement, loss) in self.judge.written.promised.items():
            used = loss * heaviest.get(node, -1.0)
            if used >= found.get(agreement, 0.0):
                found[agreement] = used
        return found

    def room_used(self, factor: int) -> dict[str, float]:
        """By agreement, the most of the room up to an SLA's next verdict that it uses with so many times its loss."""
        linear = self._heaviest(_room_if_independent, birnbaum=True)
        worst = self._heaviest(_room_in_general, birnbaum=False)
        several = self._heaviest(_room_if_independent, birnbaum=False)
        alone: dict[str, float] = {}
        together: dict[str, list[float]] = {}
        for node, (agreement, loss) in self.judge.written.promised.items():
            if node in worst:
                more, certain = (factor - 1) * loss, worst[node]
                known = together.setdefault(agreement, [])
                known.append(more * max(several[node], certain))
                alone[agreement] = more * max(linear[node], certain)
        return {
            agreement: alone[agreement] if len(used) == 1 else math.fsum(used)
            for agreement, used in together.items()
        }

    def _heaviest(
        self, room: Callable[[Assessed, Judged], float | None], *, birnbaum: bool
    ) -> dict[int, float]:
        """By component, the largest 1 / room over the SLAs above it; 0 where none leaves a certain room."""
        weights: dict[int, float] = {}
        for assessed, judged in self.slas:
            size = room(assessed, judged)
            weight = 0.0 if size is None else 1 / max(size, 1e-300)
            weights[judged.node] = max(weights.get(judged.node, 0.0), weight)
        return self.judge.system.heaviest(weights, birnbaum=birnbaum)


def _equal_share(assessed: Assessed, judged: Judged) -> float | None:
    return assessed.limit / max(1, judged.parts)


def _room_if_independent(assessed: Assessed, judged: Judged) -> float | None:
    """How far the independent value may rise before the verdict changes; None where another basis decides."""
    level = judged.view.independent
    if judged.view.verdict not in (Verdict.CONDITIONAL, Verdict.UNKNOWN) or level is None:
        return None
    loss = (
        level.complement_at_worst if judged.view.verdict is Verdict.CONDITIONAL else level.complement_at_best
    )
    return None if loss is None else assessed.limit - loss


def _room_in_general(assessed: Assessed, judged: Judged) -> float | None:
    """The same for the basis that decides where it is not the independent one."""
    view = judged.view
    match view.verdict:
        case Verdict.SUPPORTED if view.guaranteed is not None:
            loss = view.guaranteed.complement_at_worst
        case Verdict.UNSUPPORTED if view.ceiling is not None:
            loss = view.ceiling.complement_at_best
        case _:
            return None
    return None if loss is None else assessed.limit - loss
