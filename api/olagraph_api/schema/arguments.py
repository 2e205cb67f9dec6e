"""Arguments that many fields have."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from olagraph_api.schema.enums import DependencyKind

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description="How many, from the beginning; 100 if it is not said, 1,000 at most."),
]
FirstOf: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many; 100 if it is not said, 1,000 at most.")
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only what comes after this cursor.")
]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many, from the end; 1,000 at most.")
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only what comes before this cursor.")
]
AsOf: TypeAlias = Annotated[
    date | None,
    strawberry.argument(description="The day of assessment; today in UTC if it is not said."),
]
PortfolioId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Which portfolio.")]
Via: TypeAlias = Annotated[
    list[DependencyKind] | None,
    strawberry.argument(description="Only along these kinds of dependency; all of them if it is not said."),
]
Transitive: TypeAlias = Annotated[
    bool,
    strawberry.argument(
        description="Also through others, all the way; a service that needs itself is then among them."
    ),
]

DEFAULT_PORTFOLIO = strawberry.ID("default")
"""Which portfolio is meant where none is named."""

FILTER = strawberry.argument(description="Which; all if it is not said.")
ORDER = strawberry.argument(description="In which order.")
