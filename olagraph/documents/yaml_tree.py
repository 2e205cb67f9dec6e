"""YAML text -> located tree, from the events of libyaml (of PyYAML's own parser where libyaml is missing).

Only events are used: no tag is ever constructed, and scalars are resolved by `tree.spelled`, by the core
schema of YAML 1.2, so that `no` and `22:30` stay text and numbers stay exact.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from olagraph.documents.faults import shown
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

if TYPE_CHECKING:
    import yaml

_CORE = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset({"!", _CORE + "str"})
_SPELLED_TAGS = frozenset(_CORE + name for name in ("int", "float", "bool", "null"))
_LIST_TAGS = frozenset({"!", _CORE + "seq"})
_MAPPING_TAGS = frozenset({"!", _CORE + "map"})

# libyaml compares every %TAG with all before it.
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_MOST_DIRECTIVES = 100
_MUST_BE_QUOTED = "@`%>|&*!?-:,[]{}#"


class _Anchored(NamedTuple):
    node: Node
    size: int
    height: int


class _Open:
    """A list or mapping whose end has not come."""

    __slots__ = ("anchor", "children", "column", "height", "is_mapping", "line", "size")

    def __init__(self, *, is_mapping: bool, anchor: str | None, line: int, column: int) -> None:
        self.is_mapping, self.anchor, self.line, self.column = is_mapping, anchor, line, column
        self.children: list[Node] = []
        self.size, self.height = 1, 1

    def close(self) -> Node:
        if not self.is_mapping:
            return ListNode(tuple(self.children), self.line, self.column)
        keys, values = self.children[::2], self.children[1::2]
        entries = []
        for key, value in zip(keys, values, strict=True):
            if not isinstance(key, ScalarNode):
                raise UnparsableError(
                    "a key that is a list or a mapping", line=key.line, column=key.column, expected="text"
                )
            if key.plain and key.text == "<<":
                raise UnparsableError(
                    "a merge key '<<', which YAML 1.2 does not have",
                    line=key.line,
                    column=key.column,
                    expected="the keys themselves (agreements share terms by `inherits`)",
                )
            entries.append((key, value))
        return MappingNode(tuple(entries), self.line, self.column)


def parse_yaml(text: str, *, limits: Limits) -> Node:
    """The one document in `text`; work and memory are linear in its length and bounded by `limits`.

    Raises:
        UnparsableError: not YAML, more than one document or none, a tag, a merge key, an alias that explodes
            or names nothing, or beyond a limit.
    """
    import yaml

    refuse_forbidden_characters(text)
    directives = [
        match.start()
        for _, match in zip(range(_MOST_DIRECTIVES + 1), _DIRECTIVE.finditer(text), strict=False)
    ]
    if len(directives) > _MOST_DIRECTIVES:
        line, column = position(text, directives[-1])
        raise UnparsableError(
            f"more than {_MOST_DIRECTIVES} lines that begin with %", line=line, column=column
        )
    try:
        return _document(_events(text), limits)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text) from None
    except yaml.YAMLError as error:
        raise UnparsableError(f"not YAML: {' '.join(str(error).split())}", line=1, column=1) from None


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


def _not_yaml(error: "yaml.MarkedYAMLError", text: str) -> UnparsableError:
    mark = error.problem_mark or error.context_mark
    line, column, character = 1, 1, ""
    if mark is not None:
        line, column, character = mark.line + 1, mark.column + 1, text[mark.index : mark.index + 1]
    problem = " ".join(part for part in (error.context, error.problem) if part)
    expected = None
    if character == "\t":
        expected = "spaces: tabs cannot indent YAML"
    elif "block scalar" in problem or (
        character and character in _MUST_BE_QUOTED and "cannot start" in problem
    ):
        expected = "quotes around text that begins with a sign such as >, |, @, % or *"
    return UnparsableError(f"not YAML: {problem}", line=line, column=column, expected=expected)


def _document(events: Iterator[Any], limits: Limits) -> Node:
    from yaml import (
        AliasEvent,
        DocumentStartEvent,
        MappingEndEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
    )

    anchors: dict[str, _Anchored] = {}
    open_: list[_Open] = []
    root: Node | None = None
    nodes = copies = documents = 0
    for event in events:
        kind = type(event)
        if kind is ScalarEvent:
            node: Node = _scalar(event, limits)
            size = height = 1
            anchor = event.anchor
        elif kind is SequenceStartEvent or kind is MappingStartEvent:
            is_mapping = kind is MappingStartEvent
            mark = event.start_mark
            line, column = mark.line + 1, mark.column + 1
            _check_tag(event.tag, _MAPPING_TAGS if is_mapping else _LIST_TAGS, line=line, column=column)
            if event.anchor is not None:
                anchors.pop(event.anchor, None)  # an alias inside its own anchor names nothing yet
            open_.append(_Open(is_mapping=is_mapping, anchor=event.anchor, line=line, column=column))
            if len(open_) > limits.levels:
                raise too_deep(limits, line=line, column=column)
            continue
        elif kind is SequenceEndEvent or kind is MappingEndEvent:
            closed = open_.pop()
            node, size, height, anchor = closed.close(), closed.size, closed.height, closed.anchor
        elif kind is AliasEvent:
            mark = event.start_mark
            line, column = mark.line + 1, mark.column + 1
            found = anchors.get(event.anchor)
            if found is None:
                raise UnparsableError(
                    f"alias {shown('*' + event.anchor)} names no anchor that ends before it",
                    line=line,
                    column=column,
                )
            node, size, height = found
            anchor = None
            copies += size
            if copies > limits.copies:
                raise UnparsableError(
                    f"aliases that stand for more than {limits.copies} values", line=line, column=column
                )
            if len(open_) + height > limits.levels + 1:
                raise too_deep(limits, line=line, column=column)
        else:
            documents += kind is DocumentStartEvent
            if documents > 1:
                mark = event.start_mark
                raise UnparsableError(
                    "a second document",
                    line=mark.line + 1,
                    column=mark.column + 1,
                    expected="one document a file",
                )
            continue
        nodes += 1
        if nodes > limits.nodes:
            raise too_many(limits, line=node.line, column=node.column)
        if anchor is not None:
            anchors[anchor] = _Anchored(node, size, height)
        if open_:
            parent = open_[-1]
            parent.children.append(node)
            parent.size += size
            if height >= parent.height:
                parent.height = height + 1
        else:
            root = node
    if root is None:
        raise UnparsableError(
            "an empty file", line=1, column=1, expected="a portfolio that begins with `olagraph: 1`"
        )
    return root


def _scalar(event: Any, limits: Limits) -> ScalarNode:
    mark = event.start_mark
    line, column, tag, style = mark.line + 1, mark.column + 1, event.tag, event.style
    plain = not style
    if tag is not None:
        _check_tag(tag, _TEXT_TAGS | _SPELLED_TAGS, line=line, column=column)
        plain = tag in _SPELLED_TAGS
    return scalar(event.value, plain=plain, escaped=style == '"', limits=limits, line=line, column=column)


def _check_tag(tag: str | None, allowed: frozenset[str], *, line: int, column: int) -> None:
    if tag is not None and tag not in allowed:
        raise UnparsableError(f"tag {shown(tag)}", line=line, column=column, expected="no tag")
