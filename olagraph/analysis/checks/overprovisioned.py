"""`OVERPROVISIONED`: an agreement that promises far more than anything above it needs."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.judge_availability import AvailabilityJudge
from olagraph.analysis.judged import Assessed, Judged, target_loss
from olagraph.analysis.results import Finding, PartKind, SubjectType, Verdict, View
from olagraph.analysis.wording import agreement_phrase
from olagraph.model.entities import AgreementKind, Family


def find(context: Context) -> Iterator[Finding]:
    """Agreements below SLAs on availability whose unavailability could be multiplied without changing any verdict.

    The change of a whole is bounded by the importance of one component (exact: it is linear), or, where an agreement
    stands for several components or no independence is assumed, by the sum of the components' changes.
    """
    factor, share = context.settings.overprovisioned_factor, context.settings.overprovisioned_share
    verdict_used: dict[str, float] = defaultdict(float)
    budget_used: dict[str, float] = defaultdict(float)
    by_source: dict[int, tuple[AvailabilityJudge, list[tuple[Assessed, Judged]]]] = {}
    for assessed in context.assessed:
        if (
            assessed.item.kind is not AgreementKind.SLA
            or assessed.item.metric.family is not Family.STRUCTURE_FUNCTION
        ):
            continue
        for view in View:
            source = context.source(assessed, view)
            if isinstance(source, AvailabilityJudge):
                by_source.setdefault(id(source), (source, []))[1].append((assessed, assessed.judged(view)))
    for source, group in by_source.values():
        for agreement, (verdict, budget) in _pressures(source, group, factor).items():
            verdict_used[agreement] = max(verdict_used[agreement], verdict)
            budget_used[agreement] = max(budget_used[agreement], budget)
    for name, used in verdict_used.items():
        if used > 1 or budget_used[name] >= share:
            continue
        provided = context.graph.agreements[name]
        yield finding(
            "OVERPROVISIONED",
            subject_type=SubjectType.AGREEMENT,
            subject=name,
            metric="availability",
            message=f"{agreement_phrase(context.graph, provided)} promises more availability than any SLA "
            f"above it needs: {factor} times the downtime would change no verdict",
            evidence={"agreements": [name], "factor": factor, "share_of_an_equal_share": budget_used[name]},
            fix="ask whether a cheaper service level would do",
        )


def _pressures(
    source: AvailabilityJudge, group: list[tuple[Assessed, Judged]], factor: int
) -> dict[str, tuple[float, float]]:
    """By agreement: the share of the room up to the next verdict, and of an equal share of the budget, that it uses."""
    budget = _heaviest(source, group, _equal_share, birnbaum=True)
    linear = _heaviest(source, group, _room_if_independent, birnbaum=True)
    worst = _heaviest(source, group, _room_in_general, birnbaum=False)
    several = _heaviest(source, group, _room_if_independent, birnbaum=False)
    components: dict[str, list[int]] = defaultdict(list)
    for node in worst.keys() | linear.keys() | budget.keys():
        part = source.part(node)
        value = source.system.value(node)
        known = not value.missing and value.at_best.independent > 0
        if known and part.kind is PartKind.AGREEMENT and part.agreement is not None:
            components[part.agreement].append(node)
    found = {}
    for agreement, nodes in components.items():
        independent = linear if len(nodes) == 1 else several
        losses = {node: source.system.value(node).at_best.independent for node in nodes}
        room = sum(
            (factor - 1) * u * max(independent.get(n, 0.0), worst.get(n, 0.0)) for n, u in losses.items()
        )
        used = max((u * budget.get(n, 0.0) for n, u in losses.items()), default=0.0)
        found[agreement] = (room, used)
    return found


def _heaviest(
    source: AvailabilityJudge,
    group: list[tuple[Assessed, Judged]],
    room: Callable[[Assessed, Judged], float | None],
    *,
    birnbaum: bool,
) -> dict[int, float]:
    """By component, the largest 1 / room over the SLAs above it."""
    weights: dict[int, float] = {}
    for assessed, judged in group:
        size = room(assessed, judged)
        if size is not None:
            weights[judged.node] = max(weights.get(judged.node, 0.0), 1 / max(size, 1e-300))
    return source.system.heaviest(weights, birnbaum=birnbaum)


def _equal_share(assessed: Assessed, judged: Judged) -> float | None:
    return target_loss(assessed.item) / max(1, judged.parts)


def _room_if_independent(assessed: Assessed, judged: Judged) -> float | None:
    """How far the independent value may rise before the verdict changes; None where another basis decides."""
    level = judged.view.independent
    if judged.view.verdict not in (Verdict.CONDITIONAL, Verdict.UNKNOWN) or level is None:
        return None
    loss = (
        level.complement_at_worst if judged.view.verdict is Verdict.CONDITIONAL else level.complement_at_best
    )
    return None if loss is None else target_loss(assessed.item) - loss


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
    return None if loss is None else target_loss(assessed.item) - loss
