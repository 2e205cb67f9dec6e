"""Small portfolios and assessments, built inline."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from olagraph.analysis.results import (
    Assessment,
    Basis,
    Finding,
    Level,
    Missing,
    MissingReason,
    PartKind,
    Severity,
    SubjectType,
    TargetAssessment,
    Verdict,
    View,
    ViewAssessment,
    WeakPart,
)
from olagraph.metrics.table import DIMENSIONS, metric_table
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    Customer,
    Metric,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Target,
)
from olagraph.model.quantity import Quantity
from olagraph.model.window import Window

DAY = date(2026, 11, 23)
HOSTILE = (
    "</td><script>alert(1)</script> \x1b[31mred\x1b[0m \u202egnp.exe"
    " | [x](javascript:1) `a` @all\r\n# h\x00\ufeff]]>&amp;"
)

PORTFOLIO = Portfolio(
    name="Web shop",
    currency="EUR",
    providers=(
        Provider(id="cloudco", name="CloudCo", kind=ProviderKind.EXTERNAL),
        Provider(id="shop-it", name="Shop IT", kind=ProviderKind.INTERNAL),
    ),
    customers=(Customer(id="retail", name="Retail"),),
    services=(
        Service(id="web-shop", name="Web shop", provider="shop-it"),
        Service(id="frontend", name="Frontend", provider="cloudco"),
    ),
    agreements=(
        Agreement(
            id="sla-retail", kind=AgreementKind.SLA, provider="shop-it", customers=("retail",), ref="MSA §1"
        ),
        Agreement(
            id="uc-cloudco",
            kind=AgreementKind.UC,
            provider="cloudco",
            customers=("shop-it",),
            ref="MSA-2024-017 §4.2",
        ),
    ),
)


def metric(id: str) -> Metric:
    """A built-in row of the metric table."""
    return metric_table(Portfolio())[id]


def target(
    of: str = "availability", value: str = "99.9%", window: str | None = "month", **others: object
) -> Target:
    """A target as it would be read from a file."""
    quantity = Quantity.parse(value, DIMENSIONS[metric(of).unit])
    plain = Target(metric=of, value=quantity, window=Window.parse(window) if window else None)
    return replace(plain, **others)  # type: ignore[arg-type] # what the fields hold is the test's affair


def ratio(complement: float, best: float | None = None) -> Level:
    """A ratio by its complement, or an interval of them."""
    best = complement if best is None else best
    return Level(
        at_worst=1 - complement,
        at_best=1 - best,
        complement_at_worst=complement,
        complement_at_best=best,
    )


def plain(at_worst: float, at_best: float | None = None) -> Level:
    """A value that is no ratio."""
    return Level(at_worst=at_worst, at_best=at_worst if at_best is None else at_best)


def view(verdict: Verdict, *levels: Level | None, **others: object) -> ViewAssessment:
    """A view with its values on the three bases."""
    guaranteed, independent, ceiling = levels
    return ViewAssessment(
        verdict=verdict,
        guaranteed=guaranteed,
        independent=independent,
        ceiling=ceiling,
        **others,  # type: ignore[arg-type]
    )


CLOUDCO = WeakPart(
    kind=PartKind.AGREEMENT,
    id="uc-cloudco",
    service="frontend",
    share=0.9,
    value=0.995,
    complement=0.005,
    ref="MSA-2024-017 §4.2",
)
OWN = WeakPart(
    kind=PartKind.OWN, id="web-shop", service="web-shop", share=0.1, value=0.9995, complement=0.0005
)
STOCK_MISSING = Missing(
    service="stock", user="shop-it", reason=MissingReason.NO_AGREEMENT, detail="nothing covers it"
)

VIEWS = {
    Verdict.SUPPORTED: view(
        Verdict.SUPPORTED, ratio(0.0005), ratio(0.0005), ratio(0.0004), weakest=(CLOUDCO,)
    ),
    Verdict.CONDITIONAL: view(
        Verdict.CONDITIONAL, ratio(0.0015), ratio(0.0006), ratio(0.0), weakest=(CLOUDCO,)
    ),
    Verdict.UNSUPPORTED: view(
        Verdict.UNSUPPORTED, ratio(0.0060), ratio(0.0056), ratio(0.0005), weakest=(CLOUDCO, OWN)
    ),
    Verdict.INFEASIBLE: view(
        Verdict.INFEASIBLE, ratio(0.0060), ratio(0.0056), ratio(0.0050), weakest=(CLOUDCO, OWN)
    ),
    Verdict.UNKNOWN: view(
        Verdict.UNKNOWN,
        ratio(1.0, 0.0005),
        ratio(1.0, 0.0005),
        ratio(1.0, 0.0004),
        missing=(STOCK_MISSING,),
        weakest=(WeakPart(kind=PartKind.MISSING, id="stock", service="stock", share=1.0),),
    ),
}


def assessed(
    verdict: Verdict = Verdict.UNSUPPORTED,
    *,
    agreement: Agreement = PORTFOLIO.agreements[0],
    service: str = "web-shop",
    target: Target = target(),  # noqa: B008 - a frozen value
    contracted: ViewAssessment | None = None,
    achievable: ViewAssessment | None = None,
    draft: bool = False,
    gap: float | None = 0.0046,
) -> TargetAssessment:
    """An assessed target whose views have the verdict, unless they are given."""
    return TargetAssessment(
        agreement=agreement,
        service=service,
        target=target,
        metric=metric(target.metric),
        verdict=verdict,
        contracted=contracted or VIEWS[verdict],
        achievable=achievable or contracted or VIEWS[verdict],
        worse=View.ACHIEVABLE if achievable and achievable.verdict is verdict else View.CONTRACTED,
        gap=None if verdict is Verdict.UNKNOWN else gap,
        draft=draft,
    )


def percentile(verdict: Verdict = Verdict.UNSUPPORTED) -> TargetAssessment:
    """A latency of 2 s for 95 % of requests."""
    return assessed(
        verdict,
        target=target("latency", "2 s", None, for_=Decimal("0.95")),
        contracted=view(
            verdict,
            ratio(0.1),
            ratio(0.0975),
            ratio(0.04),
            time_at={
                Basis.GUARANTEED: plain(float("inf")),
                Basis.INDEPENDENT: plain(2.4),
                Basis.CEILING: plain(1.8),
            },
        ),
        gap=0.0475,
    )


def finding(
    code: str = "TARGET_UNSUPPORTED",
    severity: Severity = Severity.ERROR,
    *,
    subject: str = "sla-retail",
    subject_type: SubjectType = SubjectType.AGREEMENT,
    message: str = "Retail's 99.9% rests on CloudCo's 99.5% (MSA-2024-017 §4.2).",
    fix: str | None = "Ask CloudCo for 99.95% on Frontend.",
    fingerprint: str | None = None,
    **others: object,
) -> Finding:
    """A finding; its fingerprint follows from code and subject."""
    return Finding(
        code=code,
        severity=severity,
        subject_type=subject_type,
        subject=subject,
        message=message,
        fix=fix,
        fingerprint=fingerprint or f"{code}:{subject}",
        **others,  # type: ignore[arg-type] # what the fields hold is the test's affair
    )


def assessment(
    *targets: TargetAssessment,
    findings: tuple[Finding, ...] = (),
    portfolio: str = "Web shop",
    **others: object,
) -> Assessment:
    """An assessment of the day."""
    return Assessment(
        portfolio=portfolio,
        currency="EUR",
        as_of=DAY,
        revision=None,
        **({"not_in_force": ()} | others),  # type: ignore[arg-type] # what the fields hold is the test's affair
        targets=targets,
        findings=findings,
    )
