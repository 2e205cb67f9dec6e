"""`covers`: which services an agreement speaks of."""

from olagraph.documents.codecs import Definitions, DistinctNames, Schema
from olagraph.documents.reading import Kind, Place, Reading, described
from olagraph.documents.records import Field, Record
from olagraph.documents.scalars import Refers, Text
from olagraph.documents.tree import ListNode, MappingNode, Node, ScalarNode
from olagraph.model.entities import Covers

_ALL = "all"

_SERVICES = DistinctNames(Refers(Kind.SERVICE), expected="a list of services", least=1)
_TAGGED = Record(
    "covered-tags",
    Covers,
    (
        Field(
            key="tags",
            codec=DistinctNames(Text(), expected="a list of tags", least=1),
            required=True,
            description="Services of this provider with any of these tags.",
        ),
    ),
    label="covers",
    description="The provider's services by tag.",
)


class CoverOf:
    """A list of services, `all`, or `{tags: [...]}`."""

    def read(self, node: Node, place: Place, reading: Reading) -> Covers:
        if isinstance(node, ScalarNode) and node.text == _ALL:
            return Covers(all=True)
        if isinstance(node, ListNode):
            return Covers(services=_SERVICES.read(node, place, reading))
        if isinstance(node, MappingNode):
            return _TAGGED.read(node, place, reading)
        raise reading.fault(
            node,
            place,
            f"found {described(node)}",
            expected="a list of services in [ ], all, or {tags: [...]}",
        )

    def write(self, value: Covers) -> object:
        if value.all:
            return _ALL
        return _TAGGED.write(value) if value.tags else _SERVICES.write(value.services)

    def schema(self, definitions: Definitions) -> Schema:
        return {"anyOf": [{"const": _ALL}, _SERVICES.schema(definitions), _TAGGED.schema(definitions)]}
