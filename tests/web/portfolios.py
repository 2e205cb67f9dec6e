"""Portfolios for the pages whose numbers can be worked out by hand."""

from olagraph.documents import load_text
from olagraph.model.entities import Portfolio

TICKET_SHOP = """
olagraph: 1
name: Ticket shop
providers:
  - {id: us, name: Our IT, kind: internal}
  - {id: hostco, name: HostCo, kind: external, contact: noc@hostco.example}
  - {id: mailco, name: MailCo, kind: external}
customers: [{id: fans, name: Fans}, {id: clubs, name: Clubs}]
services:
  - {id: shop, name: Shop, provider: us, workflow: [web], own: [{availability: 100%}]}
  - {id: archive, name: Archive, provider: us, workflow: [database], own: [{availability: 100%}]}
  - {id: news, name: News, provider: us, workflow: {any_of: [web, mail]}}
  - {id: web, name: Web server, provider: hostco}
  - {id: database, name: Database, provider: hostco}
  - {id: mail, name: Mail, provider: mailco}
agreements:
  - {id: sla-archive, kind: SLA, provider: us, customer: clubs, window: year, covers: [archive], ref: T-2 §1,
     targets: [{availability: 99.8%}]}
  - {id: sla-shop, kind: SLA, provider: us, customer: fans, window: month, covers: [shop], ref: T-1 §4,
     targets: [{availability: 99.9%}]}
  - {id: uc-host, kind: UC, provider: hostco, customer: us, window: month, covers: [web, database], ref: HC-7 §3,
     targets: [{availability: 99.95%}]}
"""
"""99.9 % of November are 720 h · 0.001 = 43 min 12 s, 99.8 % of the year 8,760 h · 0.002 = 17 h 31 min 12 s."""


def ticket_shop() -> Portfolio:
    """A small portfolio: two SLAs on a hoster, and a mail service of which nobody says anything."""
    return load_text(TICKET_SHOP, "shop.yaml")


def many_promises(numbers: range) -> Portfolio:
    """A portfolio with an SLA target of every number, none of which holds, in the order of the numbers."""
    names = [f"{number:04}" for number in numbers]
    return load_text(
        "\n".join(
            [
                "olagraph: 1",
                "name: Many promises",
                "providers: [{id: us, kind: internal}, {id: them, kind: external}]",
                "customers: [{id: all, name: Everybody}]",
                "services:",
                "  - {id: base, provider: them}",
                *(f"  - {{id: service-{name}, provider: us, workflow: [base]}}" for name in names),
                "agreements:",
                "  - {id: uc, kind: UC, provider: them, customer: us, covers: [base], targets: [{availability: 99%}]}",
                *(
                    f"  - {{id: sla-{name}, kind: SLA, provider: us, customer: all, covers: [service-{name}],"
                    " targets: [{availability: 99.9%}]}"
                    for name in names
                ),
            ]
        ),
        "many.yaml",
    )
