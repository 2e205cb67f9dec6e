"""Queries compiled to Python: the answers of graphql-core, in a fraction of its time.

`Documents` parses and validates each document once; `Operation.plan` compiles a query for the variables at
hand; `attempt` runs the plan, and where it gives up `answer` asks graphql-core.
"""

from olagraph_api.plans.documents import Document, Documents
from olagraph_api.plans.execution import NOT_ATTEMPTED, Attempt, answer, answer_awaiting, attempt, events
from olagraph_api.plans.operation import Operation
from olagraph_api.plans.plan import Plan
from olagraph_api.plans.refusing import RequestRefusedError
from olagraph_api.plans.schema import ATTRIBUTE, HEAVY, ExecutableSchema

__all__ = [
    "ATTRIBUTE",
    "HEAVY",
    "NOT_ATTEMPTED",
    "Attempt",
    "Document",
    "Documents",
    "ExecutableSchema",
    "Operation",
    "Plan",
    "RequestRefusedError",
    "answer",
    "answer_awaiting",
    "attempt",
    "events",
]
