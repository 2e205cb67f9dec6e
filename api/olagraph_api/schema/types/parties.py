"""Parties to agreements: providers and customers alike."""

from olagraph.model import entities
from olagraph_api.schema import types
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.types.nodes import Party


def party(catalogue: Catalogue, record: entities.Provider | entities.Customer) -> Party:
    """A provider or a customer."""
    if isinstance(record, entities.Provider):
        return types.Provider(record, catalogue)
    return types.Customer(record, catalogue)
