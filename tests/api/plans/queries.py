"""Random valid queries over the small schema, with variables."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from hypothesis import strategies as st

# Arguments as they may stand behind a field's name; with a variable, its declaration follows.
ARGUMENTS = {
    "first": ["", "(first: 0)", "(first: 2)", "(first: $n)", "(first: $m)"],
    "limit": ["", "(limit: 3)", "(limit: $n)"],
    "id": ['(id: "s1")', '(id: "a3")', '(id: "p")', '(id: "none")', "(id: $id)"],
    "ids": ['(ids: ["s1", "a4", "none", "p"])', "(ids: $ids)", "(ids: [])"],
    "count": ["(count: 3)", "(count: $n)"],
    "text": ['(text: "t")', '(text: "t", kind: UC)', '(text: "t", day: "2026-02-03", kind: $kind)'],
    "matching": [
        "",
        '(matching: {prefix: "a1"})',
        "(matching: {kinds: [$kind, OLA]})",
        "(first: 3, matching: $matching)",
    ],
}
DECLARED = {
    "$n": "$n: Int! = 2",
    "$m": "$m: Int = 3",
    "$id": "$id: ID!",
    "$ids": "$ids: [ID!]!",
    "$kind": "$kind: Kind! = OLA",
    "$matching": "$matching: Filter",
    "$yes": "$yes: Boolean!",
    "$no": "$no: Boolean! = false",
}
DIRECTIVES = [
    "",
    "",
    "",
    "",
    " @skip(if: $yes)",
    " @include(if: $no)",
    " @include(if: $yes)",
    " @skip(if: false)",
]
UNASKED = {"slow", "later"}  # the one takes its time, the other is asynchronous


@dataclass
class Text:
    """What is being written."""

    draw: st.DrawFn
    schema: GraphQLSchema
    fragments: list[str] = field(default_factory=list)

    def selections(self, type_: Any, depth: int) -> str:
        """A selection set, not empty."""
        parts = [self.selection(type_, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def selection(self, type_: Any, depth: int) -> str:
        directive = self.draw(st.sampled_from(DIRECTIVES))
        kind = self.draw(st.sampled_from(["field", "field", "field", "inline", "spread"]))
        if kind == "field" or depth == 0:
            return self.field(type_, depth, directive)
        condition = self.condition(type_)
        body = self.selections(condition, depth - 1)
        if kind == "inline":
            return f"... on {condition}{directive} {body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {condition} {body}")
        spread = f"...{name}{directive}"
        return f"{spread} {spread}" if self.draw(st.booleans()) else spread

    def condition(self, type_: Any) -> Any:
        possible = self.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
        wider = [i for each in possible for i in each.interfaces]
        return self.draw(st.sampled_from([type_, *possible, *wider]))

    def field(self, type_: Any, depth: int, directive: str) -> str:
        fields = type_.fields if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)) else {}
        usable = [
            name
            for name, each in fields.items()
            if name not in UNASKED and (depth > 0 or is_leaf_type(get_named_type(each.type)))
        ]
        name = self.draw(st.sampled_from([*usable, "__typename"]))
        if name == "__typename":
            return f"__typename{directive}"
        definition = fields[name]
        choices = next((ARGUMENTS[a] for a in reversed(definition.args) if a in ARGUMENTS), [""])
        index = self.draw(st.integers(0, len(choices) - 1))
        below = get_named_type(definition.type)
        body = "" if is_leaf_type(below) else " " + self.selections(below, depth - 1)
        # Unlike fields must not share a key: it says whose field this is, and with which arguments.
        return f"{type_}_{name}_{index}: {name}{choices[index]}{directive}{body}"


@st.composite
def queries(draw: st.DrawFn, schema: GraphQLSchema) -> tuple[str, dict[str, object]]:
    """A valid query and its variables."""
    text = Text(draw, schema)
    body = text.selections(schema.query_type, draw(st.integers(1, 4)))
    whole = " ".join([body, *text.fragments])
    declared = [
        declaration
        for name, declaration in DECLARED.items()
        if f"{name} " in whole.replace(")", " ").replace(",", " ").replace("}", " ")
    ]
    head = f"query ({', '.join(declared)}) " if declared else ""
    variables = {
        "n": draw(st.integers(0, 6)),
        "m": draw(st.sampled_from([None, 1])),
        "id": draw(st.sampled_from(["s0", "a5", "p", "zz"])),
        "ids": draw(st.lists(st.sampled_from(["s0", "a5", "p", "zz"]), max_size=3)),
        "kind": draw(st.sampled_from(["SLA", "UC"])),
        "matching": draw(st.sampled_from([None, {"prefix": "a"}, {"kinds": ["UC"], "prefix": "a1"}])),
        "yes": draw(st.booleans()),
        "no": draw(st.booleans()),
    }
    return head + whole, {
        name: value
        for name, value in variables.items()
        if draw(st.booleans()) or (f"${name}: " in head and "=" not in DECLARED[f"${name}"])
    }
