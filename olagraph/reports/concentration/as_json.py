"""Concentration as JSON: the contract of docs/concentration.md."""

from collections.abc import Iterable

from olagraph.analysis.concentration.results import (
    CutSets,
    Importance,
    LossImpact,
    Promised,
    ServiceImportance,
)
from olagraph.analysis.losses import LossKind
from olagraph.reports import plain
from olagraph.reports.concentration.subject import ConcentrationReport

_SECTIONS = {
    "providers": LossKind.PROVIDER,
    "owners": LossKind.OWNER,
    "regions": LossKind.REGION,
    "zones": LossKind.ZONE,
}


def render(report: ConcentrationReport) -> str:
    """The report as one JSON object; equal reports give equal bytes."""
    found = report.concentration
    document: plain.JsonObject = {
        "portfolio": found.portfolio,
        "as_of": found.as_of.isoformat(),
        "services": found.services,
        "slas": found.slas,
        "proven": found.proven,
    }
    for key, kind in _SECTIONS.items():
        document[key] = [_loss(each) for each in found.of_kind(kind)]
    document["not_known"] = _ids(found.not_known)
    document["importance"] = [_service(each) for each in report.importance]
    document["cut_sets"] = [_cut_sets(each) for each in report.cut_sets]
    return plain.document(document)


def _ids(ids: Iterable[str]) -> plain.JsonValue:
    return list[plain.JsonValue](ids)


def _loss(impact: LossImpact) -> plain.JsonObject:
    return {
        "id": impact.loss.id,
        "kind": None if impact.provider_kind is None else impact.provider_kind.value,
        "share_of_slas": impact.share_of_slas,
        "slas_down": _ids(impact.slas_down),
        "slas_at_risk": _ids(impact.slas_at_risk),
        "customers": _ids(impact.customers),
        "down": _ids(impact.down),
        "at_risk": _ids(impact.at_risk),
        "provides": _ids(impact.provides),
        "supplies": _ids(impact.supplies),
        "agreements": _ids(impact.agreements),
        "tightest_promise": _promised(impact.tightest_promise),
        "tightest_sla": _promised(impact.tightest_sla),
    }


def _promised(promised: Promised | None) -> plain.JsonValue:
    if promised is None:
        return None
    target = promised.target
    return {
        "agreement": promised.agreement.id,
        "metric": target.metric,
        "value": target.value.si,
        "complement": float(1 - target.value.exact),
        "window": str(target.window) if target.window else None,
        "hours": target.hours,
        "ref": promised.agreement.ref,
    }


def _service(found: ServiceImportance) -> plain.JsonObject:
    return {
        "service": found.service,
        "agreement": found.agreement,
        "unavailability": found.high if found.exact else [found.high, found.low],
        "missing": [plain.missing(each) for each in found.missing],
        "elements": [_element(each) for each in found.elements],
    }


def _element(element: Importance) -> plain.JsonObject:
    return {
        "kind": element.kind.value,
        "id": element.id,
        "agreement": element.agreement,
        "missing": element.missing,
        "components": element.components,
        "unavailability": element.unavailability,
        "birnbaum": element.birnbaum,
        "criticality": element.criticality,
        "fussell_vesely": element.fussell_vesely,
        "raw": element.raw,
        "rrw": None if element.rrw is None else plain.number(element.rrw),
    }


def _cut_sets(found: CutSets) -> plain.JsonObject:
    orders: plain.JsonValue = None
    if found.orders is not None:
        orders = {str(order): count for order, count in enumerate(found.orders) if count}
    return {
        "service": found.service,
        "by": found.by.value,
        "count": found.count,
        "orders": orders,
        "smallest": [_ids(members) for members in found.smallest],
    }
