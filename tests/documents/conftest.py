"""A small portfolio to state things in."""

from textwrap import dedent

import pytest

from olagraph.documents import InvalidPortfolio, load_text

PARTIES = """\
olagraph: 1
currency: EUR
providers: [{id: p, kind: internal}, {id: q, kind: external}]
customers: [{id: c}]
calendars: [{id: office, timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}}]
"""


@pytest.fixture
def reads():
    """Reads sections after two providers, a customer and a calendar (five lines)."""

    def read(sections):
        return load_text(PARTIES + dedent(sections).lstrip("\n"), "shop.yaml")

    return read


@pytest.fixture
def faults_of(reads):
    """The faults of sections after the five lines, each as people see it."""

    def faults(sections):
        with pytest.raises(InvalidPortfolio) as raised:
            reads(sections)
        assert str(raised.value).splitlines() == [str(fault) for fault in raised.value.faults]
        return [str(fault) for fault in raised.value.faults]

    return faults


@pytest.fixture
def faults_at(faults_of):
    """Checks that the one fault of some sections lies where `«` marks it, at a path, with a text."""

    def check(sections, path, text):
        before = sections[: sections.index("«")]
        line, column = 6 + before.count("\n"), len(before) - before.rfind("\n")
        assert faults_of(sections.replace("«", "")) == [f"shop.yaml:{line}:{column}: {path}{text}"]

    return check
