"""Quantities and shares: exact decimals, kept as written."""

from collections.abc import Mapping
from decimal import Context, Decimal
from types import MappingProxyType

from olagraph.documents.codecs import Definitions, Schema, define
from olagraph.documents.faults import shown
from olagraph.documents.reading import Place, Reading
from olagraph.documents.scalars import scalar_text
from olagraph.documents.tree import Node
from olagraph.model.quantity import Dimension, Quantity, parse_number

_LONGEST_QUANTITY = 100

# Numbers have at most 60 digits between 1e-40 and 1e40 (model.quantity), so these operations are exact.
_EXACT = Context(prec=250)

_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_NUMBER_PATTERN = f"^{_NUMBER}$"
_ISO_PATTERN = r"P(\d+W)?(\d+(\.\d+)?D)?(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?"

_SCHEMAS: Mapping[Dimension, tuple[str, Schema]] = MappingProxyType(
    {
        Dimension.RATIO: (
            "ratio",
            {
                "type": ["number", "string"],
                "minimum": 0,
                "maximum": 1,
                "pattern": rf"^{_NUMBER}\s*%?$",
                "examples": ["99.95%", 0.9995],
            },
        ),
        Dimension.DURATION: (
            "duration",
            {
                "type": "string",
                "pattern": rf"^({_NUMBER}\s*(us|ms|s|min|h|d)|{_ISO_PATTERN})$",
                "examples": ["250 ms", "2 s", "15 min", "8 h", "30 d", "PT8H"],
            },
        ),
        Dimension.RATE: (
            "rate",
            {"type": "string", "pattern": rf"^{_NUMBER}\s*/(s|min|h|d)$", "examples": ["200/s", "50/min"]},
        ),
        Dimension.DATA_RATE: (
            "data-rate",
            {
                "type": "string",
                "pattern": rf"^{_NUMBER}\s*[kMGT]?bit/s$",
                "examples": ["64 kbit/s", "10 Gbit/s"],
            },
        ),
        Dimension.MONEY: (
            "money",
            {
                "type": ["number", "string"],
                "minimum": 0,
                "pattern": rf"^{_NUMBER}\s*([A-Z]{{3}})?$",
                "examples": [12000, "12000 EUR"],
            },
        ),
        Dimension.NUMBER: ("number", {"type": ["number", "string"], "pattern": _NUMBER_PATTERN}),
    }
)


class QuantityOf:
    """A quantity of one dimension: ratios within [0, 1], and nothing but plain numbers below zero."""

    def __init__(self, dimension: Dimension) -> None:
        self.dimension = dimension

    def read(self, node: Node, place: Place, reading: Reading) -> Quantity:
        text = scalar_text(node, place, reading, expected=f"a {self.dimension}")
        if len(text) > _LONGEST_QUANTITY:
            raise reading.fault(node, place, f"found {shown(text)}", expected=f"a {self.dimension}")
        try:
            quantity = Quantity.parse(text, self.dimension)
        except ValueError as error:
            raise reading.fault(node, place, str(error)) from None
        if self.dimension is Dimension.RATIO:
            if not 0 <= quantity.amount <= (100 if quantity.unit else 1):
                raise reading.fault(
                    node, place, f"{text} is no share", expected="a ratio between 0 and 1, or 0% and 100%"
                )
        elif quantity.amount < 0 and self.dimension is not Dimension.NUMBER:
            raise reading.fault(node, place, f"{text} is negative", expected="zero or more")
        if self.dimension is Dimension.MONEY:
            self._check_currency(quantity, node, place, reading)
        return quantity

    @staticmethod
    def _check_currency(quantity: Quantity, node: Node, place: Place, reading: Reading) -> None:
        """Currencies never mix (SEMANTICS §10): an amount names the portfolio's, or none."""
        if quantity.unit and quantity.unit != reading.currency:
            expected = (
                f"the portfolio's, {reading.currency}" if reading.currency else "`currency:` at the top"
            )
            raise reading.fault(node, place, f"currency {quantity.unit}", expected=expected)

    def write(self, value: Quantity) -> object:
        return str(value) if value.unit else value.amount

    def schema(self, definitions: Definitions) -> Schema:
        name, schema = _SCHEMAS[self.dimension]
        return define(definitions, name, schema)


def any_quantity_schema(definitions: Definitions) -> Schema:
    """The JSON Schema of a value whose metric, and so whose dimension, a schema cannot know."""
    return define(definitions, "quantity", {"type": ["number", "string"]})


class Share:
    """A share within [0, 1], a plain exact number in the model.

    Args:
        percent: written as a percentage.
        zero, one: whether 0 and 1 themselves are allowed.
    """

    def __init__(self, *, percent: bool = False, zero: bool = True, one: bool = True) -> None:
        self.percent, self.zero, self.one = percent, zero, one

    def read(self, node: Node, place: Place, reading: Reading) -> Decimal:
        quantity = QuantityOf(Dimension.RATIO).read(node, place, reading)
        share = _EXACT.scaleb(quantity.amount, -2) if quantity.unit else quantity.amount
        if share == 1 and not self.one:
            raise reading.fault(node, place, f"found {quantity}", expected="less than 1")
        if share == 0 and not self.zero:
            raise reading.fault(node, place, f"found {quantity}", expected="more than 0")
        return share

    def write(self, value: Decimal) -> object:
        return percentage(value) if self.percent else value

    def schema(self, definitions: Definitions) -> Schema:
        return QuantityOf(Dimension.RATIO).schema(definitions)


class Fee:
    """An amount of money in the portfolio's currency, a plain exact number in the model."""

    def read(self, node: Node, place: Place, reading: Reading) -> Decimal:
        return QuantityOf(Dimension.MONEY).read(node, place, reading).amount

    def write(self, value: Decimal) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return QuantityOf(Dimension.MONEY).schema(definitions)


def percentage(share: Decimal) -> str:
    """A share written as a percentage."""
    return str(Quantity(_EXACT.scaleb(share, 2), "%", Dimension.RATIO))


def turned_round(quantity: Quantity) -> Quantity:
    """1 - x, exactly, in the same unit: what a complement such as `unavailability: 1e-7` says of its metric.

    Raises:
        ValueError: the result has more digits than exact arithmetic accepts.
    """
    amount = _EXACT.subtract(Decimal(100 if quantity.unit else 1), quantity.amount)
    return Quantity(parse_number(str(amount)), quantity.unit, quantity.dimension)
