"""A portfolio document read by the letter of SEMANTICS §1: who promises what to whom, what backs a use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.expression import Expression, every_use, read

Counts = Callable[[dict[str, Any]], bool]
"""Whether a target states what is being resolved (its metric and statistic)."""


@dataclass(frozen=True)
class Promise:
    """What one agreement promises on one service: its targets that apply."""

    agreement: str
    provider: str
    service: str
    targets: tuple[dict[str, Any], ...]


def counting(metric: str) -> Counts:
    """Targets that state `metric`, whatever their statistic."""
    return lambda target: metric in target


class Reading:
    """One portfolio document on one day."""

    def __init__(self, document: dict[str, Any], day: date) -> None:
        self.day = day
        self.providers = {row["id"]: row for row in document["providers"]}
        self.customers = {row["id"] for row in document.get("customers", [])}
        self.services = {row["id"]: row for row in document["services"]}
        self.agreements = {row["id"]: row for row in document["agreements"]}
        self.workflow: dict[str, Expression] = {}
        self.requires: dict[str, Expression] = {}
        for row in document["services"]:
            if "workflow" in row:
                self.workflow[row["id"]] = read(row["workflow"], plain_list="sequence")
            if "requires" in row:
                self.requires[row["id"]] = read(row["requires"], plain_list="all_of")

    def provider(self, service: str) -> str:
        """The provider of a service."""
        return str(self.services[service]["provider"])

    def external(self, service: str) -> bool:
        """Whether a supplier provides the service."""
        return bool(self.providers[self.provider(service)]["kind"] == "external")

    def own(self, service: str, counts: Counts) -> list[dict[str, Any]]:
        """The stated own parts that count."""
        return [target for target in self.services[service].get("own", []) if counts(target)]

    def is_leaf(self, service: str, counts: Counts) -> bool:
        """Whether a service states neither workflow nor `requires` nor, on the metric, an own part."""
        stated = service in self.workflow or service in self.requires
        return not stated and not self.own(service, counts)

    def in_force(self, agreement: dict[str, Any]) -> bool:
        """`from` and `to` are inclusive; absent means unbounded."""
        begins, ends = agreement.get("from"), agreement.get("to")
        return (begins is None or date.fromisoformat(begins) <= self.day) and (
            ends is None or self.day <= date.fromisoformat(ends)
        )

    def covered(self, agreement: dict[str, Any]) -> list[str]:
        """The services an agreement covers; `all` and tags mean services of its own provider."""
        covers = agreement.get("covers", [])
        if isinstance(covers, list):
            return covers
        its_own = [name for name, row in self.services.items() if row["provider"] == agreement["provider"]]
        if covers == "all":
            return its_own
        tags = set(covers["tags"])
        return [name for name in its_own if tags & set(self.services[name].get("tags", []))]

    def meets(self, service: str, target: dict[str, Any]) -> bool:
        """Whether the service's traits meet the target's `when`."""
        traits = self.services[service].get("traits", {})
        for trait, wanted in target.get("when", {}).items():
            if trait not in traits:
                return False
            if isinstance(wanted, str) and wanted.startswith(">="):
                if not traits[trait] >= int(wanted[2:]):
                    return False
            elif traits[trait] != wanted:
                return False
        return True

    def applying(self, agreement: dict[str, Any], service: str, counts: Counts) -> tuple[dict[str, Any], ...]:
        """The targets of an agreement that hold for a service: firm enough, condition met."""
        return tuple(
            target
            for target in agreement["targets"]
            if counts(target)
            and target.get("strength", "commitment") in ("guarantee", "commitment")
            and self.meets(service, target)
        )

    def levels(self, provider: str) -> Iterator[Callable[[dict[str, Any]], bool]]:
        """Levels of nearness: the provider, its owners nearest first, standard terms."""
        holder: str | None = provider
        while holder is not None:
            yield lambda agreement, holder=holder: holder in parties(agreement)  # type: ignore[misc]
            holder = self.providers[holder].get("parent")
        yield lambda agreement: not parties(agreement)

    def backing(self, user: str, service: str, counts: Counts) -> list[Promise]:
        """The promises that back the use of a service by a provider: all that hold at the nearest level."""
        if self.provider(service) == user:
            return []  # nobody contracts with oneself
        candidates = [
            agreement
            for agreement in self.agreements.values()
            if agreement.get("status", "signed") == "signed"
            and self.in_force(agreement)
            and agreement["provider"] != user
            and service in self.covered(agreement)
        ]
        for at_level in self.levels(user):
            promises = [
                Promise(agreement["id"], agreement["provider"], service, targets)
                for agreement in candidates
                if at_level(agreement) and (targets := self.applying(agreement, service, counts))
            ]
            if promises:
                return promises
        return []

    def trail(self, user: str, service: str, counts: Counts, passed: tuple[str, ...] = ()) -> list[Promise]:
        """What stands behind a use once resellers are seen through (§1, Resellers).

        Every promise of the nearest level is followed. One of the own provider ends its trail; where
        a reseller holds no promise, or only one of somebody already on the trail, the reseller's own stands.
        """
        ends: list[Promise] = []
        for promise in self.backing(user, service, counts):
            if promise.provider in passed:
                continue
            if promise.provider == self.provider(service):
                ends.append(promise)
            else:
                ends += self.trail(promise.provider, service, counts, (*passed, user)) or [promise]
        return ends

    def users(self, service: str) -> set[str]:
        """Every provider that uses a service in the portfolio, resellers of it included."""
        using = {
            self.provider(name)
            for stated in (self.workflow, self.requires)
            for name, expression in stated.items()
            if service in every_use(expression)
        }
        return using | {
            agreement["provider"]
            for agreement in self.agreements.values()
            if self.in_force(agreement) and service in self.covered(agreement)
        }

    def kind(self, agreement: dict[str, Any]) -> str:
        """The stated kind, else the one that the parties give."""
        if "kind" in agreement:
            return str(agreement["kind"])
        if any(party in self.customers for party in parties(agreement)):
            return "SLA"
        return "OLA" if self.providers[agreement["provider"]]["kind"] == "internal" else "UC"


def parties(agreement: dict[str, Any]) -> list[str]:
    """The other parties of an agreement; none are standard terms."""
    customer = agreement.get("customer", [])
    return [customer] if isinstance(customer, str) else customer
