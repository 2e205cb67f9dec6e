"""What differs between two states of one entity, field by field."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from olagraph.documents.emit import one_line


class Difference(NamedTuple):
    """One field that differs.

    Attributes:
        path: in the entity, `targets[0].availability`.
        before, after: as YAML on one line; None = not stated.
    """

    path: str
    before: str | None
    after: str | None


def differences(before: Any, after: Any, *, path: str = "") -> Iterator[Difference]:
    """The fields that differ, as deep down as names lead."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            inner = f"{path}.{key}" if path else key
            if key not in after:
                yield Difference(inner, one_line(before[key]), None)
            elif key not in before:
                yield Difference(inner, None, one_line(after[key]))
            else:
                yield from differences(before[key], after[key], path=inner)
    elif _is_list(before) and _is_list(after):
        yield from _of_lists(before, after, path)
    elif before != after:
        yield Difference(path, one_line(before), one_line(after))


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Difference]:
    old, new = [one_line(item) for item in before], [one_line(item) for item in after]
    for what, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        paired = min(i_end - i, j_end - j)
        for k in range(paired):
            yield from differences(before[i + k], after[j + k], path=f"{path}[{i + k}]")
        for k in range(i + paired, i_end):
            yield Difference(f"{path}[{k}]", old[k], None)
        for k in range(j + paired, j_end):
            yield Difference(f"{path}[{k}]", None, new[k])


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)
