"""What a change set does, for people and for programs."""

import json
from dataclasses import replace

from olagraph.documents import load_text
from olagraph.documents.changes import Edit, difference
from olagraph.documents.entities import Key
from olagraph.model.entities import Portfolio, Provider, ProviderKind
from olagraph.reports import ChangesReport, render
from olagraph.reports.changes.fields import Difference, differences

SHOP = """
olagraph: 1
name: Shop
providers: [{id: us, kind: internal}, {id: them, kind: external}]
services: [{id: web, provider: us, tags: [critical, public]}, {id: host, provider: them}]
agreements:
  - {id: uc, provider: them, customer: us, covers: [host], to: 2026-12-31, targets: [{availability: 99.9%}, {latency: 1 s}]}
"""


def changed(before: str, after: str, *, format: str = "text") -> str:
    """The report of what turns one portfolio file into another."""
    edits = difference(load_text(before, "before.yaml"), load_text(after, "after.yaml"))
    return render(ChangesReport(edits=edits), format)


def test_a_changed_entity_shows_each_field_before_and_after() -> None:
    after = SHOP.replace("99.9%", "99.95%").replace("to: 2026-12-31", "notice: 90d")
    assert changed(SHOP, after) == (
        "1 changed\n"
        "~ agreement uc\n"
        "    to: 2026-12-31 → (not stated)\n"
        "    targets[0].availability: 99.9% → 99.95%\n"
        "    notice: (not stated) → 90 d\n"
    )


def test_added_and_removed_entities_are_named() -> None:
    after = SHOP.replace("{id: web, provider: us, tags: [critical, public]}", "{id: app, provider: us}")
    assert changed(SHOP, after) == "1 added, 1 removed\n+ service app\n- service web\n"


def test_items_of_a_list_come_and_go_one_by_one() -> None:
    assert list(differences(["a", "b", "c"], ["a", "c", "d"], path="covers")) == [
        Difference("covers[1]", "b", None),
        Difference("covers[2]", None, "d"),
    ]


def test_a_field_of_another_shape_is_shown_whole() -> None:
    assert list(differences({"covers": "all"}, {"covers": ["a", "b"]})) == [
        Difference("covers", "all", "[a, b]")
    ]


def test_the_same_portfolio_in_another_order_is_no_change() -> None:
    before = load_text(SHOP, "shop.yaml")
    after = replace(before, services=before.services[::-1])
    assert render(ChangesReport(edits=difference(before, after)), "text") == "nothing changes\n"


def test_very_many_edits_are_cut_with_their_number() -> None:
    many = tuple(Provider(id=f"p-{i}", kind=ProviderKind.EXTERNAL) for i in range(250))
    text = render(ChangesReport(edits=difference(Portfolio(), Portfolio(providers=many))), "text")
    assert text.splitlines()[0] == "250 added"
    assert text.splitlines()[-1] == "… and 200 more"


def test_text_of_others_steers_no_terminal() -> None:
    edit = Edit(Key("provider", "p"), {"name": "a"}, {"name": "b\x1b[2Jc"})
    assert "\x1b" not in render(ChangesReport(edits=(edit,)), "text")
    assert "\x1b" not in render(ChangesReport(edits=(edit,)), "json")


def test_json_tells_each_entity_in_the_shape_of_the_file_with_all_digits() -> None:
    after = SHOP.replace("99.9%", "0.99950000000000000001")
    report = json.loads(changed(SHOP, after, format="json"))
    assert report["revision"] is None
    (edit,) = report["edits"]
    assert (edit["action"], edit["type"], edit["id"]) == ("changed", "agreement", "uc")
    assert edit["before"]["targets"][0] == {"availability": "99.9%"}
    assert edit["after"]["targets"][0] == {"availability": "0.99950000000000000001"}
