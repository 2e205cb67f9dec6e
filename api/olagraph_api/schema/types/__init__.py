"""The types of the schema, one module a kind of thing. Modules that need each other's types find them here."""

from olagraph_api.schema.types.agreements import (
    Agreement,
    AgreementFilter,
    AgreementOrder,
    agreement,
    agreement_page,
    agreements_named,
    all_agreements,
)
from olagraph_api.schema.types.assessments import (
    WORST_FIRST,
    AssessmentFilter,
    AssessmentOrder,
    TargetAssessment,
    all_targets,
    target_page,
)
from olagraph_api.schema.types.calendars import Calendar, all_calendars
from olagraph_api.schema.types.changes import Change, Edit, history
from olagraph_api.schema.types.concentration import Concentration
from olagraph_api.schema.types.customers import (
    Customer,
    CustomerFilter,
    CustomerOrder,
    all_customers,
    customer,
)
from olagraph_api.schema.types.explanations import Explanation, explanations_of
from olagraph_api.schema.types.feasibility import Feasibility, feasibility_of
from olagraph_api.schema.types.findings import (
    ERRORS_FIRST,
    Finding,
    FindingFilter,
    FindingOrder,
    all_findings,
    finding_page,
)
from olagraph_api.schema.types.importance import (
    CutSets,
    ServiceImportance,
    service_cut_sets,
    service_importance,
)
from olagraph_api.schema.types.incidents import (
    EARLIEST_FIRST,
    Incident,
    IncidentFilter,
    IncidentInput,
    all_incidents,
    incident_page,
)
from olagraph_api.schema.types.metrics import Metric, all_metrics
from olagraph_api.schema.types.nodes import Node, Party
from olagraph_api.schema.types.outages import Outage, outage
from olagraph_api.schema.types.parties import party
from olagraph_api.schema.types.portfolios import Portfolio, all_portfolios, portfolio_of
from olagraph_api.schema.types.principals import Principal
from olagraph_api.schema.types.providers import (
    Provider,
    ProviderFilter,
    ProviderOrder,
    all_providers,
    provider,
)
from olagraph_api.schema.types.services import (
    Service,
    ServiceFilter,
    ServiceOrder,
    all_services,
    service,
    service_page,
    services_by_id,
    services_named,
)
from olagraph_api.schema.types.targets import Target

__all__ = [
    "EARLIEST_FIRST",
    "ERRORS_FIRST",
    "WORST_FIRST",
    "Agreement",
    "AgreementFilter",
    "AgreementOrder",
    "AssessmentFilter",
    "AssessmentOrder",
    "Calendar",
    "Change",
    "Concentration",
    "Customer",
    "CustomerFilter",
    "CustomerOrder",
    "CutSets",
    "Edit",
    "Explanation",
    "Feasibility",
    "Finding",
    "FindingFilter",
    "FindingOrder",
    "Incident",
    "IncidentFilter",
    "IncidentInput",
    "Metric",
    "Node",
    "Outage",
    "Party",
    "Portfolio",
    "Principal",
    "Provider",
    "ProviderFilter",
    "ProviderOrder",
    "Service",
    "ServiceFilter",
    "ServiceImportance",
    "ServiceOrder",
    "Target",
    "TargetAssessment",
    "agreement",
    "agreement_page",
    "agreements_named",
    "all_agreements",
    "all_calendars",
    "all_customers",
    "all_findings",
    "all_incidents",
    "all_metrics",
    "all_portfolios",
    "all_providers",
    "all_services",
    "all_targets",
    "customer",
    "explanations_of",
    "feasibility_of",
    "finding_page",
    "history",
    "incident_page",
    "outage",
    "party",
    "portfolio_of",
    "provider",
    "service",
    "service_cut_sets",
    "service_importance",
    "service_page",
    "services_by_id",
    "services_named",
    "target_page",
]
