"""Variables are bounded; an execution is cut off when its values or its time are used up."""

import time
from collections import deque

import pytest
from graphql import GraphQLError

from olagraph_api.limits import Allowance, Exhausted, Limits, check_variables


def test_variables_within_the_limits_pass() -> None:
    check_variables({"a": [1] * 250, "b": {"c": [{"d": []}]}}, Limits())


def test_a_long_list_in_a_variable_is_refused_wherever_it_is() -> None:
    with pytest.raises(GraphQLError, match=r"A list in variable '\$b' has 251 items: 250 are allowed"):
        check_variables({"a": 1, "b": {"c": [{"d": [0] * 251}]}}, Limits())


def test_deep_variables_are_refused_without_recursion() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(GraphQLError, match=r"Variable '\$a' is nested too deeply: 20 levels are allowed"):
        check_variables({"a": deep}, Limits())
    while deep:  # taken apart by hand: freeing it would recurse
        deep = deep.pop()  # type: ignore[assignment]


def test_values_run_out() -> None:
    allowance = Allowance.starting_now(Limits(values=10))
    allowance.spend(10)
    with pytest.raises(Exhausted) as exhausted:
        allowance.spend(1)
    assert exhausted.value.error.extensions == {"code": "ANSWER_TOO_LARGE", "allowed": 10}


def test_time_runs_out() -> None:
    """It is looked at every few hundred values."""
    allowance = Allowance(Limits(), deadline=time.monotonic() - 1)
    with pytest.raises(Exhausted) as exhausted:
        deque(map(allowance.spend, [1] * 1_000))
    assert exhausted.value.error.extensions == {"code": "DEADLINE_EXCEEDED", "allowed": 10.0}
    assert allowance.seconds_left < 0
