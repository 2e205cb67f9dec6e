"""Who asks."""

import strawberry

from olagraph_api.schema.enums import Role
from olagraph_api.schema.fields import shows_record, stated
from olagraph_api.security import principals


@shows_record(description="Who asks.")
class Principal:
    record: strawberry.Private[principals.Principal]

    id: strawberry.ID = stated("Unique and lasting.")
    name: str = stated("For people; what the change log shows.")
    role: Role = stated("What it may do, in every portfolio that is granted.")
