"""A portfolio -> a flowchart in Mermaid, for pages in Markdown: who provides what, on what it depends, who has SLAs."""

import re
from collections.abc import Iterator, Mapping

from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, AgreementKind, Portfolio

MOST_EDGES, MOST_CHARACTERS = 500, 50_000
"""As many as Mermaid draws unless the page allows more; a chart cannot (its `secure` configuration)."""

# What Mermaid, or the Markdown and HTML that it takes labels for, might read as anything else than itself.
_TO_ESCAPE = re.compile(r"(?<=\w)[.-](?=\w)|[^\W_]|( )|(.)", re.DOTALL)


def write_mermaid(portfolio: Portfolio) -> str:
    """The flowchart of a portfolio; the same portfolio gives the same text.

    Services are grouped by provider; arrows lead from a service to what it depends on, dotted where that is optional.
    Customers stand above with their SLAs. OLAs and UCs are left out: each would be one more line beside an arrow.
    """
    graph = PortfolioGraph(portfolio)
    services = {service: f"s{number}" for number, service in enumerate(graph.services)}
    slas = [each for each in graph.agreements.values() if graph.kind_of(each) is AgreementKind.SLA]
    edges = [*_promises(slas, graph, services), *_dependencies(graph, services)]
    chart = "\n".join(["flowchart TB", *_parties(slas, graph), *_groups(graph, services), *edges, ""])
    if len(edges) > MOST_EDGES or len(chart) > MOST_CHARACTERS:
        size = f"{len(edges)} edges and {len(chart)} characters"
        limits = f"{MOST_EDGES} and {MOST_CHARACTERS} unless the page raises maxEdges and maxTextSize"
        return f"%% {size}: Mermaid draws {limits}\n{chart}"
    return chart


def _customers(slas: list[Agreement], graph: PortfolioGraph) -> Mapping[str, str]:
    """The names in the chart of all customers, and of providers who have an SLA."""
    parties = dict.fromkeys((*graph.customers, *(party for sla in slas for party in sla.customers)))
    return {party: f"c{number}" for number, party in enumerate(parties)}


def _parties(slas: list[Agreement], graph: PortfolioGraph) -> Iterator[str]:
    for party, name in _customers(slas, graph).items():
        yield f'  {name}(["{_label(graph.party_name(party))}"])'
    for number, sla in enumerate(slas):
        yield f'  a{number}[/"{_label(f"SLA {sla.name or sla.id}")}"/]'


def _groups(graph: PortfolioGraph, services: Mapping[str, str]) -> Iterator[str]:
    provided: dict[str, list[str]] = {provider: [] for provider in graph.providers}
    for service in graph.services.values():
        provided[service.provider].append(service.id)
    for number, (provider, theirs) in enumerate(provided.items()):
        if theirs:
            yield f'  subgraph p{number}["{_label(graph.providers[provider].name or provider)}"]'
            for each in theirs:
                yield f'    {services[each]}["{_label(graph.service_name(each))}"]'
            yield "  end"


def _promises(slas: list[Agreement], graph: PortfolioGraph, services: Mapping[str, str]) -> Iterator[str]:
    customers = _customers(slas, graph)
    for number, sla in enumerate(slas):
        for party in sla.customers:
            yield f"  {customers[party]} --- a{number}"
        for covered in graph.covered_by(sla):
            yield f"  a{number} --- {services[covered]}"


def _dependencies(graph: PortfolioGraph, services: Mapping[str, str]) -> Iterator[str]:
    for service, name in services.items():
        optional: dict[str, bool] = {}
        for use in graph.uses(service):
            optional[use.used] = optional.get(use.used, True) and use.optional
        for used, soft in optional.items():
            yield f"  {name} {'-.->' if soft else '-->'} {services[used]}"


def _label(text: str) -> str:
    """A text as a label in quotes: all but letters, digits and what stands between them becomes an entity."""
    words = " ".join(text.split())
    return _TO_ESCAPE.sub(lambda match: f"#{ord(match[2])};" if match[2] else match[0], words) or " "
