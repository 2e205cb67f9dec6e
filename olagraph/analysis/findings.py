"""Building findings: severities, fingerprints, order (SEMANTICS §7)."""

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType

from olagraph.analysis.items import Item
from olagraph.analysis.results import Finding, Identity, Severity, SubjectType, identity

SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {
        "TARGET_INFEASIBLE": Severity.ERROR,
        "TARGET_UNSUPPORTED": Severity.ERROR,
        "TARGET_UNKNOWN": Severity.ERROR,
        "OVERSUBSCRIBED": Severity.ERROR,
        "TARGET_CONDITIONAL": Severity.WARNING,
        "NO_AGREEMENT": Severity.WARNING,
        "METRIC_GAP": Severity.WARNING,
        "INCOMMENSURABLE": Severity.WARNING,
        "CONDITION_UNMET": Severity.WARNING,
        "HOLLOW_PROMISE": Severity.WARNING,
        "NOT_BACK_TO_BACK": Severity.WARNING,
        "THIN_MARGIN": Severity.WARNING,
        "WINDOW_MISMATCH": Severity.WARNING,
        "HOURS_GAP": Severity.WARNING,
        "EXCLUSION_GAP": Severity.WARNING,
        "POPULATION_MISMATCH": Severity.WARNING,
        "CLOCK_MISMATCH": Severity.WARNING,
        "IMPLAUSIBLE_TARGET": Severity.WARNING,
        "THIRD_PARTY_EXCLUDED": Severity.WARNING,
        "FALSE_REDUNDANCY": Severity.WARNING,
        "CYCLE": Severity.WARNING,
        "AMBIGUOUS_PROMISE": Severity.WARNING,
        "KIND_MISMATCH": Severity.WARNING,
        "UNDER_CONTRACTED": Severity.INFO,
        "SINGLE_POINT_OF_FAILURE": Severity.INFO,
        "ORPHAN_AGREEMENT": Severity.INFO,
        "OVERPROVISIONED": Severity.INFO,
        "UNMEASURED": Severity.INFO,
        "OWN_PART_UNSTATED": Severity.INFO,
    }
)
"""Every code with the severity it usually has, the most urgent first."""

_ORDER = {code: place for place, code in enumerate(SEVERITIES)}


def finding(
    code: str,
    *,
    subject_type: SubjectType,
    subject: str,
    message: str,
    service: str | None = None,
    metric: str | None = None,
    priority: str | None = None,
    target: Identity | None = None,
    counterpart: str | None = None,
    evidence: Mapping[str, object] | None = None,
    fix: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A finding with its fingerprint: a hash over who and what, never over numbers, so that it survives re-runs."""
    statistic, population, terms = target or (None, priority, None)
    parts = (code, subject_type, subject, service, metric, statistic, population, terms, counterpart)
    fingerprint = sha256(
        "\x1f".join("" if part is None else str(part) for part in parts).encode()
    ).hexdigest()
    return Finding(
        code=code,
        severity=severity or SEVERITIES[code],
        subject_type=subject_type,
        subject=subject,
        message=message,
        service=service,
        metric=metric,
        evidence=MappingProxyType(dict(evidence or {})),
        fix=fix,
        fingerprint=fingerprint[:24],
        target=target,
    )


def about(
    code: str,
    item: Item,
    *,
    message: str,
    counterpart: str | None = None,
    evidence: Mapping[str, object] | None = None,
    fix: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A finding about one assessed target."""
    return finding(
        code,
        subject_type=SubjectType.AGREEMENT,
        subject=item.agreement.id,
        message=message,
        service=item.service,
        metric=item.metric.id,
        target=identity(item.agreement, item.target),
        counterpart=counterpart,
        evidence=evidence,
        fix=fix,
        severity=severity,
    )


def most_urgent_first(found: Finding) -> tuple[object, ...]:
    """The order in which findings are listed."""
    return (
        found.severity.rank,
        _ORDER[found.code],
        found.subject,
        found.service or "",
        found.metric or "",
        found.fingerprint,
    )
