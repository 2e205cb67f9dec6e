"""The command line: arguments in, reports out, exit codes. No arithmetic, no rules."""

import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from olagraph import streams
from olagraph.analysis.results import Severity
from olagraph.analysis.settings import Settings
from olagraph.model.entities import Portfolio
from olagraph.refusals import FOUND, INTERRUPTED, OK, Refusal, cannot, faulty
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

_STORE = re.compile(r"(?:neo4j|bolt)(?:\+s|\+ssc)?://|sqlite:", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Command = TypeVar("Command", bound=Callable[..., Any])


class Program(click.Group):
    """The `olagraph` command: what a command returns is the exit code; mistakes of users end in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of this file, which is that of their use."""
        return list(self.commands)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and exit unless called as a function."""
        streams.speak_utf8()
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as refused:
            if not standalone_mode:
                raise
            refused.show()
            code = refused.exit_code
        except click.Abort:
            if not standalone_mode:
                raise
            code = INTERRUPTED
        if standalone_mode:
            sys.exit(code)
        return code


def day(text: str) -> date:
    """The day of the calendar that `text` spells."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise click.BadParameter(f"{text!r} is not a day such as 2026-11-23.")


source_argument = click.argument("source")
as_of_option = click.option(
    "--as-of",
    type=day,
    metavar="DATE",
    help="The day of assessment, 2026-11-23; today in UTC if not given.",
)
output_option = click.option(
    "--output", metavar="FILE", help="Write there instead of standard output, as a whole or not at all."
)


def format_option(formats: Sequence[str]) -> Callable[[Command], Command]:
    """`--format`, one of `formats`, the first by default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Of the report.",
    )


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="SOURCE is a portfolio: a file, a directory of files, or - for standard input. Exit codes:"
    " 0 nothing as bad as --fail-on, 1 there is, 2 input or arguments are wrong, 3 another system failed.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, asked: print_version(context) if asked else None,
    help="Show the version and exit.",
)
def main() -> None:
    """Promises in a graph: which OLA and UC backs which SLA, with a verdict on every SLA."""


@main.command(short_help="Verdicts on every promise, and what to do.")
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
def assess(
    source: str, as_of: date | None, format_: str, output: str | None, fail_on: str, baseline: str | None
) -> int:
    """Give a verdict on every promise of SOURCE, and what to do about it."""
    known = read_baseline(baseline) if baseline is not None else frozenset[str]()
    portfolio = read_portfolio(source)
    from olagraph.analysis.assess import assess as assess_portfolio

    with streams.Progress(sys.stderr) as progress:
        assessment = assess_portfolio(portfolio, Settings(as_of=as_of or today()), progress=progress)
    report = AssessmentReport(
        portfolio=portfolio,
        assessment=assessment,
        source=None if source == "-" else source,
        baseline=known,
        fail_on=None if fail_on == "never" else Severity(fail_on),
        version=version() if format_ == "sarif" else "",
    )
    show(render(report, format_, layout=streams.layout_for(output)), output)
    return FOUND if report.failed else OK


@main.command(short_help="Why an agreement got its verdicts.")
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


@main.command(short_help="Could a target be promised on a service?")
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
    from olagraph.metrics.table import metric_table
    from olagraph.spelled_target import spelled_target

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


@main.command(short_help="What is wrong in a portfolio.")
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
    )
    show(
        f"{visible(source)} is valid: {', '.join(plural(len(each), noun) for each, noun in things)}.\n", None
    )
    return OK


@main.command(short_help="A commented starter portfolio.")
@click.argument("file", default="portfolio.yaml")
def init(file: str) -> int:
    """Write a commented starter portfolio to FILE (default portfolio.yaml), never over an existing file."""
    from importlib.resources import files

    text = files("olagraph").joinpath("starter.yaml").read_text(encoding="utf-8")
    if file == "-":
        show(text, None)
        return OK
    try:
        with open(file, "x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except FileExistsError:
        raise Refusal(f"{file} exists already and is left as it is; name another file") from None
    except OSError as error:
        raise cannot("write", file, error) from None
    show(f"Wrote {visible(file)}. Next: olagraph assess {visible(file)}\n", None)
    return OK


@main.command(short_help="The JSON Schema of the portfolio file.")
@output_option
def schema(output: str | None) -> int:
    """Print the JSON Schema of the portfolio file, for editors."""
    import json

    from olagraph.documents import json_schema

    show(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", output)
    return OK


@main.command(short_help="Completion for bash, zsh or fish.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of SHELL.

    \b
    bash: eval "$(olagraph completion bash)"          in ~/.bashrc
    zsh:  eval "$(olagraph completion zsh)"           in ~/.zshrc
    fish: olagraph completion fish > ~/.config/fish/completions/olagraph.fish
    """
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None, "click knows the three shells"
    show(complete(main, {}, "olagraph", "_OLAGRAPH_COMPLETE").source() + "\n", None)
    return OK


def print_version(context: click.Context) -> None:
    """Print the version and end."""
    show(f"olagraph {version() or '(not installed)'}\n", None)
    context.exit()


def today() -> date:
    """The day in UTC: the one place where the clock is read."""
    return datetime.now(UTC).date()


def version() -> str:
    """The installed version; empty where the package is not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("olagraph")
    except PackageNotFoundError:
        return ""


def read_portfolio(source: str) -> Portfolio:
    """The portfolio of a file, a directory or standard input."""
    if not source:
        raise Refusal("SOURCE is empty: name a file, a directory or - for standard input")
    if _STORE.match(source):
        raise Refusal(
            f"{source}: stores are not in this version; SOURCE is a file, a directory or - for standard input"
        )
    from olagraph.documents import InvalidPortfolio, load

    try:
        return load(source)
    except InvalidPortfolio as invalid:
        raise faulty(invalid.faults) from None
    except OSError as error:
        raise cannot("read", source, error) from None


def read_baseline(file: str) -> frozenset[str]:
    """The fingerprints in an earlier report."""
    from olagraph.reports.baseline import fingerprints

    try:
        return fingerprints(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise cannot("read", file, error) from None
    except ValueError as error:
        why = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error
        raise Refusal(f"--baseline {file}: expected an earlier `assess --format json`; {why}") from None


Found = TypeVar("Found")


def asking(question: Callable[[], Found]) -> Found:
    """The answer to a question that names things; names that nobody has are refused with the nearest ones."""
    from olagraph.analysis.names import UnknownName

    try:
        return question()
    except UnknownName as unknown:
        raise Refusal(str(unknown)) from None


def nothing_explained(portfolio: Portfolio, agreement: str, day: date) -> str:
    """Why nothing of an agreement that exists was assessed."""
    found = next((each for each in portfolio.agreements if each.id == agreement), None)
    if found is not None and not found.in_force(day):
        term = " ".join(f"{word} {at}" for word, at in (("from", found.from_), ("to", found.to)) if at)
        return f"{agreement} is not in force on {day} ({term}); --as-of names another day"
    return (
        f"nothing of {agreement} is assessed on {day}: no target of it asks for the service and metric named"
    )


def show(text: str, output: str | None) -> None:
    """Write a report."""
    if output == "":
        raise Refusal("--output is empty: name a file, or - for standard output")
    try:
        streams.write(text, output)
    except OSError as error:
        raise cannot("write", output or "standard output", error) from None
