"""The limits of the API on the schema that is served, and what large portfolios cost."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from graphql import ExecutionResult

from olagraph.model.entities import Agreement, Covers, Customer, Portfolio, Provider, ProviderKind, Service
from olagraph.model.workflow import Sequence, Step
from olagraph_api.limits import Allowance, Limits
from olagraph_api.plans import RequestRefusedError, answer, attempt
from olagraph_api.snapshots import Snapshot
from tests.api.schema.asking import LIMITS, context, data, operation, small


def cost(text: str, variables: dict[str, Any] | None = None) -> int:
    """What an operation is said to cost."""
    asking = operation(text, LIMITS)
    return asking.cost(asking.variables(variables or {}))


def refusal(text: str, variables: dict[str, Any] | None = None) -> tuple[str, str]:
    """The code and message by which an operation is refused before it runs."""
    with pytest.raises(RequestRefusedError) as caught:
        cost(text, variables)
    (error,) = caught.value.errors
    return str((error.extensions or {})["code"]), error.message


def test_pages_inside_pages_multiply() -> None:
    """The connection, its nodes, and two fields each; a page of a hundred if nothing is said."""
    assert cost("{ services(first: 20) { nodes { id name } } }") == 1 + 1 + 20 * 2
    assert cost("{ services { nodes { id name } } }") == 1 + 1 + 100 * 2
    inner = "dependencies(first: 10) { nodes { id } }"
    assert cost(f"{{ services(first: 20) {{ nodes {{ id {inner} }} }} }}") == 2 + 20 * (1 + 2 + 10)


def test_dependencies_of_dependencies_are_refused_before_they_run() -> None:
    text = "id"
    for _ in range(4):
        text = f"dependencies(first: 20) {{ nodes {{ id {text} }} }}"
    code, message = refusal(f"{{ services(first: 20) {{ nodes {{ {text} }} }} }}")
    assert code == "COST_TOO_HIGH"
    assert "ask for smaller pages or fewer levels" in message


def test_a_page_is_no_greater_than_a_thousand() -> None:
    for text in (
        "{ services(first: 1001) { totalCount } }",
        '{ outage(services: ["a"]) { customers(first: 1001) { id } } }',
        "{ concentration { notKnown(first: 1001) { id } } }",
    ):
        code, message = refusal(text)
        assert code == "BAD_USER_INPUT"
        assert "must lie between 0 and 1000, not 1001" in message


def test_everything_that_the_screens_ask_for_is_within_the_limits() -> None:
    """A thousand assessments with what a board shows; an outage with all that hangs on it."""
    cost(
        "{ assessments(first: 1000) { totalCount pageInfo { hasNextPage endCursor } nodes { nodeId"
        " agreement { id ref } service { id name } metric verdict gap sentence fix target { text }"
        " contracted { verdict independent { low high text } } achievable { verdict independent { low high text } } } } }"
    )
    cost(
        '{ outage(providers: ["a"]) { states { state count } services(first: 1000) { nodes { service { id name } state'
        " path { id } } } agreements(first: 1000) { nodes { agreement { id ref } service { id } state breach breachesAt"
        " call { contact provider { id name } } } } } }"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ services(filter: {id: [%s]}) { totalCount } }", "INPUT_TOO_LARGE"),
        ("{ outage(services: [%s]) { from } }", "INPUT_TOO_LARGE"),
    ],
)
def test_lists_in_arguments_are_short(text: str, code: str) -> None:
    with pytest.raises(RequestRefusedError) as caught:
        operation(text % ",".join(['"a"'] * 251), LIMITS)
    assert (caught.value.errors[0].extensions or {})["code"] == code


def test_evidence_is_cut_and_says_by_how_much() -> None:
    leaves = [f"l{i:03}" for i in range(150)]
    of = small(
        "name: Wide\nproviders: [{id: us, kind: internal}, {id: them, kind: external}]\ncustomers: [{id: c}]\nservices:\n"
        + f"  - {{id: s, provider: us, workflow: [{', '.join(leaves)}]}}\n"
        + "".join(f"  - {{id: {leaf}, provider: them}}\n" for leaf in leaves)
        + "agreements:\n  - {id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99%}]}\n"
        + f"  - {{id: uc, provider: them, customer: us, covers: [{', '.join(leaves)}], targets: [{{latency: 1 s}}]}}\n"
    )
    text = """query ($first: Int) {
      findings(filter: {code: ["METRIC_GAP"]}) { nodes { evidence(first: $first) } }
      assessments { nodes { contracted { missing(first: $first) { service { id } } missingCount } } }
    }"""
    for first, shown, missing in ((None, 20, 100), (3, 3, 3), (1000, 20, 150)):  # a finding names twenty
        answer = data(text, of, {"first": first})
        (finding,) = answer["findings"]["nodes"]
        lists = {key: value for key, value in finding["evidence"].items() if isinstance(value, list)}
        longest = max(lists, key=lambda key: len(lists[key]))
        assert len(lists[longest]) == shown
        assert finding["evidence"].get("more", {}).get(longest, 0) == 20 - shown
        (assessed,) = answer["assessments"]["nodes"]
        assert len(assessed["contracted"]["missing"]) == missing
        assert assessed["contracted"]["missingCount"] == 150


def test_services_that_need_each_other_have_an_end() -> None:
    of = small(
        """
name: Circle
providers: [{id: us, kind: internal}]
services:
  - {id: a, provider: us, workflow: [b]}
  - {id: b, provider: us, workflow: [c], requires: [d]}
  - {id: c, provider: us, workflow: [a]}
  - {id: d, provider: us}
"""
    )
    text = """query ($id: ID!, $via: [DependencyKind!]) { service(id: $id) {
      dependencies(via: $via) { nodes { id } } dependents(via: $via) { nodes { id } }
      all: dependencies(via: $via, transitive: true) { totalCount nodes { id } }
      above: dependents(via: $via, transitive: true) { nodes { id } }
    } }"""

    def ids(answer: Any, key: str) -> str:
        return "".join(node["id"] for node in answer["service"][key]["nodes"])

    keys = ("dependencies", "dependents", "all", "above")
    for id, via, expected in (
        ("a", None, ("b", "c", "abcd", "abc")),
        ("b", ["WORKFLOW"], ("c", "a", "abc", "abc")),
        ("b", ["REQUIRES"], ("d", "", "d", "")),
        ("d", None, ("", "b", "", "abc")),
        ("a", [], ("", "", "", "")),
    ):
        answer = data(text, of, {"id": id, "via": via})
        assert tuple(ids(answer, key) for key in keys) == expected


class Counted(tuple[Any, ...]):
    """A tuple that counts how often it is looked through."""

    looks = 0

    def __iter__(self) -> Iterator[Any]:
        self.looks += 1
        return super().__iter__()


MANY = 20_000


@pytest.fixture(scope="module")
def many() -> Snapshot:
    """Twenty thousand services, each of which needs the next, and half of them promised."""
    names = [f"s{i:06}" for i in range(MANY)]
    steps = [Step(of=Sequence((Step(of=name),))) for name in names[1:]]
    services = Counted(
        Service(id=name, provider=f"p{i % 100}", name=f"Number {i}", workflow=step, tags=("even",) * (i % 2 == 0))
        for i, (name, step) in enumerate(zip(names, [*steps, None], strict=True))
    )  # fmt: skip
    providers = tuple(Provider(id=f"p{i}", kind=ProviderKind.INTERNAL) for i in range(100))
    agreements = Counted(
        Agreement(id=f"sla-{name}", provider="p0", customers=("c",), covers=Covers(services=(name,)))
        for name in names[::2]
    )
    portfolio = Portfolio(providers=providers, customers=(Customer(id="c"),))
    return Snapshot("default", 1, replace(portfolio, services=services, agreements=agreements))


def test_a_page_of_twenty_thousand_services_looks_at_no_more_than_itself(many: Snapshot) -> None:
    """Once the first question has put them in order, nothing looks through all of them again."""
    text = """query ($after: String, $filter: ServiceFilter) {
      services(first: 50, after: $after, filter: $filter) {
        nodes { id name provider { id } agreements(first: 2) { nodes { id } } dependencies(first: 2) { nodes { id } } }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      }
      service(id: "s010000") { name }
      agreements(first: 50) { nodes { id covers { nodes { id } } } }
    }"""
    first = data(text, many)
    services, agreements = many.portfolio.services, many.portfolio.agreements
    assert isinstance(services, Counted)
    assert isinstance(agreements, Counted)
    looks = services.looks, agreements.looks
    page = data(text, many, {"after": first["services"]["pageInfo"]["endCursor"]})["services"]
    assert [page["nodes"][0]["id"], page["nodes"][-1]["id"]] == ["s000050", "s000099"]
    assert page["pageInfo"]["hasPreviousPage"] is True
    data(text, many, {"filter": {"id": ["s000001", "s019999"]}})
    data(text, many, {"filter": {"tag": ["even"]}})
    assert (services.looks, agreements.looks) == looks


def test_an_operation_that_takes_too_much_ends(many: Snapshot) -> None:
    """Many walks through all services: the values are few, the time is not."""
    text = "{ services(first: 500) { nodes { dependents(transitive: true, first: 1) { nodes { id } } } } }"
    asking = operation(text, LIMITS)
    values = asking.variables({})
    plan = asking.plan(values)
    assert plan is not None
    limits = Limits(seconds=0.001)
    allowance = Allowance.starting_now(limits)
    tried = attempt(plan, variables=values, context=context(many), allowance=allowance)
    result = answer(asking, given={}, context=context(many), allowance=allowance, attempted=tried)
    assert isinstance(result, ExecutionResult)
    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["DEADLINE_EXCEEDED"]


def test_what_takes_long_is_known_to() -> None:
    """Such operations run in a thread; a look-up runs where it arrives."""
    heavy = {
        "{ assessments { totalCount } }": True,
        "{ findings { totalCount } }": True,
        '{ explanation(agreement: "a") { assessment { metric } } }': True,
        '{ check(service: "a", target: "availability 1%") { answer } }': True,
        '{ outage(services: ["a"]) { from } }': True,
        "{ concentration { slas } }": True,
        '{ importance(service: "a") { low } }': True,
        '{ cutSets(service: "a") { count } }': True,
        "{ history { totalCount } }": True,
        '{ agreement(id: "a") { verdict } }': True,
        "{ portfolio { summary { count } } }": True,
        '{ service(id: "a") { dependents(transitive: true) { totalCount } } }': True,
        "{ portfolio { name revision counts { services } } }": False,
        "{ services(first: 50) { nodes { id name provider { name } } } }": False,
        "{ agreements(first: 50) { nodes { id kind customers { id } targets { text } } } }": False,
        "{ me { name } metrics { id } calendars { nodes { id } } }": False,
    }
    assert {text: operation(text, LIMITS).is_heavy for text in heavy} == heavy
