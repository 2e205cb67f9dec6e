"""`TARGET_INFEASIBLE`, `TARGET_UNSUPPORTED`, `TARGET_UNKNOWN`, `TARGET_CONDITIONAL`: the headline verdicts."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import about
from olagraph.analysis.fixes import achievable_target, single_fix
from olagraph.analysis.judged import Assessed
from olagraph.analysis.ladder import HOLDS, REFUTED
from olagraph.analysis.results import Finding, MissingReason, PartKind, Severity, Verdict, WeakPart
from olagraph.analysis.wording import agreement_phrase, item_phrase, listing, value
from olagraph.model.entities import AgreementKind

_OUTCOMES = {
    Verdict.INFEASIBLE: "cannot be met even if everything goes as well as promised",
    Verdict.UNSUPPORTED: "is not supported by the agreements below it",
    Verdict.UNKNOWN: "cannot be judged: what is missing decides",
    Verdict.CONDITIONAL: "holds only if failures are independent, which no contract promises",
}


def find(context: Context, assessed: Assessed) -> Iterator[Finding]:
    """A target that is not supported by the contracts alone."""
    outcome = _OUTCOMES.get(assessed.target.verdict)
    if outcome is not None:
        yield about(
            f"TARGET_{assessed.target.verdict}",
            assessed.item,
            message=f"{item_phrase(context.graph, assessed.item)} {outcome}{_because(context, assessed)}",
            evidence=_evidence(context, assessed),
            fix=_fix(context, assessed),
            severity=_severity(assessed),
        )


def _severity(assessed: Assessed) -> Severity:
    if assessed.target.verdict is Verdict.CONDITIONAL or assessed.item.kind is not AgreementKind.SLA:
        return Severity.WARNING
    return Severity.ERROR


def _because(context: Context, assessed: Assessed) -> str:
    weakest = assessed.target.weakest
    if not weakest:
        return ""
    if assessed.target.verdict is Verdict.UNKNOWN:
        undecided = {(part.kind, part.id) for part in assessed.deciding.open_parts}
        if not assessed.deciding.open_parts:
            return ": an exact value is out of reach, and its bounds lie on both sides of the target"
        reasons = [_open_phrase(context, part) for part in weakest if (part.kind, part.id) in undecided]
        return f": {listing(reasons)}" if reasons else ""
    return f"; it rests on {_part_phrase(context, assessed, weakest[0])}"


def _open_phrase(context: Context, part: WeakPart) -> str:
    graph = context.graph
    service = graph.service_name(part.service)
    if part.kind is PartKind.AGREEMENT:
        who = agreement_phrase(graph, graph.agreements[part.id])
        return f"what {who} on {service} is worth in this target's terms is not known"
    return f"nothing is promised for {service}"


def _part_phrase(context: Context, assessed: Assessed, part: WeakPart) -> str:
    graph = context.graph
    service = graph.service_name(part.service)
    if part.kind is PartKind.MISSING or part.value is None:
        return f"{service}, for which nothing is promised"
    worth = value(assessed.item.metric, part.value, part.complement)
    if part.kind is PartKind.OWN:
        return f"{graph.party_name(graph.services[part.service].provider)}'s own part in {service}, {worth}"
    return f"{agreement_phrase(graph, graph.agreements[part.id])}, {worth} on {service}"


def _evidence(context: Context, assessed: Assessed) -> dict[str, object]:
    weakest = assessed.target.weakest
    evidence: dict[str, object] = {"view": str(assessed.target.worse), "gap": assessed.target.gap}
    if weakest:
        path = context.graph.path(user=assessed.item.service, used=weakest[0].service)
        evidence["path"] = list(path or (assessed.item.service,))
    evidence["agreements"] = [part.id for part in weakest if part.kind is PartKind.AGREEMENT]
    evidence["clauses"] = [part.ref for part in weakest if part.ref]
    evidence["missing"] = sorted({m.service for m in assessed.deciding.view.missing})[:20]
    return evidence


def _fix(context: Context, assessed: Assessed) -> str | None:
    graph, target = context.graph, assessed.target
    missing = list(dict.fromkeys(m.service for m in assessed.deciding.view.missing))
    names = listing([graph.service_name(service) for service in missing])
    wanted = f"agree or state {target.metric.id} for {names}" if names else None
    if missing and all(m.reason is MissingReason.INCOMMENSURABLE for m in assessed.deciding.view.missing):
        wanted = f"agree the same window, hours and exclusions for {names}, or count the requests"
    if target.verdict is Verdict.UNKNOWN:
        if not assessed.deciding.open_parts:
            return "state less redundancy in one place: split the service, or assess its parts"
        return wanted or "agree the same window, hours and exclusions on both sides"
    if target.verdict is Verdict.CONDITIONAL and assessed.deciding.view.guaranteed is None:
        return None  # the metric has no other basis
    if target.achievable.verdict in HOLDS and target.contracted.verdict in REFUTED:
        return "raise the agreements that back it to what the services below them already achieve"
    steps = [step for step in (single_fix(graph, assessed), achievable_target(assessed)) if step is not None]
    if wanted is not None:
        steps = [f"{step}, and {wanted}" for step in steps[:1]] or [wanted]
    return "; or ".join(steps) if steps else None
