"""Published answers, from a portfolio to its assessment: every number is a supplier's promise backing our service."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from olagraph.analysis.results import Verdict
from tests.analysis.small import delivered, ends, number, the, written

REFERENCE = Path(__file__).parents[1] / "reference"


def published(file: str, *sections: str) -> list[Any]:
    """Rows of a reference file, all sections together."""
    stated = yaml.safe_load((REFERENCE / file).read_text(encoding="utf-8"))
    rows = [row for section in sections for row in stated[section]] if sections else stated
    return [pytest.param(row, id=str({k: v for k, v in row.items() if k != "source"})[:70]) for row in rows]


class Leaves:
    """Names the numbers of an expression `n0`, `n1`, ... in the order written, and keeps what they promise."""

    def __init__(self) -> None:
        self.promises: dict[str, str] = {}

    def of(self, promise: str) -> str:
        name = f"n{len(self.promises)}"
        self.promises[name] = promise
        return name

    def expression(self, written_as: Any) -> Any:
        """A structure of numbers as a workflow."""
        if not isinstance(written_as, dict):
            return self.of(f"availability: {written_as!r}")
        ((pattern, inside),) = written_as.items()
        if pattern == "k_of_n":
            return {"k_of_n": {"k": inside["k"], "of": [self.expression(step) for step in inside["of"]]}}
        return {{"all_of": "sequence"}.get(pattern, pattern): [self.expression(step) for step in inside]}


def flow(expression: Any) -> str:
    """An expression as YAML on one line."""
    return yaml.safe_dump(expression, default_flow_style=True, width=math.inf).strip().removesuffix("\n...")


@pytest.mark.parametrize("row", published("availability_of_services.yaml", "availability", "misprints"))
def test_a_published_availability_is_reached_from_contracts(row: dict[str, Any]) -> None:
    leaves = Leaves()
    expression = leaves.expression(row["expr"])
    target = the(delivered(flow(expression), "availability: 10%", **leaves.promises))
    for view in (target.contracted, target.achievable):
        if "exact" in row:
            assert abs(number(view.independent) - row["exact"]) <= row.get("tolerance", 1e-13)
        if "guaranteed" in row:
            assert abs(number(view.guaranteed) - row["guaranteed"]) <= 1e-13
        if "not" in row:
            assert abs(number(view.independent) - row["not"]) > 1e-4


@pytest.mark.parametrize("row", published("availability_of_services.yaml", "bridges"))
def test_a_bridge_has_its_published_availability(row: dict[str, Any]) -> None:
    workflow = flow({"any_of": [{"sequence": path} for path in row["paths"]]})
    promises = {name: f"availability: {value}" for name, value in row["components"].items()}
    target = the(delivered(workflow, "availability: 10%", **promises))
    assert number(target.contracted.independent) == pytest.approx(row["exact"], abs=1e-13)
    assert number(target.achievable.independent) == pytest.approx(row["exact"], abs=1e-13)


@pytest.mark.parametrize("row", published("availability_of_services.yaml", "common_cause"))
def test_a_common_cause_takes_all_branches_down_at_once(row: dict[str, Any]) -> None:
    leaves = Leaves()
    branches = [leaves.expression(value) for value in row["any_of"]]
    workflow = flow({"any_of": {"of": branches, "common_cause": row["beta"]}})
    target = the(delivered(workflow, "availability: 10%", **leaves.promises))
    level = target.contracted.independent
    assert level is not None
    assert level.complement_at_worst == pytest.approx(row["failure"], abs=row["tolerance"])
    assert (
        number(target.contracted.guaranteed) == 0.5
    )  # what the contracts alone guarantee has no model of causes


@pytest.mark.parametrize("row", published("availability_of_services.yaml", "weighted_means"))
def test_a_chain_is_worth_less_than_the_weighted_mean_of_its_promises(row: dict[str, Any]) -> None:
    mean = sum(value * weight for value, weight in zip(row["values"], row["weights"], strict=True))
    assert mean == pytest.approx(row["not"], abs=1e-9)
    leaves = Leaves()
    workflow = flow([leaves.expression(value) for value in row["values"]])
    target = the(delivered(workflow, "availability: 99.89%", **leaves.promises))
    assert number(target.contracted.independent) == pytest.approx(row["exact"], abs=row["tolerance"])
    assert target.verdict is Verdict.INFEASIBLE  # its weakest link alone promises 99.72 %


def _calls(written_as: Any) -> Any:
    """A call tree of the reference files as a workflow."""
    if isinstance(written_as, str):
        return written_as
    if isinstance(written_as, list):
        return [_calls(step) for step in written_as]
    ((pattern, inside),) = written_as.items()
    if pattern == "choice":
        branches = [{"step": _calls(step), "probability": share} for share, step in inside]
        return {"choice": branches}
    return {pattern: _calls(inside)}


@pytest.mark.parametrize("row", published("families.yaml", "calls"))
def test_a_published_call_tree_has_its_published_success_rates(row: dict[str, Any]) -> None:
    ((pattern, inside),) = ((key, row[key]) for key in ("sequence", "choice") if key in row)
    if inside == ["t", "t"]:
        inside = ["t", {"sequence": ["t"]}]  # an id stands only once in a list
    promises = {name: f"success_rate: {ratio}" for name, ratio in row["ratios"].items()}
    target = the(delivered(flow(_calls({pattern: inside})), "success_rate: 10%", **promises))
    for basis in ("guaranteed", "independent"):
        if basis in row:
            assert number(getattr(target.contracted, basis)) == pytest.approx(row[basis], abs=1e-13)
    assert number(target.contracted.guaranteed) < row["not"]


@pytest.mark.parametrize("row", published("families.yaml", "percentiles"))
def test_a_published_sequence_has_its_published_share_in_time(row: dict[str, Any]) -> None:
    leaves = Leaves()
    workflow = [leaves.of(f"latency: {step['at_most']} s, for: {step['for']}") for step in row["sequence"]]
    target = the(delivered(flow(workflow), f"latency: {row['at']} s, for: 50%", **leaves.promises))
    assert number(target.contracted.guaranteed) == pytest.approx(row["guaranteed"], abs=1e-13)
    assert number(target.contracted.independent) == pytest.approx(row["independent"], abs=1e-13)


@pytest.mark.parametrize("row", published("families.yaml", "failover"))
def test_a_published_failover_has_its_published_share_in_time(row: dict[str, Any]) -> None:
    leaves = Leaves()
    branches = []
    for step in row["any_of"]:
        branch = {"step": leaves.of(f"latency: {step['at_most']} ms, for: {step['for']}")}
        branches.append(branch | ({"timeout": f"{step['timeout']} ms"} if "timeout" in step else {}))
    workflow = flow({"any_of": branches})
    target = the(delivered(workflow, f"latency: {row['at']} ms, for: 50%", **leaves.promises))
    assert number(target.contracted.guaranteed) == pytest.approx(row["guaranteed"], abs=1e-13)
    assert number(target.contracted.independent) == pytest.approx(row["independent"], abs=1e-13)


@pytest.mark.parametrize("row", published("families.yaml", "repeats"))
def test_a_published_repeat_has_its_published_share_in_time(row: dict[str, Any]) -> None:
    workflow = flow({"repeat": {"step": "n0", "probability": row["probability"]}})
    target = the(delivered(workflow, "latency: 1 s, for: 10%", n0=f"latency: 1 s, for: {row['within']}"))
    assert number(target.contracted.guaranteed) == pytest.approx(row["guaranteed"], abs=1e-13)
    assert number(target.contracted.guaranteed) < row["not"]


def _means(written_as: Any, leaves: Leaves) -> Any:
    if not isinstance(written_as, dict):
        return leaves.of(f"latency: {written_as} s, for: mean")
    ((pattern, inside),) = written_as.items()
    match pattern:
        case "choice":
            branches = [{"step": _means(step, leaves), "probability": share} for share, step in inside]
            return {"choice": branches}
        case "repeat":
            times, step = inside
            return {"repeat": {"step": _means(step, leaves), "max": times}}
        case _:
            return {pattern: [_means(step, leaves) for step in inside]}


@pytest.mark.parametrize("row", published("families.yaml", "means"))
def test_a_published_mean_lies_in_its_published_interval(row: dict[str, Any]) -> None:
    leaves = Leaves()
    workflow = flow([_means(step, leaves) for step in row["sequence"]])
    view = the(delivered(workflow, "latency: 1 min, for: mean", **leaves.promises)).contracted
    assert number(view.guaranteed) == pytest.approx(row["high"], rel=1e-13)
    assert number(view.ceiling) == pytest.approx(row["low"], rel=1e-13)
    if "exact" in row:
        assert number(view.independent) == pytest.approx(row["exact"], rel=1e-13)
    else:
        assert view.independent is None


@pytest.mark.parametrize("row", published("families.yaml", "failure_and_repair"))
def test_a_published_system_has_its_published_mean_times(row: dict[str, Any]) -> None:
    leaves = Leaves()
    names = [
        leaves.of(f"mttf: {1 / failure:.12g} h | mttr: {1 / repair:.12g} h")
        for failure, repair in row["rates"]
    ]
    workflow = {
        "series": {"sequence": names},
        "parallel": {"any_of": names},
        "2-of-3": {"k_of_n": {"k": 2, "of": names}},
    }[row["structure"]]

    def hours(metric: str) -> float:
        view = the(delivered(flow(workflow), f"{metric}: 1 h", **leaves.promises)).contracted
        assert view.guaranteed is None
        assert view.ceiling is None
        return number(view.independent) / 3600

    up, down, cycle = hours("mttf"), hours("mttr"), hours("mtbf")
    for name, value in [
        ("mean_up", up),
        ("mean_down", down),
        ("mtbf", cycle),
        ("frequency", 1 / cycle),
        ("availability", up / cycle),
    ]:
        if name in row:
            assert value == pytest.approx(row[name], rel=1e-6)
    assert cycle == pytest.approx(up + down, rel=1e-12)


@pytest.mark.parametrize("row", published("windows.yaml"))
def test_a_promise_over_one_window_is_worth_its_published_value_over_another(row: dict[str, Any]) -> None:
    terms = f"window: {row['target_window']}"
    if "term" in row:
        terms += f", from: {row['term'][0]}, to: {row['term'][1]}"
    promise = f"availability: {row['promise']}; window: {row['window']}"
    if "excluded" in row:
        promise += f", exclusions: [{{name: maintenance, at_most: {row['excluded']}, per: {row['window']}}}]"
    day = {"as_of": row["term"][0]} if "term" in row else {}
    target = the(delivered("a", "availability: 50%", terms=terms, a=promise), **day)
    for view in (target.contracted, target.achievable):
        assert number(view.guaranteed) == pytest.approx(float(row["guaranteed"]), abs=5e-9)
        assert number(view.independent) == number(view.guaranteed)
        assert number(view.ceiling) >= number(view.guaranteed)


def test_a_service_that_a_published_case_leaves_open_is_an_interval_not_a_number() -> None:
    """The Azure chain of 99.95 % and 99.99 % with the second promise missing."""
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: [a, b]}",
            "{id: a, provider: them}",
            "{id: b, provider: others}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99.9%}]}",
            "{id: uc, provider: them, customer: us, covers: [a], targets: [{availability: 99.95%}]}",
        ),
    )
    assert ends(the(portfolio).contracted.independent) == (0.0, 0.9995)
