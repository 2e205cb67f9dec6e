"""What must hold between things: references resolve, parents form no cycle, common causes stay apart."""

from olagraph.documents.faults import shown
from olagraph.documents.reading import Kind, Reading, Reference

_PARENTS = {"parent": "is its own parent", "inherits": "inherits from itself"}
_STRUCTURE = frozenset({"workflow", "requires"})


def check_references(reading: Reading) -> None:
    """Record references to ids that nothing states, cycles, and groups with a wrong common cause."""
    for reference in reading.references:
        _check_resolves(reference, reading)
    _check_cycles(reading)
    _check_common_causes(reading)


def _check_resolves(reference: Reference, reading: Reading) -> None:
    kinds = reference.kinds
    if any(reference.id in reading.definitions[kind] for kind in kinds) or not reading.unreadable.isdisjoint(
        kinds
    ):
        return
    what = " or ".join(kinds)
    names = reading.names(what, *(reading.definitions[kind] for kind in kinds))
    reading.unknown(reference.id, names, reference.node, reference.place, what=what)


def _check_cycles(reading: Reading) -> None:
    parents: dict[tuple[Kind, str], Reference] = {}
    for reference in reading.references:
        owner = reference.place.parent
        if reference.place.step in _PARENTS and owner is not None and isinstance(owner.step, str):
            parents.setdefault((reference.kinds[0], owner.step), reference)
    settled: set[tuple[Kind, str]] = set()
    for start in parents:
        trail: dict[tuple[Kind, str], None] = {}
        current = start
        while current in parents and current not in settled and current not in trail:
            trail[current] = None
            reference = parents[current]
            current = (current[0], reference.id)
        if current in trail:
            cycle = [id_ for _, id_ in trail]
            cycle = cycle[cycle.index(current[1]) :]
            reference = parents[current]
            shown_cycle = " -> ".join([*cycle[:6], *(["…"] if len(cycle) > 6 else []), current[1]])
            found = f"{current[0]} {shown(current[1])} {_PARENTS[str(reference.place.step)]}: {shown_cycle}"
            reading.fault(reference.node, reference.place, found, expected="no cycle")
        settled.update(trail)


def _check_common_causes(reading: Reading) -> None:
    services = reading.definitions[Kind.SERVICE]
    for group in reading.common_causes:
        for service, node, place in group:
            found = None
            if service is None:
                found = "`common_cause` on a group with an expression as a branch"
            elif service in services and not _STRUCTURE.isdisjoint(services[service].keys):
                found = f"`common_cause` on a group with {service!r}, which states a workflow or `requires`"
            elif reading.uses[service] > 1:
                found = f"`common_cause` on a group with {service!r}, which is used elsewhere too"
            if found is not None:
                expected = "branches that are services without `workflow` and `requires`, used nowhere else"
                reading.fault(node, place, found, expected=expected)
