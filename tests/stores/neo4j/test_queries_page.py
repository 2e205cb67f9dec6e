"""The page of questions to the graph: every query gives the answer that stands under it."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import zip_longest
from pathlib import Path

import pytest

from olagraph.analysis.assess import assess
from olagraph.analysis.settings import Settings
from olagraph.documents import load
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores.assessments import written_assessment
from olagraph.stores.neo4j import Neo4jStore
from olagraph.stores.neo4j.queries import HIT_BY_PROVIDER
from tests.stores.writing import TENANT

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "neo4j-queries.md").read_text(encoding="utf-8")
QUESTION = re.compile(
    r"## (?P<question>[^\n]+)\n.*?```cypher\n(?P<query>.*?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL
)
QUESTIONS = [match.group("question", "query", "answer") for match in QUESTION.finditer(PAGE)]
BANK = load(ROOT / "fixtures" / "bank-payments.yaml")
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def bank(neo4j_place, address):
    """The bank's portfolio after one change, with its assessment."""
    neo4j_place.empty()
    with closing(Neo4jStore.open(address, create=True)) as store:
        services = tuple(replace(s, criticality=2) if s.id == "statements" else s for s in BANK.services)
        changed = replace(BANK, services=services)
        for revision, (before, after, by, what) in enumerate(
            [
                (Portfolio(), BANK, "maria", "import of bank-payments.yaml"),
                (BANK, changed, "joe", "statements matter more"),
            ]
        ):
            at = datetime(2026, 11, 20 + revision, 9, 30, tzinfo=UTC)
            store.apply(TENANT, difference(before, after), expected=revision, by=by, at=at, what=what)
        store.write_assessment(
            TENANT, written_assessment(assess(changed, Settings(as_of=DAY)), changed, revision=2)
        )


def table(query: str, driver, database: str | None) -> str:
    """The answer to a query, as it stands on the page."""
    found = driver.execute_query(query, database_=database)
    rows = [list(found.keys), *([shown(value) for value in record] for record in found.records)]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def shown(value: object) -> str:
    """A value of a table."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    ("query", "answer"), [each[1:] for each in QUESTIONS], ids=[each[0] for each in QUESTIONS]
)
def test_the_answer_on_the_page_is_the_one_that_the_graph_gives(driver, address, query, answer):
    assert table(query, driver, address.database) == answer
    assert answer.count("\n") > 1


def test_the_page_answers_what_service_managers_ask():
    assert len(QUESTIONS) == PAGE.count("```cypher") >= 10


def test_the_query_for_outages_on_the_page_is_the_one_that_is_compared_with_the_analysis():
    kept = [line for line in HIT_BY_PROVIDER.strip().splitlines() if line.startswith("MATCH")]
    (asked,) = [query for question, query, _ in QUESTIONS if "goes down with a provider" in question]
    generic = asked.replace("{id: 'hostpoint'}", "{portfolio: $portfolio, id: $provider}")
    assert all(line in generic.splitlines() for line in kept)
