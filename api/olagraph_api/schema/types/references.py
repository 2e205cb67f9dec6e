"""Types of the schema for annotations in modules that these types need themselves."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from olagraph_api.schema.types.agreements import Agreement
    from olagraph_api.schema.types.assessments import TargetAssessment
    from olagraph_api.schema.types.customers import Customer
    from olagraph_api.schema.types.findings import Finding
    from olagraph_api.schema.types.incidents import Incident
    from olagraph_api.schema.types.portfolios import Portfolio
    from olagraph_api.schema.types.providers import Provider
    from olagraph_api.schema.types.services import Service

_TYPES = "olagraph_api.schema.types"

AnAgreement: TypeAlias = Annotated["Agreement", strawberry.lazy(f"{_TYPES}.agreements")]
ATargetAssessment: TypeAlias = Annotated["TargetAssessment", strawberry.lazy(f"{_TYPES}.assessments")]
ACustomer: TypeAlias = Annotated["Customer", strawberry.lazy(f"{_TYPES}.customers")]
AFinding: TypeAlias = Annotated["Finding", strawberry.lazy(f"{_TYPES}.findings")]
AnIncident: TypeAlias = Annotated["Incident", strawberry.lazy(f"{_TYPES}.incidents")]
APortfolio: TypeAlias = Annotated["Portfolio", strawberry.lazy(f"{_TYPES}.portfolios")]
AProvider: TypeAlias = Annotated["Provider", strawberry.lazy(f"{_TYPES}.providers")]
AService: TypeAlias = Annotated["Service", strawberry.lazy(f"{_TYPES}.services")]
