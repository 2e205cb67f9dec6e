"""Modules: parts of the graph that the rest sees as if they were components."""

from collections.abc import Callable, Iterable, Iterator, Sequence


def modules(
    order: Sequence[int], operands_of: Callable[[int], tuple[int, ...]], *, elsewhere: Iterable[int] = ()
) -> frozenset[int]:
    """The gates whose inside is used nowhere else, by two passes in linear time (Dutuit and Rauzy 1996).

    Args:
        order: all nodes, operands before those that use them.
        operands_of: what a node uses directly; nothing where it is a component.
        elsewhere: nodes that others use that are not listed.
    """
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    done: dict[int, int] = {}
    used = {operand for node in order for operand in operands_of(node)}
    clock = 0
    for top in order:
        if top in used or top in first:
            continue
        pending: list[tuple[int, Iterator[int]]] = [(top, iter(operands_of(top)))]
        clock += 1
        first[top] = last[top] = clock
        while pending:
            node, operands = pending[-1]
            operand = next(operands, None)
            clock += 1
            if operand is None:
                done[node] = last[node] = clock
                pending.pop()
            elif operand in first:
                last[operand] = clock
            else:
                first[operand] = last[operand] = clock
                pending.append((operand, iter(operands_of(operand))))
    clock += 1
    last.update(dict.fromkeys(elsewhere, clock))
    found = set()
    earliest: dict[int, int] = {}
    latest: dict[int, int] = {}
    for node in order:
        low, high = clock + 1, 0
        for operand in operands_of(node):
            low = min(low, first[operand], earliest[operand])
            high = max(high, last[operand], latest[operand])
        earliest[node], latest[node] = low, high
        if low > first[node] and high < done[node]:
            found.add(node)
    return frozenset(found)
