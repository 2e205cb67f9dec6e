"""What a client may ask of the API: the size of documents and inputs, the cost of an operation, its time."""

from olagraph_api.limits.allowance import Allowance, Exhausted
from olagraph_api.limits.costs import cost_of
from olagraph_api.limits.documents import check_document
from olagraph_api.limits.inputs import check_variables
from olagraph_api.limits.refusals import Code, refusal
from olagraph_api.limits.settings import Limits

__all__ = [
    "Allowance",
    "Code",
    "Exhausted",
    "Limits",
    "check_document",
    "check_variables",
    "cost_of",
    "refusal",
]
