"""The JSON Schema says what the loader says, as far as a schema can."""

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from olagraph.documents import dump, json_schema
from olagraph.documents.tree import Limits, ListNode, ScalarNode, value_of
from olagraph.documents.yaml_tree import parse_yaml
from tests.documents.portfolio_strategies import portfolios

ROOT = Path(__file__).resolve().parents[2]
PORTFOLIOS = sorted(path for path in (ROOT / "fixtures").glob("*.yaml") if path.name != "expected.yaml")
EXAMPLE = (ROOT / "fixtures" / "format-example.yaml").read_text(encoding="utf-8")
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def plain(node):
    """A document as an editor hands it to a schema."""
    if isinstance(node, ScalarNode):
        value = value_of(node)
        if isinstance(value, Decimal):
            return int(value) if value == int(value) else float(value)
        return value
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def errors(text):
    return list(VALIDATOR.iter_errors(plain(parse_yaml(text, limits=Limits()))))


def test_it_is_a_schema_of_the_draft_it_names():
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_the_committed_schema_is_the_generated_one():
    committed = (ROOT / "docs" / "portfolio.schema.json").read_text(encoding="utf-8")
    assert committed == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("path", PORTFOLIOS, ids=lambda path: path.name)
def test_it_accepts_every_fixture(path):
    assert errors(path.read_text(encoding="utf-8")) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(portfolios())
def test_it_accepts_whatever_is_written(portfolio):
    assert errors(dump(portfolio)) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("olagraph: 1", "olagraph: 2"),
        ("customers:", "custmers:"),
        ("owner: jane.doe", "ownr: jane.doe"),
        ("any_of: [pay-a, pay-b]", "anyof: [pay-a, pay-b]"),
        ("status: signed", "status: Signed"),
        ("kind: external, parent", "kind: extern, parent"),
        ("criticality: 1", "criticality: 6"),
        ("from: 2026-01-01", "from: 1.1.2026"),
        ("window: month  ", "window: moth  "),
        ("demand: 180/s", "demand: 180 per second"),
        ("latency: 2 s", "latency: 2 sec"),
        ("{repeat: {step: otp, max: 3}}", "{repeat: {step: otp, max: 0}}"),
        ("optional: true", "optional: yes"),
        ("after: window", "after: whenever"),
        ('"09:00-17:00"', '"9-17"'),
    ],
)
def test_it_refuses_typing_errors(right, wrong):
    text = EXAMPLE if right in EXAMPLE else EXAMPLE.replace("- repeat: {step: otp, max: 3}", f"- {right}")
    assert right in text
    assert errors(text.replace(right, wrong, 1))


def test_it_refuses_an_unknown_metric_where_the_file_states_none_of_its_own():
    without = EXAMPLE[: EXAMPLE.index("metrics:")]
    assert errors(without) == []
    assert errors(without.replace("- throughput: 200/s", "- througput: 200/s"))


def test_every_key_is_described():
    def undescribed(schema, path):
        for key, value in schema.get("properties", {}).items():
            if "description" not in value and "$ref" not in value:
                yield f"{path}.{key}"

    schema = json_schema()
    found = [*undescribed(schema, "portfolio")]
    for name, definition in schema["$defs"].items():
        found += undescribed(definition, name)
    assert found == []
