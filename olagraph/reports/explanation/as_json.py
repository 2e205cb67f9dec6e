"""Explanations as JSON: the assessed target as in `assess --format json`, and the steps of both views."""

from olagraph.analysis.results import Basis, ExplanationStep
from olagraph.model.entities import Metric
from olagraph.reports import plain
from olagraph.reports.explanation.steps import DEEPEST
from olagraph.reports.names import Names
from olagraph.reports.subject import ExplanationReport


def render(report: ExplanationReport) -> str:
    """One object with an entry for each explained target."""
    names = Names(report.portfolio)
    return plain.document(
        {
            "portfolio": report.portfolio.name,
            "currency": report.portfolio.currency,
            "as_of": report.as_of.isoformat(),
            "explanations": [
                {
                    "assessment": plain.assessment(each.assessment, names),
                    "contracted": _step(each.contracted, each.assessment.metric, depth=0),
                    "achievable": _step(each.achievable, each.assessment.metric, depth=0),
                }
                for each in report.explanations
            ],
        }
    )


def _step(step: ExplanationStep, metric: Metric, *, depth: int) -> plain.JsonObject:
    """One step; past the deepest level that is shown, `cut` is true and its steps are left out."""
    object: plain.JsonObject = {
        "kind": step.kind.value,
        "label": step.label,
        "service": step.service,
        "agreement": step.agreement,
        "ref": step.ref,
        **plain.levels({basis: getattr(step, basis.value) for basis in Basis}, metric),
        "share": None if step.share is None else plain.number(step.share),
        "notes": list[plain.JsonValue](step.notes),
    }
    if depth == DEEPEST and step.steps:
        return object | {"steps": [], "cut": True}
    return object | {"steps": [_step(each, metric, depth=depth + 1) for each in step.steps]}
