"""concentration: what hangs on whom, how important every part is, what fails together."""

from datetime import date

import click

from olagraph.analysis.concentration.results import CutBy
from olagraph.analysis.settings import Settings
from olagraph.cli import streams
from olagraph.cli.clock import today
from olagraph.cli.program import as_of_option, format_option, output_option, source_argument
from olagraph.cli.refusals import OK, Refusal
from olagraph.cli.sources import asking, read_portfolio, show
from olagraph.model.entities import Portfolio
from olagraph.reports import CONCENTRATION_FORMATS, ConcentrationReport, render


@click.command(short_help="Providers, owners and regions by what hangs on them.")
@source_argument
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="ID",
    help="What matters to this service, and what takes it down together; may be given several times.",
)
@click.option(
    "--by",
    type=click.Choice([by.value for by in (CutBy.PROVIDER, CutBy.OWNER, CutBy.COMPONENT)]),
    help="What takes a --service down together: providers (if not given), owners or components.",
)
@as_of_option
@format_option(CONCENTRATION_FORMATS)
@output_option
def concentration(
    source: str,
    services: tuple[str, ...],
    by: str | None,
    as_of: date | None,
    format_: str,
    output: str | None,
) -> int:
    """Rank the providers, owners, regions and zones of SOURCE by what their failure takes down.

    With --service also the importance of everything that the service rests on, and the smallest sets of
    providers whose joint failure takes it down.
    """
    if by is not None and not services:
        raise Refusal("--by goes with --service: it says whose joint failures are looked for")
    portfolio = read_portfolio(source)
    report = asking(lambda: asked(portfolio, services, CutBy(by or CutBy.PROVIDER), as_of or today()))
    show(render(report, format_, layout=streams.layout_for(output)), output)
    return OK


def asked(portfolio: Portfolio, services: tuple[str, ...], by: CutBy, as_of: date) -> ConcentrationReport:
    """The concentration, and what is asked about single services."""
    from olagraph.analysis.concentration.concentrating import concentration as concentrate
    from olagraph.analysis.concentration.cutting import cut_sets
    from olagraph.analysis.concentration.importance import importance
    from olagraph.analysis.names import refuse_unknown

    settings = Settings(as_of=as_of)
    refuse_unknown([("service", services, {service.id for service in portfolio.services})])
    return ConcentrationReport(
        portfolio=portfolio,
        concentration=concentrate(portfolio, settings),
        importance=tuple(
            each for service in services for each in importance(portfolio, settings, service=service)
        ),
        cut_sets=tuple(cut_sets(portfolio, settings, service=service, by=by) for service in services),
    )
