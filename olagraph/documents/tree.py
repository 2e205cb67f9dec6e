"""A document as a tree of scalars, lists and mappings, each with its line and column."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from olagraph.model.quantity import parse_number


class ScalarNode(NamedTuple):
    """Text as written; `plain` is without quotes, so that it may spell a number, true, false or nothing.

    `file`, here and below: where the node stands in another file than the document that it is part of.
    """

    text: str
    plain: bool
    line: int
    column: int
    file: str | None = None


class ListNode(NamedTuple):
    """A list of nodes."""

    items: "tuple[Node, ...]"
    line: int
    column: int
    file: str | None = None


class MappingNode(NamedTuple):
    """Keys and values in the order written, duplicates included."""

    entries: "tuple[tuple[ScalarNode, Node], ...]"
    line: int
    column: int
    file: str | None = None


Node: TypeAlias = ScalarNode | ListNode | MappingNode
Value: TypeAlias = str | Decimal | bool | None
"""What a scalar spells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a document may ask for. Beyond these it is refused, not obeyed.

    Attributes:
        size: bytes of all files of a portfolio together.
        nodes: scalars, lists and mappings of one file.
        copies: nodes that the aliases of one file stand for, all together.
        levels: depth of nesting.
        scalar: characters of one scalar.
    """

    size: int = 64 * 1024 * 1024
    nodes: int = 4_000_000
    copies: int = 500_000
    levels: int = 100
    scalar: int = 100_000


class UnparsableError(ValueError):
    """A text that is no document: where, what was found and what was expected."""

    def __init__(self, found: str, *, line: int, column: int, expected: str | None = None) -> None:
        super().__init__(found)
        self.found, self.expected, self.line, self.column = found, expected, line, column


_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_OCTAL_OR_HEXADECIMAL = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAY_SPELL = frozenset("+-.0123456789tTfFnN~")

# The C0 and C1 controls but tab, line feed, carriage return and next line; surrogates; what is no character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\n]")


def spelled(text: str) -> Value:
    """What a plain scalar spells by the core schema of YAML 1.2 (§10.3.2).

    Raises:
        ValueError: a number that is not finite or out of range.
    """
    if text[:1] not in _MAY_SPELL:
        return None if text == "" else text
    if text in _NOTHING:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _NUMBER.fullmatch(text):
        return parse_number(text)
    if _OCTAL_OR_HEXADECIMAL.fullmatch(text):
        if len(text) > 40:  # reading many digits is quadratic
            raise ValueError(f"{text[:20]!r}… is out of range")
        return parse_number(str(int(text, 0)))
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text!r} is not a finite number")
    return text


def is_nothing(node: "Node") -> bool:
    """Whether a node states nothing: `~`, `null` or an empty plain scalar."""
    return isinstance(node, ScalarNode) and node.plain and node.text in _NOTHING


def value_of(node: ScalarNode) -> Value:
    """What a scalar spells; in quotes it is text.

    Raises:
        ValueError: a number that is not finite or out of range.
    """
    return spelled(node.text) if node.plain else node.text


def forbidden_character(text: str) -> int | None:
    """Where `text` holds a control character or a lone surrogate; None if it holds none."""
    match = _FORBIDDEN.search(text)
    return match.start() if match else None


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `index`."""
    line, start = 1, 0
    for match in _LINE_END.finditer(text, 0, index):
        line, start = line + 1, match.end()
    return line, index - start + 1


def refuse_forbidden_characters(text: str) -> None:
    """Refuse a document that holds control characters as they are (escaped ones are found scalar by scalar).

    Raises:
        UnparsableError: with the place of the first.
    """
    index = forbidden_character(text)
    if index is not None:
        line, column = position(text, index)
        raise UnparsableError(
            f"control character U+{ord(text[index]):04X}", line=line, column=column, expected="printable text"
        )


def too_deep(limits: Limits, *, line: int, column: int) -> UnparsableError:
    """The refusal of a document that nests too deep."""
    return UnparsableError(f"more than {limits.levels} levels of nesting", line=line, column=column)


def too_many(limits: Limits, *, line: int, column: int) -> UnparsableError:
    """The refusal of a document with too many nodes."""
    return UnparsableError(f"more than {limits.nodes} values in one file", line=line, column=column)


def scalar(text: str, *, plain: bool, escaped: bool, limits: Limits, line: int, column: int) -> ScalarNode:
    """A scalar within the limits; `escaped` if escapes may have brought in control characters.

    Raises:
        UnparsableError: too long, or with a control character or a lone surrogate.
    """
    if len(text) > limits.scalar:
        raise UnparsableError(
            f"a text of {len(text)} characters",
            line=line,
            column=column,
            expected=f"at most {limits.scalar} characters",
        )
    if escaped and (index := forbidden_character(text)) is not None:
        raise UnparsableError(
            f"control character U+{ord(text[index]):04X} in a text",
            line=line,
            column=column,
            expected="printable text",
        )
    return ScalarNode(text, plain, line, column)
