"""The supply chain of a service: suppliers of its provider, told apart by their ids."""

from olagraph.documents.codecs import ListOf
from olagraph.documents.faults import shown
from olagraph.documents.reading import Kind, Place, Reading
from olagraph.documents.records import Field, Record
from olagraph.documents.scalars import Refers, Whole
from olagraph.documents.tree import Node
from olagraph.model.entities import Supplier

SUPPLIER = Record(
    "supplier",
    Supplier,
    (
        Field(key="provider", codec=Refers(Kind.PROVIDER), required=True, description="Who supplies."),
        Field(
            key="rank",
            codec=Whole(least=1, most=100),
            description="1 (default) supplies the service's provider, 2 supplies that one, and so on.",
        ),
    ),
    description="A supplier behind a service with whom we have no paper.",
)


class SupplyChain(ListOf[Supplier]):
    """Suppliers, each once."""

    def __init__(self) -> None:
        super().__init__(SUPPLIER, expected="a list of suppliers, such as [{provider: chip-maker, rank: 2}]")

    def check(self, values: list[Supplier], nodes: list[Node], place: Place, reading: Reading) -> None:
        seen: set[str] = set()
        for supplier, node in zip(values, nodes, strict=True):
            if supplier.provider in seen:
                found = f"{shown(supplier.provider)} twice in one supply chain"
                reading.fault(node, place, found, expected="each supplier once, at its nearest rank")
            seen.add(supplier.provider)
