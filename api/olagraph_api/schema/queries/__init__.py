"""Every query, by what it is about."""

import strawberry

from olagraph_api.schema.queries.impact import ImpactQueries
from olagraph_api.schema.queries.judged import JudgedQueries
from olagraph_api.schema.queries.kept import KeptQueries

__all__ = ["Query"]


@strawberry.type(description="Everything that can be asked.")
class Query(KeptQueries, JudgedQueries, ImpactQueries):
    """Everything that can be asked."""
