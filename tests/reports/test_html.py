"""The HTML page of an assessment: one file, for every reader, safe to open."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from olagraph.analysis.results import NotAssessed, Severity, Verdict
from olagraph.reports import AssessmentReport, render
from tests.reports.builders import HOSTILE, PORTFOLIO, VIEWS, assessed, assessment, finding, percentile

VOID = {"meta", "br"}


class Page(HTMLParser):
    """The elements of a page with their attributes; fails where they do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def as_html(*targets: Any, **others: Any) -> str:
    """The report of an assessment."""
    report = AssessmentReport(portfolio=PORTFOLIO, assessment=assessment(*targets, **others))
    return render(report, "html")


def everything() -> str:
    """A page with all that a page can hold."""
    return as_html(
        *(assessed(verdict) for verdict in Verdict),
        assessed(
            Verdict.INFEASIBLE, contracted=VIEWS[Verdict.SUPPORTED], achievable=VIEWS[Verdict.INFEASIBLE]
        ),
        assessed(Verdict.UNKNOWN, agreement=PORTFOLIO.agreements[1], draft=True),
        percentile(),
        findings=(finding(), finding("NO_AGREEMENT", Severity.WARNING), finding("UNMEASURED", Severity.INFO)),
        not_in_force=("uc-old",),
        not_assessed=(NotAssessed(agreement="a", service="s", metric="latency", reason="an objective"),),
    )


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    page = Page(everything())
    names = {name for name, _ in page.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "form"}
    assert not any("src" in attributes or "style" in attributes for _, attributes in page.elements)
    policy = next(each["content"] for each in page.named("meta") if each.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_the_page_can_be_read_by_everybody() -> None:
    """A language, one heading of the first rank, tables with captions and headers that say what they head."""
    page = Page(everything())
    assert page.named("html") == [{"lang": "en"}]
    assert len(page.named("h1")) == 1
    assert len(page.named("caption")) == len(page.named("table")) > 0
    assert all(each.get("scope") for each in page.named("th"))


def test_a_status_is_colour_icon_and_word() -> None:
    text = everything()
    assert '<span class="mark bad"><span aria-hidden="true">✘</span> UNSUPPORTED</span>' in text
    assert '<span class="mark doubt"><span aria-hidden="true">▲</span> Warnings (1)</span>' in text


def test_dark_screens_and_printers_are_thought_of() -> None:
    text = everything()
    assert "@media (prefers-color-scheme: dark)" in text
    assert "@media print" in text


def test_rows_of_a_target_span_as_many_columns_as_the_head_has() -> None:
    """A target takes a row a view and one for its sentence; the first three cells reach over all of them."""
    differing = assessed(
        Verdict.INFEASIBLE, contracted=VIEWS[Verdict.SUPPORTED], achievable=VIEWS[Verdict.INFEASIBLE]
    )
    page = Page(as_html(differing))
    assert len(page.named("th")) == 7 + 1
    spans = [each["rowspan"] for name, each in page.elements if name in ("td", "th") and "rowspan" in each]
    assert spans == ["3", "3", "3"]
    assert [each["colspan"] for each in page.named("td") if "colspan" in each] == ["4"]


def test_the_document_is_linked_only_where_it_is_a_web_address() -> None:
    agreement = PORTFOLIO.agreements[0]
    linked = as_html(assessed(agreement=replace(agreement, link='https://contracts.example/a?b=1&c="2"')))
    assert 'href="https://contracts.example/a?b=1&amp;c=&quot;2&quot;"' in linked
    assert "<a " not in as_html(assessed(agreement=replace(agreement, link="javascript:alert(1)")))


def test_hostile_names_are_words() -> None:
    hostile = replace(PORTFOLIO.agreements[0], id=HOSTILE, ref=HOSTILE, link=HOSTILE)
    text = as_html(
        assessed(agreement=hostile, service=HOSTILE),
        findings=(finding("NO_AGREEMENT", subject=HOSTILE, message=HOSTILE, fix=HOSTILE),),
        portfolio=HOSTILE,
        not_in_force=(HOSTILE,),
        not_assessed=(NotAssessed(agreement=HOSTILE, service=HOSTILE, metric=HOSTILE, reason=HOSTILE),),
    )
    page = Page(text)
    assert "script" not in {name for name, _ in page.elements}
    assert all(line.isprintable() for line in text.splitlines())
    assert any("<script>alert(1)</script>" in words for words in page.words)
