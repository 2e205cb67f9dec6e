"""`when`: the traits that a service must have for a target to hold."""

import json
import re
from decimal import Decimal

from olagraph.documents.codecs import Definitions, Schema
from olagraph.documents.reading import FaultRecordedError, Place, Reading
from olagraph.documents.scalars import scalar_value
from olagraph.documents.tree import ListNode, Node, forbidden_character, spelled
from olagraph.model.entities import Comparison, Condition, Trait

_COMPARED = re.compile(r"(>=|<=|!=|=|>|<)\s*(.*)", re.DOTALL)
_ORDERED = frozenset({Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.MORE, Comparison.LESS})
_EXPECTED = 'a value, or a comparison such as ">=2" or "!=basic"'


class When:
    """Conditions by trait: a value, a comparison, or a list of them that must all hold."""

    def read(self, node: Node, place: Place, reading: Reading) -> tuple[Condition, ...]:
        conditions: list[Condition] = []
        faulty = False
        for trait, (_, stated) in reading.entries(
            node, place, expected='traits, such as {zones: ">=2"}'
        ).items():
            here = place.key(trait)
            alternatives = stated.items if isinstance(stated, ListNode) else (stated,)
            if not alternatives:
                reading.fault(stated, here, "an empty list", expected=_EXPECTED)
            for alternative in alternatives:
                try:
                    conditions.append(_condition(trait, alternative, here, reading))
                except FaultRecordedError:
                    faulty = True
        if faulty:
            raise FaultRecordedError
        return tuple(conditions)

    def write(self, value: tuple[Condition, ...]) -> object:
        written: dict[str, list[object]] = {}
        for condition in value:
            written.setdefault(condition.trait, []).append(_written(condition))
        return {trait: stated[0] if len(stated) == 1 else stated for trait, stated in written.items()}

    def schema(self, definitions: Definitions) -> Schema:
        one: Schema = {"type": ["string", "number", "boolean"]}
        either = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
        return {"type": "object", "additionalProperties": either}


def _condition(trait: str, node: Node, place: Place, reading: Reading) -> Condition:
    value = scalar_value(node, place, reading, expected=_EXPECTED)
    if value is None:
        raise reading.fault(node, place, "found nothing", expected=_EXPECTED)
    comparison = Comparison.EQUAL
    if isinstance(value, str) and (match := _COMPARED.fullmatch(value)):
        comparison = Comparison(match[1])
        value = _operand(match[2].strip(), node, place, reading)
    if comparison in _ORDERED and not isinstance(value, Decimal):
        raise reading.fault(
            node, place, f"{comparison} with what is no number", expected='a number, as in ">=2"'
        )
    return Condition(trait=trait, comparison=comparison, value=value)


def _operand(text: str, node: Node, place: Place, reading: Reading) -> Trait:
    """What follows a comparison sign; in double quotes it is text."""
    try:
        value = json.loads(text) if text.startswith('"') else spelled(text)
    except ValueError as error:
        raise reading.fault(node, place, f"after the comparison: {error}", expected=_EXPECTED) from None
    if not isinstance(value, str | Decimal | bool):
        raise reading.fault(node, place, "a comparison with nothing", expected=_EXPECTED)
    if isinstance(value, str) and forbidden_character(value) is not None:
        raise reading.fault(node, place, "a comparison with a control character", expected=_EXPECTED)
    return value


def _written(condition: Condition) -> object:
    value = condition.value
    if condition.comparison is Comparison.EQUAL and not (
        isinstance(value, str) and _COMPARED.fullmatch(value)
    ):
        return value
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, Decimal):
        text = str(value)
    else:
        text = json.dumps(value, ensure_ascii=False) if _needs_quotes(value) else value
    return f"{condition.comparison}{text}"


def _needs_quotes(text: str) -> bool:
    """Whether `text` after a comparison sign would read as something else."""
    if text != text.strip() or text.startswith(('"', "=")):
        return True
    try:
        return spelled(text) != text
    except ValueError:
        return True
