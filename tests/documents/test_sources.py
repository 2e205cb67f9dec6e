"""A portfolio comes from a file, a directory, standard input or an open stream."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from olagraph.documents import InvalidPortfolio, load

PROVIDERS = "olagraph: 1\nname: Shop\nproviders: [{id: p, kind: internal}]\n"
SERVICES = "services: [{id: s, provider: p}]\n"


def faults(source, **options):
    with pytest.raises(InvalidPortfolio) as raised:
        load(source, **options)
    return [str(fault) for fault in raised.value.faults]


def test_a_file_is_named_in_its_faults_as_it_was_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(SERVICES + "olagraph: 1\n", encoding="utf-8")
    assert faults("shop.yaml") == [
        "shop.yaml:1:30: services[s].provider: unknown provider 'p'; expected a provider, and none is stated"
    ]


def test_the_documents_of_a_directory_are_one_portfolio(tmp_path):
    (tmp_path / "b-services.yml").write_text("metrics: []\n" + SERVICES, encoding="utf-8")
    (tmp_path / "a-providers.yaml").write_text(PROVIDERS, encoding="utf-8")
    (tmp_path / "c-more.json").write_text(
        json.dumps(
            {"olagraph": 1, "name": "Shop", "services": [{"id": "t", "provider": "p", "workflow": "s"}]}
        ),
        encoding="utf-8",
    )
    for ignored in ("notes.txt", ".#a-providers.yaml", "old.yaml.bak"):
        (tmp_path / ignored).write_text("{nonsense", encoding="utf-8")
    (tmp_path / "deeper.yaml").mkdir()
    (tmp_path / "deeper.yaml" / "x.yaml").write_text("{nonsense", encoding="utf-8")
    portfolio = load(tmp_path)
    assert portfolio.name == "Shop"
    assert [service.id for service in portfolio.services] == ["s", "t"]


def test_metrics_of_one_file_are_known_to_the_others(tmp_path):
    (tmp_path / "a.yaml").write_text(
        PROVIDERS + "services: [{id: s, provider: p, own: [{kept: 99%}]}]\n", encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text(
        "metrics: [{id: kept, unit: ratio, better: higher, family: none}]\n", encoding="utf-8"
    )
    assert load(tmp_path).services[0].own[0].metric == "kept"


def test_what_files_of_a_directory_state_twice_is_reported_with_both_places(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("shop").mkdir()
    Path("shop/a.yaml").write_text(PROVIDERS, encoding="utf-8")
    Path("shop/b.yaml").write_text(
        "name: Store\nx-note: 1\n" + PROVIDERS.partition("\n")[2].partition("\n")[2], encoding="utf-8"
    )
    Path("shop/c.yaml").write_text("x-note: 2\n", encoding="utf-8")
    repeated = "another value than in a file before; expected the same in every file that states it"
    assert faults("shop") == [
        f"shop/b.yaml:1:7: name: {repeated}",
        "shop/b.yaml:3:18: providers[p]: provider 'p' is stated already at shop/a.yaml:3:18; "
        "expected each id once",
        f"shop/c.yaml:1:9: x-note: {repeated}",
    ]


def test_a_file_that_does_not_parse_makes_no_ids_unknown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("shop").mkdir()
    Path("shop/a.yaml").write_text("olagraph: 1\nproviders: [", encoding="utf-8")
    Path("shop/b.yaml").write_text("services: [{id: s, provider: p, criticality: 9}]\n", encoding="utf-8")
    first, second = faults("shop")
    assert first.startswith("shop/a.yaml:3:1: not YAML")
    assert second.startswith("shop/b.yaml:1:46: services[s].criticality")


def test_one_file_of_a_directory_must_state_the_version(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("name: Shop\n", encoding="utf-8")
    assert faults(tmp_path) == [
        f"{tmp_path}/a.yaml:1:1: no format version in any of the files; expected `olagraph: 1`"
    ]


def test_a_dash_is_standard_input():
    portfolio = load("-", stdin=io.BytesIO((PROVIDERS + SERVICES).encode()))
    assert portfolio.services[0].id == "s"
    assert faults("-", stdin=io.BytesIO(b"olagraph: 2\n")) == [
        "<stdin>:1:11: olagraph: format version '2'; expected 1, the one this olagraph reads"
    ]


@pytest.mark.parametrize("stream", [io.StringIO(PROVIDERS), io.BytesIO(PROVIDERS.encode())])
def test_an_open_stream_will_do(stream):
    assert load(stream).name == "Shop"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (PROVIDERS.encode("utf-16"), "1:1: not UTF-8 but UTF-16, by its first bytes; expected UTF-8"),
        (PROVIDERS.encode("utf-32"), "1:1: not UTF-8 but UTF-32, by its first bytes; expected UTF-8"),
        (
            "olagraph: 1\nname: é Café\n".encode("latin-1"),
            "2:7: not UTF-8: byte 0xE9 at offset 18; expected a file saved as UTF-8",
        ),
        (
            b"olagraph: 1\nname: \xc3\xa9 \xff\n",
            "2:9: not UTF-8: byte 0xFF at offset 21; expected a file saved as UTF-8",
        ),
    ],
)
def test_what_is_not_utf_8_is_said_with_its_byte(content, fault):
    assert faults("-", stdin=io.BytesIO(content)) == [f"<stdin>:{fault}"]


def test_a_byte_order_mark_of_utf_8_does_no_harm():
    assert load("-", stdin=io.BytesIO(PROVIDERS.encode("utf-8-sig"))).name == "Shop"


def test_what_cannot_be_read_is_a_fault_like_any_other(tmp_path):
    assert faults(tmp_path / "missing.yaml") == [
        f"{tmp_path}/missing.yaml: cannot be read: No such file or directory"
    ]
    assert faults(tmp_path) == [
        f"{tmp_path}: a directory without documents; expected files named *.yaml, *.yml, *.json"
    ]
    assert "embedded null byte" in faults("a\0b.yaml")[0]


def test_an_endless_file_is_refused():
    assert faults("/dev/zero") == [
        "/dev/zero:1:1: more than 67108864 bytes in all; expected a smaller portfolio"
    ]


def test_importing_the_package_loads_no_parser():
    heavy = "[name for name in ('yaml', 'difflib', 'zoneinfo') if name in sys.modules]"
    code = f"import olagraph.documents, sys; print({heavy})"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
