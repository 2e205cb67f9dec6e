"""Portfolio files <-> the model: YAML and JSON, every fault located, and the JSON Schema that editors use."""

from olagraph.documents.dump import dump
from olagraph.documents.faults import Fault, InvalidPortfolio
from olagraph.documents.schema import json_schema
from olagraph.documents.source import load, load_text
from olagraph.documents.tree import Limits

__all__ = ["Fault", "InvalidPortfolio", "Limits", "dump", "json_schema", "load", "load_text"]
