"""POST /import: what GraphQL would answer, for files that are larger than GraphQL takes."""

from pathlib import Path
from typing import Any

import pytest

from olagraph.documents import load
from olagraph.documents.foreign.csv_folder import csv_files
from olagraph.stores import Store
from olagraph_api.security.principals import Role
from tests.api.applications import Keys, client, code, next_step

SHOP = Path(__file__).parents[2] / "fixtures" / "cloud-shop.yaml"


def imported(asking: Any, content: bytes, **parameters: Any) -> Any:
    """The response to an import."""
    return asking.post("/import", params=parameters, content=content)


def test_a_file_becomes_the_portfolio_as_one_change(store: Store) -> None:
    next_step(store)
    with client(store) as asking:
        answer = imported(asking, SHOP.read_bytes(), what="the shop's file")
    told = answer.json()
    assert (answer.status_code, told["revision"], told["written"], told["userErrors"]) == (200, 2, True, [])
    assert told["changesCount"] > len(told["changes"]) == 100 or told["changesCount"] == len(told["changes"])
    assert told["changes"][0]["fields"][0]["field"] == "name"
    assert store.load("default").portfolio.services == load(SHOP).services
    assert store.history("default")[0].what == "the shop's file"


def test_an_import_is_larger_than_a_query_may_be_and_smaller_than_its_own_limit(embedded: Store) -> None:
    padded = SHOP.read_bytes() + b"\n# " + b"x" * 300_000
    with client(embedded, import_bytes=400_000) as asking:
        assert imported(asking, padded).json()["revision"] == 1
        refused = imported(asking, padded * 2)
        assert (refused.status_code, code(refused)) == (413, "BAD_REQUEST")


def test_a_dry_run_tells_and_writes_nothing_and_merging_removes_nothing(embedded: Store) -> None:
    next_step(embedded)
    with client(embedded) as asking:
        dry = imported(asking, SHOP.read_bytes(), dryRun=True).json()
        assert (dry["written"], dry["revision"], embedded.revision("default")) == (False, 1, 1)
        assert {change["action"] for change in dry["changes"]} >= {"ADDED", "REMOVED"}
        merged = imported(asking, SHOP.read_bytes(), dryRun=True, merge=True).json()
        assert not [change for change in merged["changes"] if change["action"] == "REMOVED"]


def test_sheets_are_imported_too(embedded: Store) -> None:
    with client(embedded) as asking:
        imported(asking, SHOP.read_bytes())
        sheet = csv_files(load(SHOP))["providers.csv"]
        answer = imported(asking, sheet, format="csv", name="providers", merge=True)
    assert answer.json() | {"changes": []} == {
        "revision": 1,
        "written": False,
        "changesCount": 0,
        "changes": [],
        "userErrors": [],
    }


@pytest.mark.parametrize(
    ("parameters", "content", "status", "told"),
    [
        ({}, b"olagraph: 1\nservices: 4", 422, "INVALID"),
        ({"expectedRevision": 7}, b"olagraph: 1\nname: x", 409, "CONFLICT"),
        ({}, b"\xff", 422, "INVALID"),
    ],
)
def test_what_cannot_be_imported_is_told_as_a_mutation_tells_it(
    embedded: Store, parameters: dict[str, Any], content: bytes, status: int, told: str
) -> None:
    next_step(embedded)
    with client(embedded) as asking:
        answer = imported(asking, content, **parameters)
    assert answer.status_code == status, answer.text
    assert answer.json()["userErrors"][0]["code"] == told
    assert embedded.revision("default") == 1


@pytest.mark.parametrize(
    "parameters", [{"format": "pdf"}, {"merge": "perhaps"}, {"expectedRevision": -1}, {"what": "x" * 501}]
)
def test_parameters_that_make_no_sense_are_refused(embedded: Store, parameters: dict[str, Any]) -> None:
    with client(embedded) as asking:
        assert imported(asking, b"", **parameters).status_code == 422


def test_imports_take_the_role_of_an_editor_and_new_portfolios_that_of_an_admin(
    embedded: Store, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    next_step(embedded)
    expected = {Role.VIEWER: (403, 403), Role.EDITOR: (200, 403), Role.ADMIN: (200, 200)}
    holders = {role: keys.new(role) for role in Role}
    with client(embedded, security=keys.settings()) as asking:
        for role, key in holders.items():
            asking.headers["Authorization"] = f"Bearer {key}"
            statuses = tuple(
                imported(asking, b"olagraph: 1\nname: x", portfolio=name).status_code
                for name in ("default", f"of-{role}")
            )
            assert statuses == expected[role]


def test_a_compressed_body_is_refused(embedded: Store) -> None:
    with client(embedded) as asking:
        answer = asking.post("/import", content=b"", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415
