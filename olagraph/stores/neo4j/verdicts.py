"""Assessments written back into the graph.

(:Agreement {verdict})-[:HAS_TARGET]->(:Target {verdict, gap})
(:Finding {code, severity, message, fingerprint})-[:ABOUT]->(:Agreement|:Service|:Provider|:Portfolio …)
"""

from collections import defaultdict
from datetime import date
from typing import Any

from neo4j import ManagedTransaction

from olagraph.analysis.results import Severity, Verdict
from olagraph.documents.entities import HEADER, HEADER_KEY, Key
from olagraph.stores.neo4j.schema import TYPE_OF
from olagraph.stores.store import TargetVerdict, WrittenAssessment, WrittenFinding

_KIND_OF = {each.label: kind for kind, each in TYPE_OF.items()}

_FORGET = (
    "MATCH (n:Agreement {portfolio: $portfolio}) WHERE n.verdict IS NOT NULL REMOVE n.verdict",
    "MATCH (n:Target {portfolio: $portfolio}) WHERE n.verdict IS NOT NULL REMOVE n.verdict, n.gap",
    "MATCH (n:Finding {portfolio: $portfolio}) DETACH DELETE n",
)


def write_verdicts(transaction: ManagedTransaction, portfolio: str, assessment: WrittenAssessment) -> None:
    """Put an assessment in place of the one before."""

    def run(text: str, rows: list[list[Any]]) -> None:
        transaction.run(text, portfolio=portfolio, rows=rows).consume()

    for text in _FORGET:
        run(text, [])
    run(
        "UNWIND $rows AS row MATCH (n:Agreement {portfolio: $portfolio, id: row[0]}) SET n.verdict = row[1]",
        [[id_, str(verdict)] for id_, verdict in assessment.agreements.items()],
    )
    run(
        "UNWIND $rows AS row MATCH (:Agreement {portfolio: $portfolio, id: row[0]})"
        "-[:HAS_TARGET {position: row[1]}]->(t) SET t.verdict = row[2], t.gap = row[3]",
        [[each.agreement, each.index, str(each.verdict), each.gap] for each in assessment.targets],
    )
    findings = defaultdict(list)
    for number, each in enumerate(assessment.findings):
        told = {
            "code": each.code,
            "severity": str(each.severity),
            "message": each.message,
            "fingerprint": each.fingerprint,
            "position": number,
        }
        findings[each.subject.kind].append([f"findings/{number}", told, each.subject.id])
    for kind, rows in findings.items():
        named = "" if kind == HEADER else ", id: row[2]"
        run(
            f"UNWIND $rows AS row MATCH (n:{TYPE_OF[kind].label} {{portfolio: $portfolio{named}}})"
            " CREATE (f:Finding {portfolio: $portfolio, id: row[0]})-[:ABOUT]->(n) SET f += row[1]",
            rows,
        )
    transaction.run(
        "MATCH (p:Portfolio {portfolio: $portfolio}) SET p.assessed = $revision, p.as_of = $as_of",
        portfolio=portfolio,
        revision=assessment.revision,
        as_of=assessment.as_of.isoformat(),
    ).consume()


def read_verdicts(transaction: ManagedTransaction, portfolio: str) -> WrittenAssessment | None:
    """The assessment written last."""

    def rows(text: str) -> list[list[Any]]:
        return transaction.run(text, portfolio=portfolio).values()

    found = rows(
        "MATCH (p:Portfolio {portfolio: $portfolio}) WHERE p.assessed IS NOT NULL RETURN p.assessed, p.as_of"
    )
    if not found:
        return None
    ((assessed, as_of),) = found
    agreements = rows(
        "MATCH (n:Agreement {portfolio: $portfolio}) WHERE n.verdict IS NOT NULL RETURN n.id, n.verdict"
    )
    targets = rows(
        "MATCH (n:Agreement {portfolio: $portfolio})-[r:HAS_TARGET]->(t) WHERE t.verdict IS NOT NULL"
        " RETURN n.id, r.position, t.verdict, t.gap"
    )
    findings = rows(
        "MATCH (f:Finding {portfolio: $portfolio})-[:ABOUT]->(n) RETURN f.position, f.code, f.severity,"
        " f.message, f.fingerprint, labels(n), n.id ORDER BY f.position"
    )
    return WrittenAssessment(
        revision=assessed,
        as_of=date.fromisoformat(as_of),
        agreements={id_: Verdict(verdict) for id_, verdict in agreements},
        targets=tuple(
            TargetVerdict(id_, index, Verdict(verdict), gap)
            for id_, index, verdict, gap in sorted(targets, key=lambda row: (row[0], row[1]))
        ),
        findings=tuple(
            WrittenFinding(
                code=code,
                severity=Severity(severity),
                message=message,
                fingerprint=fingerprint,
                subject=_subject(labels, id_),
            )
            for _, code, severity, message, fingerprint, labels, id_ in findings
        ),
    )


def _subject(labels: list[str], id_: str | None) -> Key:
    kind = next(_KIND_OF[label] for label in labels if label in _KIND_OF)
    return HEADER_KEY if kind == HEADER else Key(kind, str(id_))
