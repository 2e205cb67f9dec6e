"""Documents are limited in linear time, before anything else looks at them."""

import pytest
from graphql import GraphQLError, get_introspection_query, parse

from olagraph_api.limits import Limits, check_document


def refused(text: str, **limits: int) -> str | None:
    """The limit that a document exceeds."""
    try:
        check_document(parse(text), Limits(**limits))
    except GraphQLError as error:
        extensions = error.extensions or {}
        return extensions["limit"] if extensions["code"] in ("DOCUMENT_TOO_LARGE", "INPUT_TOO_LARGE") else "?"
    return None


@pytest.mark.parametrize(
    ("within", "beyond", "limit"),
    [
        ("{ a { b { c } } }", "{ a { b { c { d } } } }", {"depth": 3}),
        (
            "{ a { ...F } } fragment F on T { b { c } }",
            "{ a { b { ...F } } } fragment F on T { b { c } }",
            {"depth": 3},
        ),
        ("{ ... { ... { a } } }", "{ ... { a { b } } }", {"depth": 1}),
        ("{ a b ...F } fragment F on T { c }", "{ a b ...F ...F } fragment F on T { c }", {"root_fields": 3}),
        ("{ a { b c } }", "{ a { b c d } }", {"expanded_fields": 3}),
        ("{ x: a { y: b } c }", "{ x: a { y: b } z: c }", {"aliases": 2}),
        ("{ a @x b @y }", "query @x { a @x b @y }", {"directives": 2}),
        (
            "{ ...F } fragment F on T @x { a @y }",
            "{ ...F @z } fragment F on T @x { a @y }",
            {"directives": 2},
        ),
        ("query A { a } query B { b }", "query A { a } query B { b c }", {"root_fields": 2}),
        ("{ a(b: [1, 2]) }", "{ a(b: [1, 2, 3]) }", {"input_items": 2}),
        ("{ a(b: {c: [1]}) }", "{ a(b: {c: [[1]]}) }", {"input_depth": 2}),
        ("query ($a: [Int] = [1]) { a }", "query ($a: [Int] = [1, 2]) { a }", {"input_items": 1}),
        (
            "{ __schema { types { name } } }",
            "{ __schema { types { fields { name } } } }",
            {"introspection_depth": 3},
        ),
    ],
)
def test_each_limit_holds_where_it_says(within: str, beyond: str, limit: dict[str, int]) -> None:
    """One more is one too many."""
    assert refused(within, **limit) is None
    assert refused(beyond, **limit) == next(iter(limit))


def test_the_introspection_of_tools_is_within_the_limits() -> None:
    """GraphiQL and code generators ask this."""
    assert refused(get_introspection_query(specified_by_url=True, directive_is_repeatable=True)) is None


def test_introspection_is_not_deep_for_the_fields_around_it() -> None:
    assert refused("{ a { b } __type(name: 1) { fields { type { name } } } }", depth=2) is None


def test_circles_of_fragments_end_where_they_close() -> None:
    """Validation names them afterwards."""
    assert (
        refused("{ ...A } fragment A on T { a ...B } fragment B on T { b ...A }", expanded_fields=2) is None
    )


@pytest.mark.parametrize("nested", ["...{" * 150 + "a" + "}" * 150, "...F0"])
def test_nesting_beyond_measure_is_too_deep(nested: str) -> None:
    """Inline fragments and chains of fragments count as nesting once there are a hundred."""
    chain = (
        " ".join(f"fragment F{i} on T {{ ...F{i + 1} }}" for i in range(150)) + " fragment F150 on T { a }"
    )
    assert refused(f"{{ {nested} }} {chain}") == "depth"


def test_unlikely_numbers_are_not_printed() -> None:
    """The expansion of sixty fragments that each double is a number of twenty digits."""
    doubling = " ".join(f"fragment F{i} on T {{ ...F{i + 1} ...F{i + 1} }}" for i in range(60))
    with pytest.raises(GraphQLError, match="expanded fields: 500 allowed, far more than 500 found"):
        check_document(parse(f"{{ a {{ ...F0 }} }} {doubling} fragment F60 on T {{ b }}"), Limits())


def test_a_limit_is_positive() -> None:
    with pytest.raises(ValueError, match="depth must be positive, not 0"):
        Limits(depth=0)
