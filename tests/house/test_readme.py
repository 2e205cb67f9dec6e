"""What the documentation says is what the program does: its listings, commands, keys, codes, sections and links."""

import json
import re
import shlex
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
import pytest
import yaml

from olagraph.analysis.findings import SEVERITIES
from olagraph.cli import main
from olagraph.documents import load_text
from olagraph.metrics.table import BUILT_IN_METRICS
from olagraph.reports.codes import FINDING_CODES
from tests.house.listings import PAGES, ROOT, Shell, blocks, files, listings, shell

DOCS = ROOT / "docs"
PAGE_NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
LISTED = [name for name in PAGE_NAMES if blocks((ROOT / name).read_text(encoding="utf-8"), "console")]
PINNED = {
    "assess": "--as-of",
    "explain": "--as-of",
    "check": "--as-of",
    "concentration": "--as-of",
    "outage": "--from",
}
"""What must say its day where its output is shown."""

_CODE_ROW = re.compile(r"^\| `([A-Z_]+)` \| ([^|]+) \|", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_SECTION = re.compile(r"SEMANTICS §(\d+)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def inline_code(page: str) -> list[str]:
    """What stands in backticks in the running text of a page."""
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`\n]+)`", prose)


def commands(page: str) -> Iterator[list[str]]:
    """Every `olagraph` command in the fenced blocks of a page, as words."""
    for kind in ("sh", "console", "yaml"):
        for block in blocks(page, kind):
            for line in block.text.splitlines():
                found = re.match(r"(?:\$ |\s*run: )?(olagraph .*)", line)
                if found:
                    yield shlex.split(found[1].partition(" | ")[0], comments=True)


@pytest.mark.parametrize("name", LISTED)
def test_a_page_shows_exactly_what_its_commands_print(name: str) -> None:
    """`python tests/house/listings.py` writes into the pages what their commands print."""
    page = text_of(name)
    with shell(page) as ready:
        for block in blocks(page, "console"):
            for listing in listings(block.text):
                assert ready.run(listing.command) == listing.shown, f"$ {listing.command}"


@pytest.mark.parametrize("name", LISTED)
def test_what_a_listing_prints_does_not_depend_on_the_day(name: str) -> None:
    for block in blocks(text_of(name), "console"):
        for listing in listings(block.text):
            words = listing.command.split()
            assert words[:1] != ["olagraph"] or PINNED.get(words[1], words[1]) in words


def test_a_listing_shows_no_other_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a listing shows olagraph"):
        Shell(tmp_path).run("ls")


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_command_and_option_that_a_page_names_exists(name: str) -> None:
    for words in commands(text_of(name)):
        command: click.Command = main
        while isinstance(command, click.Group):
            words = words[1:]
            command = command.commands[words[0]]
        options = {option for parameter in command.params for option in parameter.opts}
        unknown = [word for word in words[1:] if word.startswith("--") and word not in options]
        assert not unknown, f"{' '.join(words)}: {unknown}"


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_make_target_that_a_page_names_exists(name: str) -> None:
    stated = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    scripts = (block.text for block in blocks(text_of(name), "sh"))
    code = "\n".join([*inline_code(text_of(name)), *scripts])
    assert set(re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)) <= stated


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    broken = [
        link
        for link in _LINK.findall(text_of(name))
        if "://" not in link and not link.startswith("#") and not (folder / link.partition("#")[0]).exists()
    ]
    assert not broken


def test_every_page_is_in_the_index() -> None:
    index = text_of("docs/README.md")
    missing = [path.name for path in DOCS.iterdir() if path.name != "README.md" and path.name not in index]
    assert not missing


def test_the_portfolio_of_the_readme_is_small() -> None:
    portfolio = files(text_of("README.md"))["shop.yaml"]
    assert len(portfolio.splitlines()) <= 25
    assert load_text(portfolio, "shop.yaml").name == "Ticket shop"


def test_the_pipeline_of_the_readme_is_yaml() -> None:
    pipelines = [b.text for b in blocks(text_of("README.md"), "yaml") if b.text.startswith("jobs:")]
    assert [yaml.safe_load(text)["jobs"]["promises"]["steps"][0]["run"] for text in pipelines] == [
        "olagraph validate portfolio.yaml"
    ]


def test_the_example_of_the_format_is_the_fixture() -> None:
    (example,) = blocks(text_of("docs/portfolio-file.md"), "yaml")
    assert example.text == text_of("fixtures/format-example.yaml")


def test_every_key_of_a_portfolio_is_explained() -> None:
    """Every property of the JSON Schema stands in code somewhere on the page."""
    schema = json.loads(text_of("docs/portfolio.schema.json"))
    explained = set(re.findall(r"\w+", " ".join(inline_code(text_of("docs/portfolio-file.md")))))
    keys = set(schema["properties"]).union(*(each.get("properties", ()) for each in schema["$defs"].values()))
    weekdays = {"mon", "tue", "wed", "thu", "sun", "mon-fri"}
    assert sorted(keys - explained - weekdays) == []


def test_the_table_of_metrics_is_the_metric_table() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (?:`(\w+)`)? ?\| ([\w/]+) \| (\w+) \| `(\w+)` \|$",
        text_of("docs/portfolio-file.md"),
        re.MULTILINE,
    )
    assert rows == [
        (metric.id, metric.complement or "", metric.unit, metric.better, metric.family)
        for metric in BUILT_IN_METRICS
    ]


def test_every_finding_code_is_explained_with_its_severity() -> None:
    page = text_of("docs/verdicts-and-findings.md")
    rows = dict(_CODE_ROW.findall(page.partition("## Findings")[2]))
    assert sorted(rows) == sorted(FINDING_CODES)
    for code, severity in rows.items():
        assert severity.startswith(SEVERITIES.get(code, FINDING_CODES[code].severity)), code


def test_the_reserved_codes_are_those_that_nothing_computes() -> None:
    page = text_of("docs/verdicts-and-findings.md")
    reserved = {code for code, _ in _CODE_ROW.findall(page.partition("### Reserved")[2])}
    assert reserved == set(FINDING_CODES) - set(SEVERITIES)


def test_every_command_and_option_is_documented() -> None:
    page = text_of("docs/command-line.md")
    nested = (each.commands.values() for each in main.commands.values() if isinstance(each, click.Group))
    options = {
        option
        for command in chain(main.commands.values(), *nested)
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--")
    }
    assert [name for name in main.commands if f"`olagraph {name}" not in page] == []
    assert [option for option in sorted(options) if option not in page] == []


def test_every_section_that_the_code_cites_is_there() -> None:
    sections = re.findall(r"^## (\d+)\. ", text_of("docs/semantics.md"), re.MULTILINE)
    assert sections == [str(number) for number in range(1, 13)]
    code = (path.read_text(encoding="utf-8") for path in (ROOT / "olagraph").rglob("*.py"))
    cited = {section for text in code for section in _SECTION.findall(text)}
    assert cited <= set(sections)


def test_the_semantics_and_the_list_of_codes_agree() -> None:
    findings = text_of("docs/semantics.md").partition("## 7. ")[2].partition("## 8. ")[0]
    rows = "".join(line for line in findings.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([A-Z][A-Z_]+)`", rows)) == set(FINDING_CODES)
