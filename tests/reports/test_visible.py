"""Hostile text is made inert, whatever it is shown in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.reports.markup import html, markdown, web_address
from olagraph.reports.visible import HIDDEN, label, visible
from tests.reports.builders import HOSTILE


def test_escape_sequences_and_direction_marks_are_spelled_out() -> None:
    assert visible("a\x1b[31mb\u202ec") == "a\\x1b[31mb\\u202ec"


def test_lines_become_one() -> None:
    assert visible(" a\r\n\tb ") == "a b"


def test_letters_that_words_need_stay() -> None:
    """Joiners in Persian and Hindi, marks in Hebrew, wide characters, emoji of several parts."""
    for word in ("می\u200cخواهم", "क्\u200dष", "שָׁלוֹם", "請求書", "👩\u200d🔧"):
        assert visible(word) == word


@given(st.text(st.characters()))
def test_nothing_hidden_is_left(text: str) -> None:
    assert HIDDEN.search(visible(text)) is None


def test_a_very_long_name_is_cut_with_an_ellipsis() -> None:
    assert label("x" * 5_000) == "x" * 79 + "…"


def test_markdown_has_no_markup_mention_or_reference_left() -> None:
    shown = markdown("| *a* _b_ `c` [d](e) <f> @all #12 !7 https://g ~~h~~ $i$ \\")
    assert shown == (
        "\\| \\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) &lt;f&gt; @\u200ball #\u200b12 \\!\u200b7"
        " https:\u200b//g \\~\\~h\\~\\~ \\$i\\$ \\\\"
    )


@given(st.text())
def test_markdown_of_anything_is_one_table_cell(text: str) -> None:
    shown = markdown(text)
    assert "\n" not in shown
    assert re.search(r"(?<!\\)(?:\\\\)*\|", shown) is None
    assert "<" not in shown


def test_html_is_escaped() -> None:
    assert html(HOSTILE).count("<") == 0
    assert html("\"'") == "&quot;&#x27;"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "https:///x",
        "http://[",
        " https://a",
        "https://a\x00",
        "",
    ],
)
def test_only_web_addresses_become_links(link: str) -> None:
    assert web_address(link) is None


def test_a_web_address_stays_as_it_is() -> None:
    assert (
        web_address("https://contracts.example/msa.pdf?a=1&b=2")
        == "https://contracts.example/msa.pdf?a=1&b=2"
    )
