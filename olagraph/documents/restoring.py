"""Entities as we wrote them ourselves -> the model, without looking for faults.

Reading with places, references and every check costs five times as much, which a store of 100,000 services
would pay at every start. What this does differently from the loader is checked against the loader by tests;
what it does not know by itself, it leaves to the loader's codecs.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from olagraph.documents.codecs import Anything, Codec, DistinctNames, OneOrMore
from olagraph.documents.fields import AGREEMENT, CUSTOMER, PROVIDER, SERVICE
from olagraph.documents.incidents import INCIDENT
from olagraph.documents.plain import Plain, encode, node_of
from olagraph.documents.reading import Place, Reading
from olagraph.documents.records import EXTRA_PREFIX, Record
from olagraph.documents.scalars import Date, Hours, Identifier, Moment, OneOf, Refers, Text, WindowOfTime
from olagraph.documents.workflows import WorkflowExpression
from olagraph.model.moment import parse_moment
from olagraph.model.window import Window
from olagraph.model.workflow import KOfN, Parallel, Sequence, Step

Restore: TypeAlias = Callable[[Any], Any]


class Restoring:
    """What restoring the entities of one portfolio needs to know: its metrics and its currency.

    Args:
        reading: with both; it collects the faults of what the loader's codecs are asked for.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._restorers: dict[str, dict[str, tuple[str, Restore]]] = {}
        self._known: dict[tuple[Codec[Any], str], Any] = {}
        self.anything = self._located(Anything())

    def entity(self, record: Record[Any], plain: Plain) -> Any:
        """The entity that a mapping states.

        Raises:
            FaultRecordedError, LookupError, TypeError, ValueError, AttributeError: it is damaged.
        """
        if record not in (PROVIDER, CUSTOMER, SERVICE, AGREEMENT, INCIDENT):
            return self._located(record)(plain)
        restorers = self._restorers.get(record.name)
        if restorers is None:
            restorers = {field.key: (field.name, self._restorer(field.codec)) for field in record.fields}
            self._restorers[record.name] = restorers
        attributes: dict[str, Any] = {}
        extra: list[tuple[str, object]] = []
        for key, value in plain.items():
            known = restorers.get(key)
            if known is not None:
                attributes[known[0]] = known[1](value)
            elif key.startswith(EXTRA_PREFIX):
                extra.append((key, self.anything(value)))
            else:
                raise KeyError(key)
        if extra:
            attributes["extra"] = tuple(extra)
        return record.model(**attributes)

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
                return date.fromisoformat
            case WindowOfTime():
                return cache(Window.parse)
            case Moment():
                return parse_moment
            case WorkflowExpression():
                return self._expression(codec)
            case _:
                return self._located(codec)

    def _located(self, codec: Codec[Any]) -> Restore:
        """By the loader's codec; equal values, of which agreements have many, are read once."""
        place = Place(None, "")

        def restore(value: Any) -> Any:
            text = encode(value)
            key = (codec, text)
            if key not in self._known:
                self._known[key] = codec.read(node_of(value), place, self.reading)
            return self._known[key]

        return restore

    def _expression(self, expression: WorkflowExpression) -> Restore:
        of_step = self._located(expression)

        def restore(value: Any) -> Step:
            if isinstance(value, str):
                return Step(of=value)
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


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_text, value))
