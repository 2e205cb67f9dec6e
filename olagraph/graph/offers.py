"""Which agreement covers which service, and for whom."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from olagraph.graph.inheritance import with_inheritance
from olagraph.graph.sections import changed
from olagraph.model.entities import Agreement, Service

ByParty: TypeAlias = dict[str | None, list[Agreement]]
"""The agreements on one service by whom they are made to; None = everybody."""


class Offers:
    """What is promised on which service, and to whom.

    Args:
        stated: the agreements by id.
        services: by id.
        earlier: other offers; agreements and services in both come in the same order.

    Attributes:
        agreements: by id, with what they inherit filled in.
        covered: by agreement the services that it covers.
        by_service: by service and party the agreements.
        covered_twice: the services that several agreements cover.
    """

    def __init__(
        self,
        stated: Mapping[str, Agreement],
        services: Mapping[str, Service],
        *,
        earlier: "Offers | None" = None,
    ) -> None:
        self.stated = stated
        self._services = services
        self._provided: dict[str, list[Service]] | None = None
        if earlier is None:
            self.agreements: Mapping[str, Agreement] = with_inheritance(stated, before={}, then={})
            self.covered = {a.id: self._covered_by(a) for a in self.agreements.values()}
            self.by_service: dict[str, ByParty] = {}
            for agreement in self.agreements.values():
                for service in self.covered[agreement.id]:
                    _add(self.by_service.setdefault(service, {}), agreement)
            self.covered_twice = {s for s, by_party in self.by_service.items() if _are_several(by_party)}
        else:
            self._follow(earlier)

    def _follow(self, earlier: "Offers") -> None:
        """What has changed since, and the rest as it was."""
        self.agreements = earlier.agreements
        if self.stated is not earlier.stated:
            self.agreements = with_inheritance(self.stated, before=earlier.stated, then=earlier.agreements)
        restated = changed(earlier.agreements, self.agreements)
        asked = {name for name in restated if name in self.agreements}
        if self._services is not earlier._services:
            asked |= {a.id for a in self.agreements.values() if _by_property(a)}
        self.covered = dict(earlier.covered)
        affected: set[str] = set()
        for name in restated:
            affected.update(self.covered.pop(name, ()))
        for name in asked:
            covered = self._covered_by(self.agreements[name])
            before = earlier.covered.get(name)
            same = covered == before
            self.covered[name] = before if same and before is not None else covered
            if name in restated or not same:
                affected.update(before or (), covered)
        self.by_service = dict(earlier.by_service)
        self.covered_twice = set(earlier.covered_twice)
        if affected:
            self._cover_anew(affected, asked)

    def _cover_anew(self, affected: Iterable[str], asked: set[str]) -> None:
        places = {name: place for place, name in enumerate(self.agreements)}
        new: dict[str, set[str]] = {}
        for name in asked:
            for service in self.covered[name]:
                new.setdefault(service, set()).add(name)
        for service in affected:
            known = {a.id for party in self.by_service.pop(service, {}).values() for a in party}
            covering = {n for n in known - asked if n in self.agreements} | new.get(service, set())
            by_party: ByParty = {}
            for name in sorted(covering, key=places.__getitem__):
                _add(by_party, self.agreements[name])
            if by_party:
                self.by_service[service] = by_party
            (self.covered_twice.add if len(covering) > 1 else self.covered_twice.discard)(service)

    def _covered_by(self, agreement: Agreement) -> tuple[str, ...]:
        covers = agreement.covers
        if covers is None:
            return ()
        if not _by_property(agreement):
            return tuple(dict.fromkeys(covers.services))
        if self._provided is None:
            self._provided = {}
            for service in self._services.values():
                self._provided.setdefault(service.provider, []).append(service)
        provided = self._provided.get(agreement.provider, ())
        own = [s for s in provided if covers.all or set(covers.tags) & set(s.tags)]
        return tuple(dict.fromkeys((*covers.services, *(s.id for s in own))))


def _by_property(agreement: Agreement) -> bool:
    """Whether it covers services by what they are, not by name."""
    return agreement.covers is not None and (agreement.covers.all or bool(agreement.covers.tags))


def _are_several(by_party: ByParty) -> bool:
    return len({agreement.id for agreements in by_party.values() for agreement in agreements}) > 1


def _add(by_party: ByParty, agreement: Agreement) -> None:
    for party in agreement.customers or (None,):
        by_party.setdefault(party, []).append(agreement)
