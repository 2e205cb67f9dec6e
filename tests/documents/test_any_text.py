"""Whatever a file holds, it loads or is refused with places; nothing else happens."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.documents import InvalidPortfolio, Limits, dump, load, load_text
from olagraph.documents.yaml_tree import parse_yaml

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
EXAMPLE = (FIXTURES / "format-example.yaml").read_text(encoding="utf-8")
PORTFOLIOS = sorted(path.name for path in FIXTURES.glob("*.yaml") if path.name != "expected.yaml")
PIECES = ["", *"{}[]'\"#%~\n\té\0", ": ", "- ", "&a ", "*a", "!t ", "|\n", "1e999"]


def faults_of(text, name):
    """The faults of a text; none if it loads."""
    try:
        load_text(text, name)
    except InvalidPortfolio as refusal:
        return refusal.faults or pytest.fail("refused without a fault")
    return ()


def loads_or_is_refused(text, name):
    """Every fault has a place in the text and is one line."""
    for fault in faults_of(text, name):
        assert fault.line is not None
        assert 1 <= fault.line <= text.count("\n") + 2
        assert "\n" not in str(fault)


@settings(max_examples=60)
@given(st.integers(0, len(EXAMPLE)), st.integers(0, 30), st.sampled_from(PIECES) | st.text(max_size=5))
def test_a_damaged_example_loads_or_is_refused(start, length, piece):
    loads_or_is_refused(EXAMPLE[:start] + piece + EXAMPLE[start + length :], "shop.yaml")


@settings(max_examples=60)
@given(st.data())
def test_damaged_json_loads_or_is_refused(data):
    text = dump(load_text(EXAMPLE, "shop.yaml"), format="json")
    start = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.sampled_from([*PIECES, ",", "null", "NaN", '"a": 1,', "\\ud800"]))
    loads_or_is_refused(text[:start] + piece + text[start + data.draw(st.integers(0, 30)) :], "shop.json")


@given(st.text(max_size=60), st.sampled_from(["shop.yaml", "shop.json"]))
def test_any_text_loads_or_is_refused(text, name):
    loads_or_is_refused(text, name)


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_every_fixture_loads_and_is_written_as_it_is(name):
    portfolio = load(FIXTURES / name)
    assert load_text(dump(portfolio), name) == portfolio
    assert load_text(dump(portfolio, format="json"), "fixture.json") == portfolio


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_both_parsers_of_yaml_give_the_same_tree(name, monkeypatch):
    text = (FIXTURES / name).read_text(encoding="utf-8")
    tree = parse_yaml(text, limits=Limits())
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert parse_yaml(text, limits=Limits()) == tree
