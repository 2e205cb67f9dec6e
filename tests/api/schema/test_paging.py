"""Pages of lists: Relay's rules, and what happens to them while the list changes."""

from collections.abc import Callable, Iterator

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from olagraph_api.schema.paging import Key, Order, Ordered, Page, Paging

BY_VALUE: Order[tuple[int | None, str]] = Order("VALUE ASC", lambda item: item)
FALLING: Order[tuple[int | None, str]] = Order("VALUE DESC", lambda item: item, descending=True)
LETTERS: Order[str] = Order("ID", lambda item: (item,))


def letters(text: str) -> Ordered[str]:
    return Ordered.of(text, LETTERS)


def page(text: str, paging: Paging, matches: Callable[[str], bool] | None = None) -> Page[str]:
    return Page(letters(text), paging, matches)


def cursor(letter: str) -> str:
    return letters(letter).cursor(0)


@pytest.mark.parametrize(
    ("paging", "items", "previous", "next_"),
    [
        (Paging(), "abcdef", False, False),
        (Paging(first=2), "ab", False, True),
        (Paging(first=6), "abcdef", False, False),
        (Paging(first=0), "", False, True),
        (Paging(first=2, after=cursor("b")), "cd", True, True),
        (Paging(first=9, after=cursor("d")), "ef", True, False),
        (Paging(last=2), "ef", True, False),
        (Paging(last=0), "", True, False),
        (Paging(last=2, before=cursor("e")), "cd", True, True),
        (Paging(last=9, before=cursor("c")), "ab", False, True),
        (Paging(first=3, after=cursor("a"), before=cursor("e")), "bcd", True, True),
        (Paging(first=4, last=2), "cd", True, True),
        (Paging(first=2, last=4), "ab", False, True),
        (Paging(after=cursor("c")), "def", True, False),
        (Paging(before=cursor("c")), "ab", False, True),
        (Paging(after=cursor("e"), before=cursor("b")), "", True, True),
        (Paging(first=2, after=cursor("bb")), "cd", True, True),
        (Paging(first=2, after=cursor("z")), "", True, False),
    ],
)
def test_first_and_last_cut_what_lies_between_after_and_before(
    paging: Paging, items: str, previous: bool, next_: bool
) -> None:
    found = page("fedcba", paging)
    assert "".join(found.items) == items
    assert (found.has_previous, found.has_next, found.total) == (previous, next_, 6)


def test_a_condition_leaves_items_out_of_pages_and_counts() -> None:
    found = page("abcdefgh", Paging(first=2, after=cursor("b")), lambda letter: letter in "aceg")
    assert (found.items, found.total, found.has_previous, found.has_next) == (["c", "e"], 4, True, True)
    last = page("abcdefgh", Paging(last=1), lambda letter: letter in "ab")
    assert (last.items, last.has_previous, last.has_next) == (["b"], True, False)


def test_a_page_looks_at_no_more_items_than_it_shows() -> None:
    """Of the others nothing is known until it is asked for."""
    looked: list[str] = []

    def matches(letter: str) -> bool:
        looked.append(letter)
        return True

    found = page("abcdefgh", Paging(first=2), matches)
    assert looked == ["a", "b"]
    assert found.has_next
    assert looked == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("paging", "said"),
    [
        (Paging(first=-1), "'first' must lie between 0 and 1000, not -1"),
        (Paging(last=-1), "'last' must lie between 0 and 1000, not -1"),
        (Paging(first=1001), "'first' must lie between 0 and 1000, not 1001"),
        (Paging(first=1, last=1001), "'last' must lie between 0 and 1000, not 1001"),
    ],
)
def test_a_page_has_a_size_within_bounds(paging: Paging, said: str) -> None:
    with pytest.raises(GraphQLError) as caught:
        page("abc", paging)
    assert caught.value.message == said
    assert (caught.value.extensions or {})["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "%%%",
        "e30",
        Ordered.of([(1, "a")], BY_VALUE).cursor(0),
        Ordered.of([(1, "a")], Order("ID", lambda item: item)).cursor(0),
        Ordered.of([1], Order("ID", lambda item: (item,))).cursor(0),
    ],
)
def test_the_cursor_of_another_list_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError, match="the cursor is not one of this list in this order"):
        page("abc", Paging(after=text))


def test_what_states_no_value_comes_last_either_way_and_equals_by_name() -> None:
    items = [(2, "b"), (None, "y"), (1, "c"), (2, "a"), (None, "x")]
    assert Ordered.of(items, BY_VALUE).items == [(1, "c"), (2, "a"), (2, "b"), (None, "x"), (None, "y")]
    assert Ordered.of(items, FALLING).items == [(2, "a"), (2, "b"), (1, "c"), (None, "x"), (None, "y")]


ITEMS = st.tuples(st.none() | st.integers(0, 3), st.sampled_from("abcdefgh"))
LISTS = st.lists(ITEMS, unique=True, max_size=12)


def paged(
    lists: Iterator[list[tuple[int | None, str]]], order: Order[tuple[int | None, str]], size: int
) -> list[Key]:
    """What somebody sees who pages on while the list changes from page to page."""
    seen: list[Key] = []
    after = None
    for items in lists:
        found = Page(Ordered.of(items, order), Paging(first=size, after=after))
        seen += found.items
        if not found.indices:
            break
        after = found.cursor(found.indices[-1])
    return seen


@given(LISTS, st.lists(LISTS, max_size=4), st.sampled_from([BY_VALUE, FALLING]), st.integers(1, 4))
def test_what_was_there_all_along_is_seen_once(
    lasting: list[tuple[int | None, str]],
    passing: list[list[tuple[int | None, str]]],
    order: Order[tuple[int | None, str]],
    size: int,
) -> None:
    """Others come and go between the pages, and nothing that stays is skipped or repeated."""

    def lists() -> Iterator[list[tuple[int | None, str]]]:
        for others in passing:
            yield list({*lasting, *others})
        while True:
            yield lasting

    seen = paged(lists(), order, size)
    assert len(seen) == len(set(seen))
    assert [each for each in seen if each in lasting] == Ordered.of(lasting, order).items


@given(LISTS, st.sampled_from([BY_VALUE, FALLING]), st.integers(1, 4))
def test_backwards_is_forwards_turned_round(
    items: list[tuple[int | None, str]], order: Order[tuple[int | None, str]], size: int
) -> None:
    ordered = Ordered.of(items, order)
    seen: list[tuple[int | None, str]] = []
    before = None
    while True:
        found = Page(ordered, Paging(last=size, before=before))
        seen = found.items + seen
        assert found.has_previous == (len(seen) < len(items))
        if not found.has_previous:
            break
        before = found.cursor(found.indices[0])
    assert seen == ordered.items
