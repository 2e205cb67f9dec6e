"""The JSON Schema of the portfolio file, from the field table that drives the loader."""

from olagraph.documents.codecs import Definitions, Schema
from olagraph.documents.fields import PORTFOLIO
from olagraph.documents.records import EXTRA_PREFIX
from olagraph.documents.targets import OWN_PART, TARGET, TargetRecord


def json_schema() -> Schema:
    """A JSON Schema of draft 2020-12 for YAML and JSON portfolio files, with descriptions for editors.

    The loader knows more than a schema can say: references, sums, uniqueness. In a file without `metrics`, an
    unknown metric is refused.
    """
    definitions: Definitions = {}
    root = PORTFOLIO.object_schema(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "olagraph portfolio",
        **root,
        "if": {"not": {"required": ["metrics"]}},
        "then": {
            "properties": {
                "agreements": {"items": {"properties": {"targets": {"items": _known_keys(TARGET)}}}},
                "services": {"items": {"properties": {"own": {"items": _known_keys(OWN_PART)}}}},
            }
        },
        "$defs": dict(sorted(definitions.items())),
    }


def _known_keys(record: TargetRecord) -> Schema:
    """Only built-in metrics and the fields of a target."""
    return {"propertyNames": {"anyOf": [{"enum": list(record.known_keys)}, {"pattern": f"^{EXTRA_PREFIX}"}]}}
