"""JSON text -> located tree. The syntax is the standard library's, strict; numbers stay exact."""

import json
import re

from olagraph.documents.tree import (
    Limits,
    ListNode,
    MappingNode,
    Node,
    ScalarNode,
    UnparsableError,
    position,
    refuse_forbidden_characters,
    scalar,
    too_deep,
    too_many,
)

_TOKEN = re.compile(r'([ \t\r\n]*)(?:([{}\[\],:])|"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s{}\[\],:"]+))')


_NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})


def parse_json(text: str, *, limits: Limits) -> Node:
    """The JSON value in `text`; work and memory are linear in its length and bounded by `limits`.

    Raises:
        UnparsableError: not JSON by RFC 8259, or beyond a limit.
    """
    refuse_forbidden_characters(text)
    if not text.strip(" \t\r\n"):
        raise UnparsableError(
            "an empty file", line=1, column=1, expected='a JSON object that begins with "olagraph": 1'
        )
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise UnparsableError(f"not JSON: {error.msg}", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise _deepest(text, limits) from None
    return _tree(text, limits)


def _deepest(text: str, limits: Limits) -> UnparsableError:
    """The refusal of a text whose nesting the standard library could not follow."""
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[2] in ("[", "{")) - (match[2] in ("]", "}"))
        if depth > limits.levels:
            line, column = position(text, match.end(1))
            return too_deep(limits, line=line, column=column)
    return too_deep(limits, line=1, column=1)


def _tree(text: str, limits: Limits) -> Node:
    """The tree of a text known to be JSON."""
    lists: list[list[Node]] = [[]]
    starts: list[tuple[bool, int, int]] = []
    line, line_start, nodes = 1, 0, 0
    for match in _TOKEN.finditer(text):
        space, mark, quoted, bare = match.groups()
        if "\n" in space:
            line += space.count("\n")
            line_start = match.start() + space.rindex("\n") + 1
        if mark == "," or mark == ":":
            continue
        column = match.end(1) - line_start + 1
        node: Node
        if mark is None:
            if bare in _NOT_FINITE:
                raise UnparsableError(
                    f"not JSON: {bare}", line=line, column=column, expected="a finite number"
                )
            escaped = quoted is not None and "\\" in quoted
            value = bare if quoted is None else (json.loads(f'"{quoted}"') if escaped else quoted)
            node = scalar(
                value, plain=quoted is None, escaped=escaped, limits=limits, line=line, column=column
            )
        elif mark in "[{":
            starts.append((mark == "{", line, column))
            lists.append([])
            if len(starts) > limits.levels:
                raise too_deep(limits, line=line, column=column)
            continue
        else:
            node = _closed(lists.pop(), *starts.pop())
        nodes += 1
        if nodes > limits.nodes:
            raise too_many(limits, line=line, column=column)
        lists[-1].append(node)
    return lists[0][0]


def _closed(children: list[Node], is_mapping: bool, line: int, column: int) -> Node:
    if not is_mapping:
        return ListNode(tuple(children), line, column)
    keys = [key for key in children[::2] if isinstance(key, ScalarNode)]
    return MappingNode(tuple(zip(keys, children[1::2], strict=True)), line, column)
