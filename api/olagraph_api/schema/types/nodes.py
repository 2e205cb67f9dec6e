"""What has an id that the whole API knows, and what is a party to agreements."""

import strawberry

from olagraph_api.schema.fields import field
from olagraph_api.schema.node_ids import NodeKey, node_id


@strawberry.interface(description="Anything with an id of its own among everything that the API holds.")
class Node:
    @field(
        "Relay's global id: opaque, of one portfolio, for `node(id:)` and for caches. `id` is the id in the"
        " portfolio file."
    )
    def node_id(self) -> strawberry.ID:
        return node_id(self.node_key())

    def node_key(self) -> NodeKey:
        """What the id stands for."""
        raise NotImplementedError


@strawberry.interface(description="A party to agreements: a provider or a customer.")
class Party:
    id: strawberry.ID = strawberry.field(description="The id in the portfolio file.")
    name: str | None = strawberry.field(description="For people.")
