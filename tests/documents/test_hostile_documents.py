"""Hostile documents are refused, not obeyed, and never take long (work is linear in the text)."""

import pytest
import yaml

from olagraph.documents import InvalidPortfolio, Limits, load_text

HEAD = "olagraph: 1\n"
OUT_OF_RANGE = (
    "is out of range: at most 60 digits, between 1e-40 and 1e40; expected quotes, if it is not a number"
)


def refusal(text, name="shop.yaml", **limits):
    """The first fault of a document that is refused."""
    with pytest.raises(InvalidPortfolio) as raised:
        load_text(text, name, limits=Limits(**limits))
    return str(raised.value.faults[0])


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request, monkeypatch):
    """Both parsers: PyYAML may be installed without libyaml."""
    if request.param == "pure Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return request.param


BOMB = (
    HEAD
    + f"x-a: &a [{', '.join('1' * 10)}]\n"
    + "".join(
        f"x-{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
)
LADDER = HEAD + "x-0: &a0 [1]\n" + "".join(f"x-{step}: &a{step} [*a{step - 1}]\n" for step in range(1, 300))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (BOMB, "7:22: aliases that stand for more than 500000 values"),
        (LADDER, "101:13: more than 100 levels of nesting"),
        (HEAD + "x-a: &a [*a]\n", "2:10: alias '*a' names no anchor that ends before it"),
        (HEAD + "x-a: *nowhere\n", "2:6: alias '*nowhere' names no anchor that ends before it"),
        ("[" * 1_000_000, "1:101: more than 100 levels of nesting"),
        ("{a: " * 1_000_000, "1:401: more than 100 levels of nesting"),
        ("- " * 1_000_000, "1:201: more than 100 levels of nesting"),
        ("? " * 1_000_000, "1:201: more than 100 levels of nesting"),
        ("[\n" * 1_000_000, "101:1: more than 100 levels of nesting"),
        (
            "".join(f"%TAG !a{step}! x\n" for step in range(50_000)) + "---\n" + HEAD,
            "101:1: more than 100 lines that begin with %",
        ),
        (
            HEAD + "name: " + "x" * 1_000_000,
            "2:7: a text of 1000000 characters; expected at most 100000 characters",
        ),
        (
            HEAD + "name: !!python/object/apply:os.system [ls]\n",
            "2:7: tag 'tag:yaml.org,2002:python/object/apply:os.system'; expected no tag",
        ),
        (HEAD + "name: !secret x\n", "2:7: tag '!secret'; expected no tag"),
        (HEAD + "name: !!binary aGk=\n", "2:7: tag 'tag:yaml.org,2002:binary'; expected no tag"),
        (HEAD + "x-a: !!set {a: 1}\n", "2:6: tag 'tag:yaml.org,2002:set'; expected no tag"),
        (HEAD + "---\n" + HEAD, "2:1: a second document; expected one document a file"),
        (HEAD + "name: a\0b\n", "2:8: control character U+0000; expected printable text"),
        (HEAD + "name: a\x1b[2Jb\n", "2:8: control character U+001B; expected printable text"),
        (HEAD + 'name: "a\\0b"\n', "2:7: control character U+0000 in a text; expected printable text"),
        (HEAD + "name: \ud800\n", "2:7: control character U+D800; expected printable text"),
        (HEAD + "[a, b]: c\n", "2:1: a key that is a list or a mapping; expected text"),
        (HEAD + "? {a: b}\n: c\n", "2:3: a key that is a list or a mapping; expected text"),
        (HEAD + "x-a: {~: c}\n", "2:7: x-a: an empty key; expected text, in quotes if need be"),
        (
            HEAD + "x-a: {b: 1, b: 2}\n",
            "2:13: x-a: key 'b' is stated already at line 2, column 7; expected each key once",
        ),
        (
            HEAD + "x-a: &a {b: 1}\nx-b: {<<: *a}\n",
            "3:7: a merge key '<<', which YAML 1.2 does not have; "
            "expected the keys themselves (agreements share terms by `inherits`)",
        ),
        (
            HEAD + "x-a: .nan\n",
            "2:6: x-a: '.nan' is not a finite number; expected quotes, if it is not a number",
        ),
        (
            HEAD + "x-a: 1e999999999\n",
            f"2:6: x-a: '1e999999999' {OUT_OF_RANGE}",
        ),
    ],
    ids=lambda value: value[-40:].strip() if isinstance(value, str) else None,
)
@pytest.mark.usefixtures("parser")
def test_hostile_yaml_is_refused(text, fault):
    assert refusal(text) == f"shop.yaml:{fault}"


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("x-a:\n\t- b\n", "3:1", "expected spaces: tabs cannot indent YAML"),
        (
            "x-a: {b: >=2}\n",
            "2:10",
            "expected quotes around text that begins with a sign such as >, |, @, % or *",
        ),
        ("name: @x\n", "2:7", "expected quotes around text that begins with a sign such as >, |, @, % or *"),
        ("name: a: b\n", "2:8", "mapping values are not allowed"),
        ("name: 'x\n", "3:1", "found unexpected end of stream"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_what_is_not_yaml_is_refused_with_a_remedy(text, place, remedy):
    fault = refusal(HEAD + text)
    assert fault.startswith(f"shop.yaml:{place}: not YAML: ")
    assert remedy in fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"olagraph": 1,}', "1:16: not JSON: Expecting property name enclosed in double quotes"),
        ('{"olagraph": 1} {}', "1:17: not JSON: Extra data"),
        ('{"olagraph": 1,\n "x-a": NaN}', "2:9: not JSON: NaN; expected a finite number"),
        (
            '{"olagraph": 1,\n "name": "\\ud83d"}',
            "2:10: control character U+D83D in a text; expected printable text",
        ),
        (
            '{"olagraph": 1, "name": "\\u0000"}',
            "1:25: control character U+0000 in a text; expected printable text",
        ),
        (
            '{"olagraph": 1, "name": "a", "name": "b"}',
            "1:30: key 'name' is stated already at line 1, column 17; expected each key once",
        ),
        (
            '{"olagraph": 1, "x-a": ' + "[" * 500_000 + "]" * 500_000 + "}",
            "1:123: more than 100 levels of nesting",
        ),
        ('{"olagraph": 1, "x-a": ' + "[" * 101 + "]" * 101 + "}", "1:123: more than 100 levels of nesting"),
        (
            '{"olagraph": 1, "x-a": ' + "9" * 50_000 + "}",
            f"1:24: x-a: '{'9' * 40}' {OUT_OF_RANGE}",
        ),
        (
            '{"olagraph": 1, "name": "' + "x" * 200_000 + '"}',
            "1:25: a text of 200000 characters; expected at most 100000 characters",
        ),
        (" \n", '1:1: an empty file; expected a JSON object that begins with "olagraph": 1'),
    ],
    ids=lambda value: value[-40:].strip() if isinstance(value, str) else None,
)
def test_hostile_json_is_refused(text, fault):
    assert refusal(text, "shop.json") == f"shop.json:{fault}"


def test_the_limits_are_settable():
    text = HEAD + "x-a: [1, [2], three]\n"
    assert load_text(text, "shop.yaml").extra
    assert refusal(text, size=20) == "shop.yaml:1:1: more than 20 bytes in all; expected a smaller portfolio"
    assert refusal(text, nodes=6) == "shop.yaml:2:15: more than 6 values in one file"
    assert refusal(text, levels=2) == "shop.yaml:2:10: more than 2 levels of nesting"
    assert refusal(text, scalar=4) == "shop.yaml:1:1: a text of 8 characters; expected at most 4 characters"
    assert (
        refusal(HEAD + "x-a: &a [1, 2]\nx-b: *a\n", copies=2)
        == "shop.yaml:3:6: aliases that stand for more than 2 values"
    )


def test_nearest_names_of_many_unknown_ones_take_bounded_work():
    """Quadratic, this would compare a hundred million pairs of names."""
    services = "".join(f"  - {{id: service-{step}, provider: provider-{step}}}\n" for step in range(10_000))
    providers = "".join(f"  - {{id: supplier-{step}, kind: external}}\n" for step in range(10_000))
    with pytest.raises(InvalidPortfolio) as raised:
        load_text(f"{HEAD}providers:\n{providers}services:\n{services}", "shop.yaml")
    faults = raised.value.faults
    assert len(faults) == 10_000
    assert 0 < sum(fault.nearest is not None for fault in faults) < 100


def test_what_is_shown_of_hostile_names_is_one_short_line():
    name = "\u202e" + "x" * 50_000
    fault = refusal(f"{HEAD}x-a: {{'{name}': .inf, b: 1}}\n'{name}': 1\n")
    assert fault.isprintable()
    assert len(fault) < 300
