"""Entities as we wrote them ourselves -> the model, without looking for faults.

Reading with places, references and every check costs five times as much, which a store of 100,000 services
would pay at every start. What this does differently from the loader is checked against the loader by tests;
what it does not know by itself, it leaves to the loader's codecs.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypeAlias, TypeVar

from olagraph.documents.codecs import Anything, Codec, DistinctNames, ListOf, OneOrMore
from olagraph.documents.covers import CoverOf
from olagraph.documents.fields import AGREEMENT, CUSTOMER, PROVIDER, SERVICE
from olagraph.documents.incidents import INCIDENT
from olagraph.documents.plain import Plain, encode, node_of
from olagraph.documents.reading import Place, Reading
from olagraph.documents.records import EXTRA_PREFIX, Record
from olagraph.documents.scalars import Date, Hours, Identifier, Moment, OneOf, Refers, Text, WindowOfTime
from olagraph.documents.workflows import WorkflowExpression
from olagraph.model.entities import Covers
from olagraph.model.moment import parse_moment
from olagraph.model.window import Window
from olagraph.model.workflow import KOfN, Parallel, Sequence, Step

T = TypeVar("T")

Restore: TypeAlias = Callable[[Any], Any]


class Restoring:
    """What restoring the entities of one portfolio needs to know: its metrics and its currency.

    Equal values, of which a portfolio has many, are read once, and shared.

    Args:
        reading: with both; it collects the faults of what the loader's codecs are asked for.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.anything = self._located(Anything())
        self._uses = _Uses()

    def restorer(self, record: Record[T]) -> Callable[[Plain], T]:
        """What makes entities of the mappings that state them.

        It raises FaultRecordedError, LookupError, TypeError, ValueError or AttributeError if one is damaged.
        """
        if record not in (PROVIDER, CUSTOMER, SERVICE, AGREEMENT, INCIDENT):
            return self._located(record)
        known = {field.key: (field.name, self._restorer(field.codec)) for field in record.fields}
        model, anything = record.model, self.anything

        def restore(plain: Plain) -> T:
            attributes: dict[str, Any] = {}
            for key, value in plain.items():
                if key in known:
                    name, restored = known[key]
                    attributes[name] = restored(value)
                elif key.startswith(EXTRA_PREFIX):
                    attributes["extra"] = (*attributes.get("extra", ()), (key, anything(value)))
                else:
                    raise KeyError(key)
            return model(**attributes)

        return restore

    def _restorer(self, codec: Codec[Any]) -> Restore:
        match codec:
            case Text() | Identifier() | Refers() | Hours():
                return _text
            case DistinctNames():
                return _texts
            case OneOrMore():
                return lambda value: (value,) if isinstance(value, str) else _texts(value)
            case OneOf():
                return codec.by_text.__getitem__
            case Date():
                return cache(date.fromisoformat)
            case WindowOfTime():
                return cache(Window.parse)
            case Moment():
                return parse_moment
            case WorkflowExpression():
                return self._expression(codec)
            case CoverOf():
                return self._covers(codec)
            case ListOf():
                return self._list(codec)
            case _:
                return self._located(codec)

    def _located(self, codec: Codec[Any]) -> Restore:
        """By the loader's codec."""
        place = Place(None, "")
        known: dict[str, Any] = {}

        def restore(value: Any) -> Any:
            text = encode(value)
            if text not in known:
                known[text] = codec.read(node_of(value), place, self.reading)
            return known[text]

        return restore

    def _covers(self, codec: CoverOf) -> Restore:
        other = self._located(codec)
        return lambda value: Covers(services=_texts(value)) if isinstance(value, list) else other(value)

    def _list(self, codec: ListOf[Any]) -> Restore:
        restored = self._restorer(codec.codec)

        def restore(value: Any) -> tuple[Any, ...]:
            if not isinstance(value, list):
                raise TypeError(value)
            return tuple(map(restored, value))

        return restore

    def _expression(self, expression: WorkflowExpression) -> Restore:
        of_step = self._located(expression)
        uses = self._uses

        def restore(value: Any) -> Step:
            if isinstance(value, str):
                return uses[value]
            if isinstance(value, list):
                return Step(of=expression.plain(tuple(map(restore, value))))
            ((key, inner),) = value.items() if len(value) == 1 else ((None, None),)
            if isinstance(inner, list):
                if key == "sequence":
                    return Step(of=Sequence(tuple(map(restore, inner))))
                if key == "parallel":
                    return Step(of=Parallel(tuple(map(restore, inner))))
                if key == "any_of":
                    return Step(of=KOfN(k=1, steps=tuple(map(restore, inner)), race=True))
            step: Step = of_step(value)
            return step

        return restore


class _Uses(dict[str, Step]):
    """Uses of services of which nothing else is said, by the service's id."""

    def __missing__(self, service: str) -> Step:
        step = self[service] = Step(of=service)
        return step


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_text, value))
