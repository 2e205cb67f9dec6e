"""Parts of a service for which nothing stands."""

import strawberry

from olagraph.analysis import results
from olagraph_api.schema import types
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.enums import MissingReason
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.paging import page_size
from olagraph_api.schema.types.references import AProvider, AService


@shows_record(
    description="A part of a service for which nothing stands. It is never taken for a silent 100 %."
)
class Missing:
    record: strawberry.Private[results.Missing]
    catalogue: strawberry.Private[Catalogue]

    reason: MissingReason = stated("Why it is missing.")
    detail: str = stated("The same for people, in one clause; may be empty.")

    @field("The service that is used, or whose own part is missing.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)

    @field("The provider that uses it; null for an own part.")
    def user(self) -> AProvider | None:
        user = self.record.user
        return None if user is None else types.provider(self.catalogue, user)


def first_missing(
    catalogue: Catalogue, missing: tuple[results.Missing, ...], first: int | None
) -> list[Missing]:
    """The first parts that are missing."""
    return [Missing(each, catalogue) for each in missing[: page_size(first)]]
