"""`olagraph outage` and `olagraph concentration` end to end."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import BANK, FIXTURES, olagraph, written

EXAMPLE = str(FIXTURES / "format-example.yaml")
AT = ("--from", "2026-12-01T09:00Z")

PAIR = """
olagraph: 1
name: Pair
providers:
  - {id: us, kind: internal}
  - {id: one, kind: external, region: north, contact: noc@one.example}
  - {id: two, kind: external}
  - {id: fab, kind: external}
customers: [{id: c, name: The customer}]
services:
  - {id: shop, provider: us, workflow: {any_of: [a, b]}}
  - {id: a, provider: one, zone: n1}
  - {id: b, provider: two, supply_chain: [{provider: fab}]}
agreements:
  - {id: sla, kind: SLA, provider: us, customer: c, covers: [shop], window: day, targets: [{availability: 99%, x-note: {seen: yes}}]}
  - {id: uc-a, kind: UC, provider: one, customer: us, covers: [a], ref: A §1, targets: [{availability: 99.9%}]}
  - {id: uc-b, kind: UC, provider: two, customer: us, covers: [b], targets: [{availability: 99.5%}]}
incidents:
  - {service: shop, from: 2026-12-01T01:00Z, to: 2026-12-01T01:10Z}
"""
MORE = """
incidents:
  - {service: shop, from: 2026-12-01T01:00Z, to: 2026-12-01T01:05Z}
  - {id: INC1, service: shop, from: 2026-12-01T02:00Z, to: 2026-12-01T02:02Z}
"""


@pytest.fixture
def pair(tmp_path: Path) -> str:
    """A portfolio with a redundant pair."""
    return written(tmp_path / "pair.yaml", PAIR)


def answer(*arguments: str) -> dict[str, Any]:
    """What a command that succeeds says in JSON, and nothing else."""
    result = olagraph(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


class TestOutage:
    """`olagraph outage`."""

    def test_the_example_of_the_format(self) -> None:
        found = answer(
            "outage", EXAMPLE, "--provider", "cloudco", "--service", "frontend", *AT, "--for", "4h"
        )
        assert found["failed"] == {"providers": ["cloudco"], "services": ["frontend"]}
        assert (found["from"], found["for"]) == ("2026-12-01T09:00:00Z", "PT4H")
        assert {"service": "web-shop", "state": "DOWN", "path": ["web-shop", "frontend"]} in found["services"]
        first = found["agreements"][0]
        assert (first["agreement"], first["breaches_at"]) == ("sla-retail", "2026-12-01T09:44:24Z")

    def test_incidents_of_the_portfolio_use_budgets_up(self) -> None:
        found = answer("outage", EXAMPLE, "--service", "frontend", "--from", "2026-11-20T09:00Z")
        (target,) = found["agreements"][0]["targets"]
        assert target["already_s"] == 720 + 900

    def test_the_text_names_who_is_hit_when_and_whom_to_call(self, pair: str) -> None:
        result = olagraph("outage", pair, "--provider", "one", "--provider", "two", *AT)
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert lines[0] == "Outage of one and two, from 2026-12-01 09:00 UTC, open-ended"
        assert "1 promise is down, to 1 customer." in lines[1]
        assert "      → call one (noc@one.example), under A §1" in lines

    def test_what_is_left_is_as_available_as_what_is_left_of_it(self, pair: str) -> None:
        found = answer("outage", pair, "--zone", "n1", *AT, "--for", "4h")
        sla = found["agreements"][0]
        assert sla["state"] == "AT_RISK"
        still_up = sla["targets"][0]["still_up"]
        assert still_up["independent"] == pytest.approx(0.995)
        assert still_up["guaranteed_complement"] == pytest.approx(24 * 0.005 / 4)
        said = olagraph("outage", pair, "--zone", "n1", *AT, "--for", "4h").stdout
        assert "with this lost: 99.5% available if failures are independent, 97% of the outage" in said
        assert (
            answer("outage", pair, "--zone", "n1", *AT, "--still-up", "0")["agreements"][0]["targets"][0][
                "still_up"
            ]
            is None
        )

    def test_every_kind_of_failure_and_several_at_once(self, pair: str) -> None:
        def down(*arguments: str) -> set[str]:
            found = answer("outage", pair, *arguments, *AT)
            return {each["service"] for each in found["services"] if each["state"] == "DOWN"}

        assert down("--region", "north") == down("--zone", "n1") == down("--agreement", "uc-a") == {"a"}
        assert down("--provider", "fab") == {"b"}
        assert down("--provider", "fab", "--agreement", "uc-a") == {"a", "b", "shop"}

    def test_incidents_of_a_file_come_on_top_or_in_place_of_the_same_ones(
        self, pair: str, tmp_path: Path
    ) -> None:
        file = written(tmp_path / "incidents.yml", MORE)

        def already(*arguments: str) -> float:
            found = answer("outage", pair, "--service", "shop", *AT, *arguments)
            seconds: float = found["agreements"][0]["targets"][0]["already_s"]
            return seconds

        assert already() == 600
        assert already("--incidents", file) == 300 + 120

    def test_a_share_of_capacity_counts_by_its_share(self, pair: str) -> None:
        found = answer("outage", pair, "--service", "shop", *AT, "--for", "PT1H", "--capacity-lost", "10%")
        assert found["capacity_lost"] == 0.1
        assert found["agreements"][0]["downtime_s"] == 360

    def test_it_begins_now_if_nothing_else_is_said(self, pair: str) -> None:
        found = answer("outage", pair, "--service", "a")
        assert found["from"].endswith("Z")
        assert "." not in found["from"]

    def test_unknown_names_are_refused_all_at_once_with_the_nearest(self, pair: str) -> None:
        result = olagraph("outage", pair, "--provider", "onee", "--service", "shob", "--zone", "n2", *AT)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.splitlines() == [
            "there is no provider 'onee'; did you mean one?",
            "there is no service 'shob'; did you mean shop?",
            "there is no zone 'n2'; did you mean n1?",
        ]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([], "nothing fails: name a --provider, a --service, an --agreement, a --region or a --zone"),
            (["--service", "a", "--from", "today"], "'today' is not a moment such as 2026-12-01T09:00:00Z"),
            (["--service", "a", "--from", "2026-12-01T09:00"], "says no time zone: Z at its end for UTC"),
            (["--service", "a", "--for", "4 hours"], "is not a duration such as"),
            (["--service", "a", "--for", "1e20 d"], "'1e20 d' is longer than any calendar"),
            (["--service", "a", "--for", "0 s"], "an outage lasts longer than no time"),
            (["--service", "a", "--capacity-lost", "120%"], "above 0 and at most 1, not 1.2"),
            (["--service", "a", "--capacity-lost", "half"], "is not a percentage such as"),
            (["--service", "a", "--from", "9500-01-01T00:00Z"], "between 1000 and 9000"),
            (["--service", "a", "--incidents", "nowhere.yaml"], "cannot be read"),
            (["--service", "a", "--incidents", ""], "--incidents is empty"),
        ],
    )
    def test_what_cannot_be_asked_is_refused(self, pair: str, arguments: list[str], said: str) -> None:
        result = olagraph("outage", pair, *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert said in result.stderr

    def test_two_standard_inputs_are_one_too_many(self) -> None:
        result = olagraph("outage", "-", "--service", "a", "--incidents", "-", stdin=PAIR)
        assert result.exit_code == 2
        assert "--incidents and SOURCE are both standard input" in result.stderr

    def test_a_file_of_incidents_holds_nothing_else_and_all_faults_are_told(
        self, pair: str, tmp_path: Path
    ) -> None:
        file = written(
            tmp_path / "wrong.yaml",
            "olagraph: 2\nproviders: []\nincident: []\nincidents:\n"
            "  - {service: shob, from: 2026-12-01T01:00Z, to: 2026-12-01T01:05Z}\n",
        )
        result = olagraph("outage", pair, "--service", "a", "--incidents", file)
        assert result.exit_code == 2
        assert [line.split(": ", 1)[1] for line in result.stderr.splitlines()] == [
            "olagraph: format version '2'; expected 1, the one this olagraph reads",
            "`providers` in a file of incidents; expected `incidents` alone",
            "unknown key of a file of incidents 'incident'; did you mean 'incidents'?",
            "incidents[shob/2026-12-01T01:00:00Z].service: unknown service 'shob'; did you mean 'shop'?",
        ]

    def test_it_asks_a_store_as_well(self, pair: str, tmp_path: Path) -> None:
        store = f"sqlite:///{tmp_path}/store.db"
        assert olagraph("import", pair, "--into", store).exit_code == 0
        assert answer("outage", store, "--service", "a", *AT) == answer("outage", pair, "--service", "a", *AT)

    def test_a_store_that_is_not_there_is_another_systems_failure(self, tmp_path: Path) -> None:
        assert olagraph("outage", f"sqlite:///{tmp_path}/none.db", "--service", "a").exit_code == 3

    def test_a_draft_is_refused_in_a_line(self) -> None:
        result = olagraph("outage", BANK, "--agreement", "sla-card-premium", *AT)
        assert result.exit_code == 2
        assert result.stderr == "sla-card-premium is a draft: nothing is delivered under it\n"


class TestConcentration:
    """`olagraph concentration`."""

    def test_losses_are_ranked(self, pair: str) -> None:
        found = answer("concentration", pair, "--as-of", "2026-12-01")
        assert (found["as_of"], found["services"], found["slas"]) == ("2026-12-01", 3, 1)
        assert [each["id"] for each in found["providers"]] == ["us", "fab", "one", "two"]
        assert found["providers"][1]["supplies"] == ["b"]
        assert found["importance"] == found["cut_sets"] == []

    def test_a_service_has_importances_and_cut_sets_by_provider(self, pair: str) -> None:
        found = answer("concentration", pair, "--service", "shop")
        (importance,) = found["importance"]
        assert importance["service"] == "shop"
        assert importance["unavailability"] == pytest.approx(0.001 * 0.005)
        kinds = {each["kind"] for each in importance["elements"]}
        assert kinds == {"component", "agreement", "provider", "region", "zone"}
        (cuts,) = found["cut_sets"]
        assert cuts == {
            "service": "shop",
            "by": "provider",
            "count": 3,
            "orders": {"1": 1, "2": 2},
            "smallest": [["us"], ["fab", "one"], ["one", "two"]],
        }

    def test_cut_sets_are_told_by_component_too(self, pair: str) -> None:
        said = olagraph("concentration", pair, "--service", "shop", "--by", "component").stdout
        assert "Which components take shop down together" in said
        assert "  - a + b" in said

    def test_the_text_ranks_suppliers_before_our_own_teams(self, pair: str) -> None:
        result = olagraph("concentration", pair)
        assert result.exit_code == 0
        assert result.stdout.index("External providers") < result.stdout.index("Internal providers")

    def test_what_cannot_be_asked_is_refused(self, pair: str) -> None:
        result = olagraph("concentration", pair, "--service", "shob", "--service", "x", "--by", "owner")
        assert result.exit_code == 2
        assert result.stderr.splitlines() == [
            "there is no service 'shob'; did you mean shop?",
            "there is no service 'x'",
        ]
        result = olagraph("concentration", pair, "--by", "owner")
        assert result.exit_code == 2
        assert "--by goes with --service" in result.stderr
