"""The query of the contract, as it is printed there."""

from datetime import UTC, date, datetime, timedelta

from olagraph.analysis.outage.impact import outage
from olagraph.analysis.outage.results import Failed
from olagraph.analysis.results import Severity, Verdict
from tests.api.schema.asking import TODAY, data, fixture, snapshot

PRINTED = """
query {
  outage(providers: ["cloudco"], from: "2026-12-01T09:00:00Z", for: "PT4H") {   # services, agreements, regions, zones too
    services(first: 100) { nodes { service { id name } state path { id } } }
    agreements(first: 100) { nodes { agreement { id kind ref } customers { id } service { id } state downtime budget breach breachesAt } }
    customers { id name } notKnown { id }
  }
  assessments(first: 50, filter: {verdict: [UNSUPPORTED, INFEASIBLE]}) {
    nodes { agreement { id } service { id } metric verdict gap target { value for priority window }
            contracted { verdict guaranteed { low high } independent { low high } ceiling { low high } } achievable { verdict } }
    totalCount
  }
  findings(first: 50, filter: {severity: [ERROR]}) { nodes { code severity message fix fingerprint subject { __typename } } }
  service(id: "web-shop") { id dependencies(first: 10) { nodes { id } } dependents(first: 10) { nodes { id } } }
  portfolio { name revision asOf summary { verdict count } }
}
"""


def test_it_runs_and_answers_what_the_analysis_finds() -> None:
    shop, kept = fixture("format-example"), snapshot("format-example")
    answer = data(PRINTED, kept)
    expected = outage(
        shop,
        failed=Failed(providers=("cloudco",)),
        from_=datetime(2026, 12, 1, 9, tzinfo=UTC),
        for_=timedelta(hours=4),
    )
    assert {node["service"]["id"] for node in answer["outage"]["services"]["nodes"]} == set(expected.services)
    (sla,) = (
        node for node in answer["outage"]["agreements"]["nodes"] if node["agreement"]["id"] == "sla-retail"
    )
    # December: 0.001 × (744 − 4) h
    assert sla == {
        "agreement": {"id": "sla-retail", "kind": "SLA", "ref": "MSA-2024-017 §4.2"},
        "customers": [{"id": "retail"}],
        "service": {"id": "web-shop"},
        "state": "DOWN",
        "downtime": 14400,
        "budget": 2664.0,
        "breach": True,
        "breachesAt": "2026-12-01T09:44:24Z",
    }
    assert answer["outage"]["customers"] == [{"id": "retail", "name": "Retail division"}]
    assessment = kept.assessment(TODAY)
    missed = [t for t in assessment.targets if t.verdict in (Verdict.UNSUPPORTED, Verdict.INFEASIBLE)]
    assert answer["assessments"]["totalCount"] == len(missed)
    errors = [finding for finding in assessment.findings if finding.severity is Severity.ERROR]
    assert [node["fingerprint"] for node in answer["findings"]["nodes"]] == [
        each.fingerprint for each in sorted(errors, key=lambda each: (each.code, each.subject_type, each.subject, each.service or "", each.metric or "", each.fingerprint))
    ]  # fmt: skip
    service = answer["service"]
    assert [node["id"] for node in service["dependencies"]["nodes"]] == [
        *("courier-a", "courier-b", "fraud-check", "frontend", "identity", "net-a", "net-b", "node-1", "node-2", "node-3"),
    ]  # fmt: skip
    assert service["dependents"]["nodes"] == []
    portfolio = answer["portfolio"]
    assert (portfolio["name"], portfolio["revision"]) == ("Web shop", 7)
    assert date.fromisoformat(portfolio["asOf"]) == TODAY
    assert [each["verdict"] for each in portfolio["summary"]] == [verdict.name for verdict in Verdict]
