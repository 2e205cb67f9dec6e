"""Assessments written back into SQLite."""

import sqlite3
from datetime import date

from olagraph.analysis.results import Severity, Verdict
from olagraph.documents.changes import ChangeSet
from olagraph.documents.entities import Key
from olagraph.documents.reading import Kind
from olagraph.stores.store import TargetVerdict, WrittenAssessment, WrittenFinding


def write_verdicts(connection: sqlite3.Connection, number: int, assessment: WrittenAssessment) -> None:
    """Put an assessment of portfolio `number` in place of the one before."""
    connection.execute("DELETE FROM assessment WHERE portfolio = ?", (number,))
    connection.execute(
        "INSERT INTO assessment (portfolio, revision, as_of) VALUES (?, ?, ?)",
        (number, assessment.revision, assessment.as_of.isoformat()),
    )
    connection.executemany(
        "INSERT INTO agreement_verdict (portfolio, agreement, verdict) VALUES (?, ?, ?)",
        ((number, agreement, str(verdict)) for agreement, verdict in assessment.agreements.items()),
    )
    connection.executemany(
        "INSERT INTO target_verdict (portfolio, agreement, target, verdict, gap) VALUES (?, ?, ?, ?, ?)",
        ((number, row.agreement, row.index, str(row.verdict), row.gap) for row in assessment.targets),
    )
    connection.executemany(
        "INSERT INTO finding (portfolio, ordinal, code, severity, message, fingerprint, kind, id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, ordinal, row.code, str(row.severity), row.message, row.fingerprint, *row.subject)
            for ordinal, row in enumerate(assessment.findings)
        ),
    )


def read_verdicts(connection: sqlite3.Connection, number: int) -> WrittenAssessment | None:
    """The assessment of portfolio `number` written last."""
    found = connection.execute(
        "SELECT revision, as_of FROM assessment WHERE portfolio = ?", (number,)
    ).fetchone()
    if found is None:
        return None
    agreements = connection.execute(
        "SELECT agreement, verdict FROM agreement_verdict WHERE portfolio = ?", (number,)
    )
    targets = connection.execute(
        "SELECT agreement, target, verdict, gap FROM target_verdict WHERE portfolio = ? ORDER BY agreement, target",
        (number,),
    )
    findings = connection.execute(
        "SELECT code, severity, message, fingerprint, kind, id FROM finding WHERE portfolio = ? ORDER BY ordinal",
        (number,),
    )
    return WrittenAssessment(
        revision=found[0],
        as_of=date.fromisoformat(found[1]),
        agreements={agreement: Verdict(verdict) for agreement, verdict in agreements},
        targets=tuple(
            TargetVerdict(agreement, index, Verdict(verdict), gap)
            for agreement, index, verdict, gap in targets
        ),
        findings=tuple(
            WrittenFinding(
                code=code,
                severity=Severity(severity),
                message=message,
                fingerprint=fingerprint,
                subject=Key(kind, id_),
            )
            for code, severity, message, fingerprint, kind, id_ in findings
        ),
    )


def forget(connection: sqlite3.Connection, number: int, edits: ChangeSet) -> None:
    """Remove what the assessment of portfolio `number` says of agreements edited, and findings about what is gone."""
    agreements = [
        (number, edit.key.id) for edit in edits if edit.key.kind == Kind.AGREEMENT and edit.before is not None
    ]
    for table in ("agreement_verdict", "target_verdict"):
        connection.executemany(f"DELETE FROM {table} WHERE portfolio = ? AND agreement = ?", agreements)
    removed = [(number, *edit.key) for edit in edits if edit.after is None]
    connection.executemany("DELETE FROM finding WHERE portfolio = ? AND kind = ? AND id = ?", removed)
