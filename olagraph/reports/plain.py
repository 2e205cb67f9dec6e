"""Values as JSON: the contract of docs/command-line.md, "assess --format json".

Values are SI at full double precision. An interval is `[at worst, at best]`; equal ends are one number; a
bound at infinity is null inside the pair, so a value that is infinite at both ends is `[null, null]`: a bare
null says that the basis has no meaning for the metric. Only in `time_at` a bare null says that no time
reaches the fraction.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from olagraph.analysis.results import (
    Basis,
    Finding,
    Level,
    Missing,
    PartKind,
    TargetAssessment,
    ViewAssessment,
    WeakPart,
)
from olagraph.model.entities import Metric, Target
from olagraph.reports.names import Names
from olagraph.reports.visible import HIDDEN

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]


def document(value: JsonObject) -> str:
    """`value` as text, newline-terminated; hidden characters are escaped, so that a terminal obeys none."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)
    # Within a value every line end is escaped already, so those that are left are the indentation's own.
    return "\n".join(HIDDEN.sub(_escaped, line) for line in text.split("\n")) + "\n"


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def number(value: float) -> JsonValue:
    """A finite number; null for infinity."""
    return value if math.isfinite(value) else None


def _interval(at_worst: float, at_best: float) -> JsonValue:
    if at_worst == at_best and math.isfinite(at_worst):
        return at_worst
    return [number(at_worst), number(at_best)]


def level(value: Level | None) -> JsonValue:
    """A value on one basis."""
    return None if value is None else _interval(value.at_worst, value.at_best)


def complement(value: Level | None) -> JsonValue:
    """1 - the value on one basis, at full precision."""
    if value is None or value.complement_at_worst is None or value.complement_at_best is None:
        return None
    return _interval(value.complement_at_worst, value.complement_at_best)


def levels(values: Mapping[Basis, Level | None], metric: Metric) -> JsonObject:
    """The three bases by name, complements beside ratios; `bounds_only` names those that are not exact."""
    plain: JsonObject = {}
    for basis in Basis:
        value = values.get(basis)
        plain[basis.value] = level(value)
        if metric.unit == "ratio" or (value is not None and value.complement_at_worst is not None):
            plain[f"{basis.value}_complement"] = complement(value)
    bounds: list[JsonValue] = [
        basis.value for basis, value in values.items() if value and not value.certified
    ]
    return plain | ({"bounds_only": bounds} if bounds else {})


def target(value: Target, metric: Metric) -> JsonObject:
    """A target in the unit of its metric, with the terms that it is assessed in."""
    for_ = value.for_
    return {
        "value": value.value.si,
        "complement": float(1 - value.value.exact) if metric.unit == "ratio" else None,
        "unit": metric.unit,
        "for": float(for_) if isinstance(for_, Decimal) else for_,
        "priority": value.population.name if value.population else None,
        "window": str(value.window) if value.window else None,
        "hours": value.hours,
        "clock": value.clock,
    }


def weak_part(part: WeakPart) -> JsonObject:
    """One of the weakest parts, as `{"agreement"}`, `{"own": service}` or `{"missing": service}`."""
    return {part.kind.value: part.id if part.kind is PartKind.AGREEMENT else part.service}


def weak_part_in_full(part: WeakPart) -> JsonObject:
    """The same with what it costs."""
    return weak_part(part) | {
        "service": part.service,
        "share": number(part.share),
        "value": None if part.value is None else number(part.value),
        "complement": part.complement,
        "ref": part.ref,
    }


def missing(each: Missing) -> JsonObject:
    """A part for which nothing stands."""
    return {"service": each.service, "user": each.user, "reason": each.reason.value, "detail": each.detail}


def view(value: ViewAssessment, metric: Metric) -> JsonObject:
    """One view's verdict and values."""
    plain: JsonObject = {"verdict": value.verdict.value}
    plain |= levels({basis: value.level(basis) for basis in Basis}, metric)
    if value.time_at is not None:
        plain["time_at"] = {basis.value: _time_at(value.time_at.get(basis)) for basis in Basis}
    plain["weakest"] = [weak_part_in_full(part) for part in value.weakest]
    plain["missing"] = [missing(each) for each in value.missing]
    return plain


def _time_at(value: Level | None) -> JsonValue:
    if value is None or (math.isinf(value.at_worst) and math.isinf(value.at_best)):
        return None
    return level(value)


def assessment(value: TargetAssessment, names: Names) -> JsonObject:
    """One assessed target; `draft` and `resold` stand there only where they are true."""
    plain: JsonObject = {
        "agreement": value.agreement.id,
        "kind": names.kind(value.agreement).value,
        "customer": list(value.agreement.customers),
        "service": value.service,
        "metric": value.metric.id,
        "target": target(value.target, value.metric),
        "verdict": value.verdict.value,
        "contracted": view(value.contracted, value.metric),
        "achievable": view(value.achievable, value.metric),
        "gap": None if value.gap is None else number(value.gap),
        "weakest": [weak_part(part) for part in value.weakest],
        "ref": value.agreement.ref,
    }
    return plain | ({"draft": True} if value.draft else {}) | ({"resold": True} if value.resold else {})


def finding(value: Finding) -> JsonObject:
    """One finding."""
    return {
        "code": value.code,
        "severity": value.severity.value,
        "subject": {"type": value.subject_type.value, "id": value.subject},
        "service": value.service,
        "metric": value.metric,
        "message": value.message,
        "evidence": plain_value(value.evidence),
        "fix": value.fix,
        "fingerprint": value.fingerprint,
    }


def plain_value(value: object) -> JsonValue:
    """Evidence as JSON: mappings, lists, texts, numbers, dates; anything else as its text."""
    match value:
        case None | bool() | int():
            return value
        case float():
            return number(value)
        case Decimal() | Fraction():
            return number(float(value))
        case Enum():
            return plain_value(value.value)
        case str():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain_value(each) for key, each in value.items()}
        case list() | tuple():
            return [plain_value(each) for each in value]
        case set() | frozenset():
            return sorted((plain_value(each) for each in value), key=str)
        case _:
            return str(value)
