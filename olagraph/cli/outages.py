"""outage: who is hit, until when which SLA holds, whom to call."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from olagraph.cli import streams
from olagraph.cli.clock import now
from olagraph.cli.program import format_option, output_option, source_argument
from olagraph.cli.refusals import OK, Refusal
from olagraph.cli.sources import asking, read_portfolio, refusing, show
from olagraph.model.entities import Portfolio
from olagraph.model.moment import parse_moment
from olagraph.model.quantity import Dimension, Quantity
from olagraph.reports import OUTAGE_FORMATS, OutageReport, render

if TYPE_CHECKING:
    from olagraph.analysis.outage.results import Failed
    from olagraph.model.entities import Incident


def moment(text: str) -> datetime:
    """The moment that `text` spells."""
    try:
        return parse_moment(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


def lasting(text: str) -> timedelta:
    """The length of time that `text` spells."""
    try:
        seconds = Quantity.parse(text, Dimension.DURATION).exact
        return timedelta(microseconds=round(seconds * 10**6))
    except (ValueError, OverflowError) as error:
        why = f"{text!r} is longer than any calendar" if isinstance(error, OverflowError) else error
        raise click.BadParameter(f"{why}.") from None


def share(text: str) -> Fraction:
    """The share that `text` spells."""
    try:
        return Quantity.parse(text, Dimension.RATIO).exact
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


@click.command(short_help="Who is hit if something fails, and until when SLAs hold.")
@source_argument
@click.option("--provider", "providers", multiple=True, metavar="ID", help="It, and all that it owns, fails.")
@click.option("--service", "services", multiple=True, metavar="ID", help="It fails.")
@click.option(
    "--agreement", "agreements", multiple=True, metavar="ID", help="What is delivered under it fails."
)
@click.option(
    "--region", "regions", multiple=True, metavar="NAME", help="Every service that lies there fails."
)
@click.option("--zone", "zones", multiple=True, metavar="NAME", help="Every service that lies there fails.")
@click.option(
    "--from",
    "from_",
    type=moment,
    metavar="MOMENT",
    help="When it begins, 2026-12-01T09:00Z or 2026-12-01 10:00+01:00; now if not given.",
)
@click.option(
    "--for", "for_", type=lasting, metavar="TIME", help="How long it lasts, 4h; open-ended if not given."
)
@click.option(
    "--capacity-lost",
    type=share,
    default="100%",
    show_default=True,
    metavar="SHARE",
    help="Of what fails; downtime counts by it.",
)
@click.option(
    "--incidents",
    "incident_files",
    multiple=True,
    metavar="FILE",
    help="Incidents had besides those of SOURCE, as a portfolio file states them.",
)
@click.option(
    "--still-up",
    "most_still_up",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Of how many SLAs that are hit and up to say how available they are.",
)
@format_option(OUTAGE_FORMATS)
@output_option
def outage(
    source: str,
    providers: tuple[str, ...],
    services: tuple[str, ...],
    agreements: tuple[str, ...],
    regions: tuple[str, ...],
    zones: tuple[str, ...],
    from_: datetime | None,
    for_: timedelta | None,
    capacity_lost: Fraction,
    incident_files: tuple[str, ...],
    most_still_up: int,
    format_: str,
    output: str | None,
) -> int:
    """Say what becomes of every service and SLA of SOURCE if something fails: all that is named, at once.

    Each of the options that name what fails may be given several times.
    """
    from olagraph.analysis.outage.results import Failed

    failed = Failed(
        providers=providers, services=services, agreements=agreements, regions=regions, zones=zones
    )
    if not failed:
        raise Refusal("nothing fails: name a --provider, a --service, an --agreement, a --region or a --zone")
    portfolio = read_portfolio(source)
    incidents = read_incidents(incident_files, portfolio, source)
    report = asking(
        lambda: asked(
            portfolio,
            failed,
            from_=from_ or now().replace(microsecond=0),
            for_=for_,
            capacity_lost=capacity_lost,
            incidents=incidents,
            most_still_up=most_still_up,
        )
    )
    show(render(report, format_, layout=streams.layout_for(output)), output)
    return OK


def asked(
    portfolio: Portfolio,
    failed: "Failed",
    *,
    from_: datetime,
    for_: timedelta | None,
    capacity_lost: Fraction,
    incidents: "tuple[Incident, ...]",
    most_still_up: int,
) -> OutageReport:
    """The outage with how available what is still up is."""
    from olagraph.analysis.outage.impact import outage_in
    from olagraph.analysis.outage.index import OutageIndex
    from olagraph.analysis.outage.still_up import still_up
    from olagraph.graph import PortfolioGraph

    index = OutageIndex(PortfolioGraph(portfolio))
    try:
        found = outage_in(
            index, failed=failed, from_=from_, for_=for_, capacity_lost=capacity_lost, incidents=incidents
        )
    except ValueError as error:
        raise Refusal(str(error)) from None
    return OutageReport(
        portfolio=portfolio, outage=found, still_up=still_up(index, found, most=most_still_up)
    )


def read_incidents(files: tuple[str, ...], portfolio: Portfolio, source: str) -> "tuple[Incident, ...]":
    """The incidents of files of their own."""
    if not files:
        return ()
    from olagraph.documents.incident_files import load_incidents

    if "" in files:
        raise Refusal("--incidents is empty: name a file, a directory or - for standard input")
    if "-" in files and source == "-":
        raise Refusal("--incidents and SOURCE are both standard input: name a file for one of them")
    with refusing(files[0]):
        return load_incidents(files, portfolio)
