"""The questions of the pages on portfolios that are not like the bank's: without names, inheriting, not in force."""

import re
from datetime import date

import pytest

from olagraph.analysis.assess import assess
from olagraph.analysis.settings import Settings
from olagraph.documents import load_text
from olagraph.stores.assessments import written_assessment
from tests.stores.neo4j.test_queries_page import QUESTIONS, ROOT
from tests.stores.writing import TENANT, put

NAMELESS = load_text(
    """
    olagraph: 1
    providers: [{id: us, kind: internal}, {id: hostco, kind: external}]
    customers: [{id: fans}]
    services:
      - {id: shop, provider: us, workflow: [web, mail]}
      - {id: web, provider: hostco}
      - {id: mail, provider: hostco}
    agreements:
      - {id: terms, kind: SLA, provider: us, targets: [{availability: 99.95%}]}
      - {id: sla-shop, kind: SLA, provider: us, customer: fans, covers: [shop], inherits: terms}
      - {id: uc-web, kind: UC, provider: hostco, customer: us, covers: [web], to: 2026-12-31, renews: true,
         targets: [{availability: 99.9%}]}
      - {id: uc-mail, kind: UC, provider: hostco, customer: us, covers: [mail], from: 2027-01-01,
         targets: [{availability: 99.9%}]}
      - {id: uc-draft, kind: UC, provider: hostco, customer: us, covers: [web], to: 2026-12-31, status: draft,
         targets: [{availability: 99.9%}]}
    """,
    "shop.yaml",
)


@pytest.fixture
def asked(store, query):
    """The answer to the question of the page with these words in it."""
    put(store, NAMELESS)
    found = assess(NAMELESS, Settings(as_of=date(2026, 11, 23)))
    store.write_assessment(TENANT, written_assessment(found, NAMELESS, revision=1))

    def ask(words):
        (text,) = (each for question, each, _ in QUESTIONS if words in question)
        return query(text.replace("hostpoint", "hostco").replace("sla-card-retail", "sla-shop"))

    return ask


def test_a_verdict_on_an_inherited_target_is_found_at_the_agreement(asked):
    assert asked("Which SLAs do not hold") == [["sla-shop", None, None, "INFEASIBLE", None]]


def test_who_has_no_name_is_called_by_the_id(asked):
    assert [row[2] for row in asked("What goes down with a provider")] == [["fans"]]
    assert asked("Which owners") == [["hostco", 1]]
    assert [row[0] for row in asked("Whom do I call")] == ["hostco", "us"]


def test_what_renews_or_is_a_draft_does_not_end(asked):
    assert asked("Which contracts end soon") == []


def test_an_agreement_that_has_not_begun_promises_nothing_yet(asked):
    assert asked("has nobody promised us") == [["mail", "hostco", ["shop"]]]


def test_the_question_of_the_readme_names_who_is_below_an_sla_that_does_not_hold(asked, query):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```cypher\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert query(text.replace("UNSUPPORTED", "INFEASIBLE")) == [["sla-shop", ["hostco"]]]
