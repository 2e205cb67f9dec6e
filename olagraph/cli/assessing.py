"""assess, explain, check, validate: questions to a portfolio."""

import sys
from dataclasses import replace
from datetime import date

import click

from olagraph.analysis.results import Assessment, Severity
from olagraph.analysis.settings import Settings
from olagraph.cli import streams
from olagraph.cli.clock import today
from olagraph.cli.program import as_of_option, format_option, output_option, source_argument
from olagraph.cli.refusals import FOUND, OK, Refusal
from olagraph.cli.sources import (
    asking,
    names_store,
    opened,
    read_baseline,
    read_portfolio,
    read_snapshot,
    show,
    store_name,
)
from olagraph.cli.version import version
from olagraph.model.entities import Portfolio
from olagraph.reports import (
    ASSESSMENT_FORMATS,
    EXPLANATION_FORMATS,
    FEASIBILITY_FORMATS,
    AssessmentReport,
    ExplanationReport,
    FeasibilityReport,
    render,
)
from olagraph.reports.visible import visible


@click.command(short_help="Verdicts on every promise, and what to do.")
@source_argument
@as_of_option
@format_option(ASSESSMENT_FORMATS)
@output_option
@click.option(
    "--fail-on",
    type=click.Choice([*(severity.value for severity in Severity), "never"]),
    default=Severity.ERROR.value,
    show_default=True,
    help="Exit with 1 if there is a finding as bad as this.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help="An earlier report in JSON: only findings that it lacks count.",
)
@click.option("--write", is_flag=True, help="Write verdicts and findings back into SOURCE, a store.")
def assess(
    source: str,
    as_of: date | None,
    format_: str,
    output: str | None,
    fail_on: str,
    baseline: str | None,
    write: bool,
) -> int:
    """Give a verdict on every promise of SOURCE, and what to do about it."""
    known = read_baseline(baseline) if baseline is not None else frozenset[str]()
    if write and not names_store(source):
        raise Refusal(f"--write goes with a store: {visible(source)} holds no verdicts")
    portfolio, revision = read_snapshot(source)
    from olagraph.analysis.assess import assess as assess_portfolio

    with streams.Progress(sys.stderr) as progress:
        assessment = assess_portfolio(portfolio, Settings(as_of=as_of or today()), progress=progress)
    assessment = replace(assessment, revision=revision)
    if write:
        write_back(source, portfolio, assessment)
    report = AssessmentReport(
        portfolio=portfolio,
        assessment=assessment,
        source=shown_source(source),
        baseline=known,
        fail_on=None if fail_on == "never" else Severity(fail_on),
        version=version() if format_ == "sarif" else "",
    )
    show(render(report, format_, layout=streams.layout_for(output)), output)
    return FOUND if report.failed else OK


@click.command(short_help="Why an agreement got its verdicts.")
@source_argument
@click.argument("agreement")
@click.option("--service", metavar="ID", help="Only this covered service.")
@click.option("--metric", metavar="ID", help="Only this metric.")
@as_of_option
@format_option(EXPLANATION_FORMATS)
@output_option
def explain(
    source: str,
    agreement: str,
    service: str | None,
    metric: str | None,
    as_of: date | None,
    format_: str,
    output: str | None,
) -> int:
    """Show why AGREEMENT got its verdicts: the composition, step by step."""
    portfolio = read_portfolio(source)
    from olagraph.analysis.explain import explain as explain_agreement

    day = as_of or today()
    explanations = asking(
        lambda: explain_agreement(
            portfolio, Settings(as_of=day), agreement=agreement, service=service, metric=metric
        )
    )
    if not explanations:
        raise Refusal(nothing_explained(portfolio, agreement, day))
    report = ExplanationReport(portfolio=portfolio, explanations=explanations, as_of=day)
    show(render(report, format_, layout=streams.layout_for(output)), output)
    return OK


@click.command(short_help="Could a target be promised on a service?")
@source_argument
@click.argument("service")
@click.option(
    "--target",
    "spelled",
    required=True,
    metavar="TARGET",
    help='What would be promised: "availability 99.95%", "latency 2 s for 95%"; window, priority, clock and'
    ' hours may follow: "resolution_time 8 h for 90% priority P1 clock london-office".',
)
@as_of_option
@format_option(FEASIBILITY_FORMATS)
@output_option
def check(
    source: str, service: str, spelled: str, as_of: date | None, format_: str, output: str | None
) -> int:
    """Say whether SERVICE could be promised with a target, before anything is signed.

    Exits with 1 if it could not, or if nobody can tell.
    """
    portfolio = read_portfolio(source)
    from olagraph.analysis.check import check as check_target
    from olagraph.analysis.results import Answer
    from olagraph.documents.spelled_target import spelled_target
    from olagraph.metrics.table import metric_table

    try:
        target = spelled_target(
            spelled,
            metric_table(portfolio),
            calendars=[each.id for each in portfolio.calendars],
            currency=portfolio.currency,
        )
    except ValueError as error:
        raise Refusal(f"--target {spelled!r}: {error}") from None
    day = as_of or today()
    feasibility = asking(lambda: check_target(portfolio, Settings(as_of=day), service=service, target=target))
    report = FeasibilityReport(portfolio=portfolio, feasibility=feasibility, as_of=day)
    show(render(report, format_, layout=streams.layout_for(output)), output)
    return OK if feasibility.answer in (Answer.YES, Answer.IF_INDEPENDENT) else FOUND


@click.command(short_help="What is wrong in a portfolio.")
@source_argument
def validate(source: str) -> int:
    """Report everything that is wrong in SOURCE, and nothing else."""
    portfolio = read_portfolio(source)
    from olagraph.reports.names import plural

    things = (
        (portfolio.providers, "provider"),
        (portfolio.customers, "customer"),
        (portfolio.services, "service"),
        (portfolio.agreements, "agreement"),
        *([(portfolio.incidents, "incident")] if portfolio.incidents else []),
    )
    show(
        f"{visible(source)} is valid: {', '.join(plural(len(each), noun) for each, noun in things)}.\n", None
    )
    return OK


def shown_source(source: str) -> str | None:
    """What names SOURCE in a report, without a password; nothing does if it is standard input."""
    if source == "-":
        return None
    return store_name(source) if names_store(source) else source


def write_back(source: str, portfolio: Portfolio, assessment: Assessment) -> None:
    """Write verdicts and findings into the store that was assessed."""
    from olagraph.stores.assessments import written_assessment

    assert assessment.revision is not None, "a store's snapshot has one"
    with opened(source) as (store, address):
        written = written_assessment(assessment, portfolio, revision=assessment.revision)
        store.write_assessment(address.portfolio, written)
    click.echo(f"Wrote verdicts and findings on revision {written.revision} into {address.shown}.", err=True)


def nothing_explained(portfolio: Portfolio, agreement: str, day: date) -> str:
    """Why nothing of an agreement that exists was assessed."""
    found = next((each for each in portfolio.agreements if each.id == agreement), None)
    if found is not None and not found.in_force(day):
        term = " ".join(f"{word} {at}" for word, at in (("from", found.from_), ("to", found.to)) if at)
        return f"{agreement} is not in force on {day} ({term}); --as-of names another day"
    return (
        f"nothing of {agreement} is assessed on {day}: no target of it asks for the service and metric named"
    )
