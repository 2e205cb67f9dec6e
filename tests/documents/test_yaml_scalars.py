"""Scalars mean what YAML 1.2 says: numbers exact, everything doubtful text."""

from decimal import Decimal

import pytest

from olagraph.documents import InvalidPortfolio, load_text


def extra(text, name="shop.yaml"):
    (entry,) = load_text(text, name).extra
    return entry[1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("22:30", "22:30"),
        ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("1e", "1e"),
        ("24x7", "24x7"),
        ("99.95%", "99.95%"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|-\n  1", "1"),
        ("!!str 1", "1"),
        ("1", Decimal(1)),
        ("-0.50", Decimal("-0.50")),
        ("+.5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("1e-7", Decimal("1e-7")),
        ("007", Decimal(7)),
        ("0x1F", Decimal(31)),
        ("0o17", Decimal(15)),
        ("!!int '5'", Decimal(5)),
        ("0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
    ],
)
def test_a_plain_scalar_is_what_the_core_schema_says(written, meant):
    value = extra(f"olagraph: 1\nx-value: {written}\n")
    assert (value, type(value)) == (meant, type(meant))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e-7", Decimal("1e-7")),
        ("-0.50", Decimal("-0.50")),
        ("null", None),
        ("true", True),
        ('"1"', "1"),
        ('"\\ud83d\\ude00\\n\\u00e9"', "😀\né"),
        ('[{"a": []}, {}]', ({"a": ()}, {})),
    ],
)
@pytest.mark.parametrize("name", ["shop.json", "<stdin>"])
def test_json_means_what_json_says_whatever_the_file_is_called(written, meant, name):
    value = extra(f'{{\t"olagraph": 1,\r\n"x-value": {written}}}', name)
    assert (value, type(value)) == (meant, type(meant))


def test_ids_and_names_are_text_whatever_they_spell():
    portfolio = load_text(
        """
olagraph: 1
name: 2026
providers: [{id: 0123, name: true, kind: internal}, {id: 1e3, kind: external, parent: 0123}]
services: [{id: on, provider: 1e3, zone: 1}]
""",
        "shop.yaml",
    )
    assert (portfolio.name, portfolio.providers[0].name, portfolio.services[0].zone) == ("2026", "true", "1")
    assert [provider.id for provider in portfolio.providers] == ["0123", "1e3"]
    assert portfolio.services[0].id == "on"


def test_lines_and_columns_count_characters_in_yaml_and_json_alike():
    places = []
    for text, name in [
        ("olagraph: 1\nx-é: {'😀': 1, b: .inf}\n", "shop.yaml"),
        ('{"olagraph": 1,\n "x-é": {"😀": 1, "b": Infinity}}', "shop.json"),
    ]:
        with pytest.raises(InvalidPortfolio) as raised:
            load_text(text, name)
        places.append([(fault.line, fault.column) for fault in raised.value.faults])
    assert places == [[(2, 18)], [(2, 23)]]


def test_aliases_repeat_what_their_anchor_holds():
    portfolio = load_text(
        """
olagraph: 1
providers: [{id: p, kind: internal}]
services:
  - {id: a, provider: p, own: &own [{availability: 99.9%}]}
  - {id: b, provider: p, own: *own}
""",
        "shop.yaml",
    )
    assert portfolio.services[0].own == portfolio.services[1].own != ()
