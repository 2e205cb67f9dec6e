"""What the audit log tells of one operation, and the line of JSON that tells it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

REDACTED = "[redacted]"

_LONGEST_TEXT = 500
_LONGEST_VARIABLES = 8_000
_LONGEST_NAME = 100
_MOST_VARIABLES = 100


class Kind(StrEnum):
    """What was asked for."""

    QUERY = "query"
    MUTATION = "mutation"
    SUBSCRIPTION = "subscription"
    AUTHENTICATION = "authentication"
    KEYS = "keys"


class Outcome(StrEnum):
    """How it ended: done; refused, as it was wrong or not allowed; failed, on our side."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One operation. What does not apply is None and not written.

    Attributes:
        at: when it began.
        request: the request's id.
        kind, outcome: see there.
        principal: its id; None = nobody was authenticated.
        name: the principal's name.
        address: where the request came from.
        operation: the operation's name.
        portfolio: its id.
        revision_before, revision_after: of the portfolio.
        reason: why it was refused or failed.
        duration_ms: until the answer was ready.
        variables: by name.
    """

    at: datetime
    request: str
    kind: Kind
    outcome: Outcome
    principal: str | None = None
    name: str | None = None
    address: str | None = None
    operation: str | None = None
    portfolio: str | None = None
    revision_before: int | None = None
    revision_after: int | None = None
    reason: str | None = None
    duration_ms: float | None = None
    variables: Mapping[str, Any] | None = None


def audit_line(record: AuditRecord, *, values: bool) -> bytes:
    """The record as one line of ASCII: control characters, line ends and whatever turns text round are escaped.

    Args:
        values: write the values of variables, not only their names.
    """
    told: dict[str, Any] = {
        "at": record.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "request": record.request,
        "kind": record.kind,
        "outcome": record.outcome,
        "principal": record.principal,
        "name": record.name,
        "address": record.address,
        "operation": record.operation,
        "portfolio": record.portfolio,
        "revision_before": record.revision_before,
        "revision_after": record.revision_after,
        "reason": record.reason,
        "duration_ms": None if record.duration_ms is None else round(record.duration_ms, 3),
        "variables": None if record.variables is None else _variables(record.variables, values=values),
    }
    kept = {name: _short(value) if isinstance(value, str) else value for name, value in told.items()}
    kept = {name: value for name, value in kept.items() if value is not None}
    return json.dumps(kept, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _variables(variables: Mapping[str, Any], *, values: bool) -> Any:
    names = [_short(str(name), _LONGEST_NAME) for name in islice(variables, _MOST_VARIABLES)]
    redacted = dict.fromkeys(names, REDACTED)
    if not values:
        return redacted
    try:
        spelled = json.dumps(dict(variables), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return redacted
    return json.loads(spelled) if len(spelled) <= _LONGEST_VARIABLES else redacted


def _short(text: str, longest: int = _LONGEST_TEXT) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
