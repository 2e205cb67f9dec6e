"""Tiny portfolios written inline, and short questions to their assessments.

`delivered("[a, b]", "availability: 99%", a="availability: 99.9%", ...)` is the portfolio most tests need: our service `s`
is delivered by that workflow, and we promise it to a customer as `sla`; every leaf named by a keyword is another
supplier's service, promised to us in `uc-<leaf>`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from olagraph.analysis.assess import assess
from olagraph.analysis.explain import explain
from olagraph.analysis.results import Assessment, Explanation, Finding, Level, TargetAssessment
from olagraph.analysis.settings import Settings
from olagraph.documents import load_text
from olagraph.model.entities import Portfolio

DAY = date(2026, 11, 23)

HEAD = "olagraph: 1\nname: small\ncurrency: EUR\n"
PROVIDERS = (
    "{id: us, kind: internal}",
    "{id: team, kind: internal}",
    "{id: them, kind: external}",
    "{id: others, kind: external}",
)
OFFICE = '{id: office, timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}}'


def written(
    *,
    services: Iterable[str],
    agreements: Iterable[str] = (),
    providers: Iterable[str] = (),
    customers: Iterable[str] = ("{id: c}", "{id: d}"),
    more: str = "",
) -> Portfolio:
    """A portfolio of YAML flow mappings; the usual providers are there, further ones replace those of their id."""
    further = tuple(providers)
    named = {row.split(",")[0] for row in further}
    usual = [row for row in PROVIDERS if row.split(",")[0] not in named]
    text = HEAD
    for section, rows in (
        ("calendars", (OFFICE,)),
        ("providers", (*usual, *further)),
        ("customers", customers),
        ("services", services),
        ("agreements", agreements),
    ):
        if rows := tuple(rows):
            text += f"{section}:\n" + "".join(f"  - {row}\n" for row in rows)
    return load_text(text + more, "small.yaml")


def delivered(
    workflow: str | None,
    *targets: str,
    requires: str | None = None,
    own: str | None = None,
    terms: str = "",
    services: Iterable[str] = (),
    agreements: Iterable[str] = (),
    providers: Iterable[str] = (),
    more: str = "",
    **promises: str,
) -> Portfolio:
    """Our service `s` promised as `sla`, delivered from suppliers' services.

    Args:
        workflow: of `s`, as YAML.
        targets: of `sla`, each the inside of a mapping, "availability: 99%".
        terms: further keys of `sla`, "window: month".
        promises: by leaf, what its supplier promises us: the inside of a target's mapping, several apart by ` | `, after
            `;` further keys of the agreement. A leaf `a` is a service of the supplier `p-a`, promised in `uc-a`.
    """
    keys = ["id: s", "provider: us"]
    for key, value in (("workflow", workflow), ("requires", requires), ("own", own)):
        if value is not None:
            keys.append(f"{key}: {value}")
    contracts = []
    for leaf, promise in promises.items():
        points, _, further = promise.partition(";")
        contracts.append(
            f"{{id: uc-{leaf}, provider: p-{leaf}, customer: us, covers: [{leaf}], ref: 'UC {leaf} §1', "
            f"targets: [{_targets(points.split('|'))}]{_further(further)}}}"
        )
    promised = f"{{id: sla, provider: us, customer: c, covers: [s], ref: 'SLA §1', targets: [{_targets(targets)}]{_further(terms)}}}"
    return written(
        providers=(*(f"{{id: p-{leaf}, kind: external}}" for leaf in promises), *providers),
        services=(
            f"{{{', '.join(keys)}}}",
            *(f"{{id: {leaf}, provider: p-{leaf}}}" for leaf in promises),
            *services,
        ),
        agreements=(promised, *contracts, *agreements),
        more=more,
    )


def _targets(points: Iterable[str]) -> str:
    return ", ".join(f"{{{point.strip()}}}" for point in points)


def _further(keys: str) -> str:
    return f", {keys.strip()}" if keys.strip() else ""


def assessed(portfolio: Portfolio, *, as_of: date = DAY, **thresholds: Any) -> Assessment:
    """The assessment on the usual day."""
    return assess(portfolio, Settings(as_of=as_of, **thresholds))


def targets(
    portfolio: Portfolio, agreement: str = "sla", *, as_of: date = DAY, **thresholds: Any
) -> list[TargetAssessment]:
    """The assessed targets of one agreement."""
    found = assessed(portfolio, as_of=as_of, **thresholds).targets
    return [target for target in found if target.agreement.id == agreement]


def the(
    portfolio: Portfolio, agreement: str = "sla", *, as_of: date = DAY, **thresholds: Any
) -> TargetAssessment:
    """The one assessed target of one agreement."""
    (only,) = targets(portfolio, agreement, as_of=as_of, **thresholds)
    return only


def found(portfolio: Portfolio, code: str, *, as_of: date = DAY, **thresholds: Any) -> list[Finding]:
    """The findings of one code."""
    return [f for f in assessed(portfolio, as_of=as_of, **thresholds).findings if f.code == code]


def codes(portfolio: Portfolio, *, as_of: date = DAY, **thresholds: Any) -> set[str]:
    """The codes of all findings."""
    return {f.code for f in assessed(portfolio, as_of=as_of, **thresholds).findings}


def evidence(finding: Finding, key: str) -> Any:
    """One piece of a finding's evidence."""
    return finding.evidence[key]


def explained(portfolio: Portfolio, agreement: str = "sla", **chosen: Any) -> Explanation:
    """The explanation of the one assessed target of an agreement."""
    (only,) = explain(portfolio, Settings(as_of=DAY), agreement=agreement, **chosen)
    return only


def number(level: Level | None) -> float:
    """The one number of a basis on which nothing is missing."""
    assert level is not None
    assert level.single
    return level.at_worst


def ends(level: Level | None) -> tuple[float, float]:
    """Both ends of a basis."""
    assert level is not None
    return level.at_worst, level.at_best


def values(view: Any) -> tuple[float, float, float]:
    """The three bases of a view on which nothing is missing."""
    return number(view.guaranteed), number(view.independent), number(view.ceiling)
