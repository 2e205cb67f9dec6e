"""How often one service calls another, and how often it is called itself."""

from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Service
from olagraph.model.workflow import Choice, KOfN, Repeat, Step


def visits(user: Service, used: str) -> Fraction:
    """Calls of `used` for each request of `user`, over all occurrences in its workflow.

    A branch of unknown probability may be taken every time; a repeat with probability p is done 1/(1-p) times; of
    redundant branches that share load each gets its part, else each may get all.
    """
    return _calls(user.workflow, used) if user.workflow is not None else Fraction(0)


def _calls(step: Step, used: str) -> Fraction:
    pattern = step.of
    if isinstance(pattern, str):
        return Fraction(1 if pattern == used else 0)
    match pattern:
        case Choice(branches):
            shares = [Fraction(1) if b.probability is None else Fraction(b.probability) for b in branches]
            calls = [share * _calls(b.step, used) for share, b in zip(shares, branches, strict=True)]
            return max(calls) if branches[0].probability is None else sum(calls, Fraction(0))
        case Repeat(step=inner, max=times, probability=again):
            if again is not None:
                return _calls(inner, used) / (1 - Fraction(again))
            return _calls(inner, used) * (times or 1)
        case KOfN(steps=branches, load_shared=True):
            return sum((_calls(b, used) for b in branches), Fraction(0)) / len(branches)
        case _:
            return sum((_calls(inner, used) for inner in pattern.steps), Fraction(0))


def demands(graph: PortfolioGraph) -> dict[str, Fraction]:
    """How often each service is called: as stated, else what the demand on its users comes to; unknown left out.

    On a circle only stated demands are known.
    """
    known = {s.id: s.demand.exact for s in graph.portfolio.services if s.demand is not None}
    if not known:
        return known
    try:
        order = list(
            TopologicalSorter(
                {s: {use.user for use in graph.used_by(s)} for s in graph.services}
            ).static_order()
        )
    except CycleError:
        return known
    for service in order:
        users = {use.user for use in graph.used_by(service) if use.via == "workflow"}
        if service not in known and users and all(user in known for user in users):
            known[service] = sum(
                (known[user] * visits(graph.services[user], service) for user in users), Fraction(0)
            )
    return known
