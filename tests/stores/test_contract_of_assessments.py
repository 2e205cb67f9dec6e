"""Assessments written back, on every store."""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from olagraph.analysis.assess import assess
from olagraph.analysis.results import Severity, Verdict
from olagraph.analysis.settings import Settings
from olagraph.documents import load
from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.model.entities import Portfolio
from olagraph.model.quantity import Quantity
from olagraph.stores import (
    Conflict,
    TargetVerdict,
    Tenant,
    UnknownPortfolio,
    WrittenAssessment,
    WrittenFinding,
)
from olagraph.stores.assessments import written_assessment
from tests.stores.writing import AT, TENANT, put

BANK = load(Path(__file__).parents[2] / "fixtures" / "bank-payments.yaml")
DAY = date(2026, 11, 23)


def bank(*, revision: int) -> WrittenAssessment:
    """What is written back of the bank's assessment, on the targets that its agreements state themselves."""
    written = written_assessment(assess(BANK, Settings(as_of=DAY)), BANK, revision=revision)
    stated = {agreement.id: len(agreement.targets) for agreement in BANK.agreements}
    return replace(
        written, targets=tuple(each for each in written.targets if each.index < stated[each.agreement])
    )


def with_other_target(portfolio: Portfolio, agreement: str) -> Portfolio:
    """The portfolio with another value in the first target of an agreement."""
    agreements = []
    for each in portfolio.agreements:
        if each.id == agreement:
            value = Quantity.ratio(Decimal("0.5"))
            each = replace(each, targets=(replace(each.targets[0], value=value), *each.targets[1:]))
        agreements.append(each)
    return replace(portfolio, agreements=tuple(agreements))


def test_an_assessment_is_read_as_it_was_written(store):
    put(store, BANK)
    assert store.assessment(TENANT) is None
    written = bank(revision=1)
    assert written.targets
    assert written.findings
    store.write_assessment(TENANT, written)
    assert store.assessment(TENANT) == written
    assert store.tenants() == (Tenant(id=TENANT, name=BANK.name, revision=1, assessed=1),)


def test_what_may_be_absent_or_extreme_is_kept(store):
    put(store, BANK)
    agreement = BANK.agreements[0].id
    written = WrittenAssessment(
        revision=1,
        as_of=DAY,
        agreements={agreement: Verdict.INFEASIBLE},
        targets=(TargetVerdict(agreement, 0, Verdict.INFEASIBLE, None),),
        findings=(
            WrittenFinding(
                code="CODE", severity=Severity.INFO, message="about § 4", fingerprint="f", subject=HEADER_KEY
            ),
        ),
    )
    store.write_assessment(TENANT, written)
    assert store.assessment(TENANT) == written
    for gap in (math.inf, -1e-300, 0.1 + 0.2):
        extreme = replace(written, targets=(TargetVerdict(agreement, 0, Verdict.INFEASIBLE, gap),))
        store.write_assessment(TENANT, extreme)
        assert store.assessment(TENANT) == extreme


def test_writing_an_assessment_is_no_change(store):
    put(store, BANK)
    store.write_assessment(TENANT, bank(revision=1))
    assert store.revision(TENANT) == 1
    assert store.load(TENANT).portfolio == BANK
    assert len(store.history(TENANT)) == 1
    assert store.check(TENANT) == ()


def test_a_second_assessment_takes_the_place_of_the_first(store, place):
    put(store, BANK)
    empty = WrittenAssessment(revision=1, as_of=DAY, agreements={}, targets=(), findings=())
    store.write_assessment(TENANT, empty)
    before = place.lying_there()
    store.write_assessment(TENANT, bank(revision=1))
    assert place.lying_there() != before
    store.write_assessment(TENANT, empty)
    assert store.assessment(TENANT) == empty
    assert place.lying_there() == before


def test_an_assessment_of_an_older_revision_is_refused(store):
    put(store, BANK)
    put(store, replace(BANK, name="Another name"), by="bo", what="renamed")
    with pytest.raises(Conflict, match="is at revision 2, not 1: revision 2 by bo") as raised:
        store.write_assessment(TENANT, bank(revision=1))
    assert [change.revision for change in raised.value.changes] == [2]
    assert store.assessment(TENANT) is None


def test_an_assessment_of_no_portfolio_is_refused(store):
    with pytest.raises(UnknownPortfolio):
        store.write_assessment(TENANT, bank(revision=1))


def test_an_edited_agreement_loses_its_verdicts_and_others_keep_theirs(store):
    put(store, BANK)
    written = bank(revision=1)
    store.write_assessment(TENANT, written)
    agreement = written.targets[0].agreement
    put(store, with_other_target(BANK, agreement))
    kept = store.assessment(TENANT)
    assert kept == replace(
        written,
        agreements={id_: verdict for id_, verdict in written.agreements.items() if id_ != agreement},
        targets=tuple(target for target in written.targets if target.agreement != agreement),
    )
    (tenant,) = store.tenants()
    assert (tenant.revision, tenant.assessed) == (2, 1)


def test_a_removed_agreement_takes_its_verdicts_and_findings_along(store):
    put(store, BANK)
    written = bank(revision=1)
    subjects = [finding.subject.id for finding in written.findings if finding.subject.kind == "agreement"]
    gone = next(id_ for id_ in subjects if id_ in written.agreements)
    store.write_assessment(TENANT, written)
    put(store, replace(BANK, agreements=tuple(each for each in BANK.agreements if each.id != gone)))
    assert store.assessment(TENANT) == replace(
        written,
        agreements={id_: verdict for id_, verdict in written.agreements.items() if id_ != gone},
        targets=tuple(target for target in written.targets if target.agreement != gone),
        findings=tuple(each for each in written.findings if each.subject != Key("agreement", gone)),
    )
    assert store.check(TENANT) == ()


def test_an_edit_of_something_else_takes_no_verdict_away(store):
    put(store, BANK)
    written = bank(revision=1)
    store.write_assessment(TENANT, written)
    put(store, replace(BANK, customers=tuple(replace(each, name="Another") for each in BANK.customers)))
    assert store.assessment(TENANT) == written


def test_removing_a_portfolio_removes_its_assessment(store):
    put(store, BANK)
    store.write_assessment(TENANT, bank(revision=1))
    store.remove(TENANT)
    put(store, BANK)
    assert store.assessment(TENANT) is None
    assert store.history(TENANT)[0].at == AT
