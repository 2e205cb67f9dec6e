"""The cost of an operation is known before it runs."""

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, parse
from graphql.language import FragmentDefinitionNode

from olagraph_api.limits import Limits, cost_of

SCHEMA = build_schema("""
    type Query { service: Service services(first: Int = 20): Connection page(first: Int, last: Int): [Service] named: Named }
    type Connection { nodes: [Service!]! edges: [Edge] totalCount: Int }
    type Edge { node: Service }
    interface Named { name: String tags: [Service] }
    type Service implements Named {
        name: String tags: [Service] matrix: [[Service]] words: [String] needs(first: Int = 5): Connection
    }
    union Any = Service | Edge
""")


def cost(text: str, variables: dict[str, object] | None = None, **limits: int) -> int:
    """The cost of the only operation of a document."""
    document = parse(text)
    (operation,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    return cost_of(
        operation, schema=SCHEMA, fragments=fragments, variables=variables or {}, limits=Limits(**limits)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ service { name words } }", 3),
        ("{ services(first: 3) { nodes { name } totalCount } }", 1 + 1 + 3 + 1),
        ("{ services { nodes { name } } }", 1 + 1 + 20),
        ("{ page { name } }", 1 + 100),
        ("{ page(first: 7) { name } }", 1 + 7),
        ("{ page(last: 4) { name } }", 1 + 4),
        ("{ page(first: 7, last: 4) { name } }", 1 + 4),
        ("{ page(first: null) { name } }", 1 + 100),
        ("{ service { tags { name } } }", 1 + 1 + 10),
        ("{ service { matrix { name } } }", 1 + 1 + 100),
        ("{ services(first: 2) { edges { node { name } } } }", 1 + 1 + 2 * (1 + 1)),
        ("{ services(first: 2) { nodes { needs(first: 3) { nodes { name } } } } }", 1 + 1 + 2 * (1 + 1 + 3)),
        ("{ services(first: 2) { ...C } } fragment C on Connection { nodes { name } }", 1 + 1 + 2),
        ("{ services(first: 2) { ... { nodes { name } } } }", 1 + 1 + 2),
        ("{ named { name ... on Service { needs(first: 2) { nodes { name } } } } }", 1 + 1 + 1 + 1 + 2),
        ("{ a: page(first: 1) { name } b: page(first: 1) { name } __typename }", 2 + 2 + 1),
        ("{ __schema { types { fields { name } } } }", 1),
    ],
)
def test_lists_multiply_what_is_below_them(text: str, expected: int) -> None:
    """By their own page, that of their connection, or what is assumed."""
    assert cost(text) == expected


def test_pages_come_from_variables_too() -> None:
    text = "query ($n: Int, $absent: Int) { page(first: $n) { name } services(first: $absent) { nodes { name } } }"
    assert cost(text, {"n": 3}) == (1 + 3) + (1 + 1 + 20)


@pytest.mark.parametrize(
    ("text", "variables"),
    [("{ page(first: 1001) { name } }", {}), ("query ($n: Int) { page(last: $n) { name } }", {"n": -1})],
)
def test_a_page_out_of_range_is_refused(text: str, variables: dict[str, object]) -> None:
    with pytest.raises(GraphQLError, match="of 'page' must lie between 0 and 1000, not") as refused:
        cost(text, variables)
    assert refused.value.extensions is not None
    assert refused.value.extensions["code"] == "BAD_USER_INPUT"


def test_a_cost_beyond_the_budget_is_refused_with_both_numbers() -> None:
    nested = "{ services(first: 100) { nodes { needs(first: 100) { nodes { needs(first: 100) { nodes { name } } } } } } }"
    with pytest.raises(GraphQLError, match="would cost 1020202 values and 50000 are allowed") as refused:
        cost(nested)
    assert refused.value.extensions == {"code": "COST_TOO_HIGH", "cost": 1_020_202, "allowed": 50_000}


def test_fragments_are_costed_once_for_each_place() -> None:
    """So the time stays linear where the expansion is exponential; the cost is what the expansion has."""
    doubling = " ".join(f"fragment F{i} on Service {{ ...F{i + 1} ...F{i + 1} }}" for i in range(80))
    text = f"{{ service {{ ...F0 }} }} {doubling} fragment F80 on Service {{ name }}"
    assert cost(text, cost=2**100) == 1 + 2**80
