"""What a change costs against a whole assessment: one target near the bottom, one SLA's target, one agreement more.

    python benchmarks/reassess.py [--services 10000] [--repeat 3]

Each shape of `benchmarks/scale.py` is assessed once and changed in several ways, in a process of its own; printed are
processor times, medians of several runs, and their ratio. Every answer is compared with that of a whole assessment.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.scale import DAY, SHAPES, availability, portfolio
from olagraph.analysis.assess import assess
from olagraph.analysis.judging import Progress
from olagraph.analysis.reassess import assess_anew, reassess
from olagraph.analysis.settings import Settings
from olagraph.model.entities import Agreement, AgreementKind, Covers, Portfolio, Service
from olagraph.model.workflow import Sequence, Step

SETTINGS = Settings(as_of=DAY)


def with_target(known: Portfolio, agreement: Agreement, text: str) -> Portfolio:
    """Another target in one agreement."""
    changed = replace(agreement, targets=(availability(text),))
    return replace(known, agreements=tuple(changed if a is agreement else a for a in known.agreements))


def with_service(known: Portfolio, service: Service, **fields: Any) -> Portfolio:
    """One service stated otherwise."""
    changed = replace(service, **fields)
    return replace(known, services=tuple(changed if s is service else s for s in known.services))


def with_agreement(known: Portfolio, **fields: Any) -> Portfolio:
    """One agreement more."""
    added = Agreement(targets=(availability("99.9%"),), **fields)
    return replace(known, agreements=(*known.agreements, added))


def a_leaf(known: Portfolio) -> Service:
    """The last service that is bought, or the last of all."""
    bought = [service for service in known.services if service.provider != "it"]
    return (bought or known.services)[-1]


def promise_at_the_bottom(known: Portfolio) -> Portfolio:
    """One target of the promise on a leaf; in the chain its own part."""
    leaf = a_leaf(known)
    covering = [a for a in known.agreements if a.id == f"uc-{leaf.id}"]
    if covering:
        return with_target(known, covering[0], "99.96%")
    return with_service(known, leaf, own=(availability("99.9991%"),))


def own_part_at_the_top(known: Portfolio) -> Portfolio:
    """The own part of the first service that states one."""
    first = next(service for service in known.services if service.own)
    return with_service(known, first, own=(availability("99.9991%"),))


def target_of_an_sla(known: Portfolio) -> Portfolio:
    """One target of an SLA in the middle."""
    slas = [a for a in known.agreements if a.kind is AgreementKind.SLA]
    return with_target(known, slas[len(slas) // 2], "99.4%")


def one_sla_more(known: Portfolio) -> Portfolio:
    """A second promise to customers on a service in the middle."""
    ours = [service for service in known.services if service.provider == "it"]
    service = ours[len(ours) // 3]
    return with_agreement(
        known,
        id=f"sla-{service.id}-more",
        kind=AgreementKind.SLA,
        provider=service.provider,
        customers=("business",),
        covers=Covers(services=(service.id,)),
    )


def one_contract_more(known: Portfolio) -> Portfolio:
    """Standard terms on a leaf, which come after what is agreed already."""
    leaf = a_leaf(known)
    return with_agreement(
        known,
        id=f"uc-{leaf.id}-terms",
        kind=AgreementKind.UC,
        provider=leaf.provider,
        covers=Covers(services=(leaf.id,)),
    )


def one_use_more(known: Portfolio) -> Portfolio:
    """A service in the lower half uses the leaf too."""
    leaf = a_leaf(known)
    users = [s for s in known.services if s.workflow is not None]
    user = users[len(users) // 2]
    assert user.workflow is not None
    return with_service(known, user, workflow=Step(of=Sequence((user.workflow, Step(of=leaf.id)))))


CHANGES: dict[str, Callable[[Portfolio], Portfolio]] = {
    "a promise at the bottom": promise_at_the_bottom,
    "an own part at the top": own_part_at_the_top,
    "a target of an SLA": target_of_an_sla,
    "one SLA more": one_sla_more,
    "one contract more": one_contract_more,
    "one use more": one_use_more,
}


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of some work, and what it gives."""
    gc.collect()
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _noting(judged: list[int]) -> Progress:
    """Notes how many targets have been judged."""

    def note(done: int, _all: int) -> None:
        judged.append(done)

    return note


def measure(shape: str, count: int, repeat: int) -> dict[str, Any]:
    """Seconds of a whole assessment and of each change, and how many targets were judged again."""
    known = portfolio(shape, count)
    gc.disable()  # as the command does
    runs = [seconds(lambda: assess_anew(known, SETTINGS)) for _ in range(repeat)]
    state = runs[-1][1]
    found: dict[str, Any] = {"whole": statistics.median(took for took, _ in runs), "changes": {}}
    for name, change in CHANGES.items():
        after = change(known)
        judged: list[int] = []
        again = partial(reassess, state, after, progress=_noting(judged))
        changed = [seconds(again) for _ in range(repeat)]
        assert changed[-1][1].assessment == assess(after, SETTINGS), (shape, name)
        found["changes"][name] = (statistics.median(took for took, _ in changed), max(judged, default=0))
    return found


def main() -> None:
    """Measures every shape and prints what changes cost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--shapes", nargs="+", choices=list(SHAPES), default=list(SHAPES))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one, arguments.services, arguments.repeat)))
        return
    print(f"{'shape':8} {'change':26} {'judged':>7} {'ms':>9} {'of whole':>9} {'whole / it':>11}")
    for shape in arguments.shapes:
        command = [sys.executable, __file__, "--one", shape, "--services", str(arguments.services)]
        command += ["--repeat", str(arguments.repeat)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        whole = found["whole"]
        print(f"{shape:8} {'assessed anew':26} {'':7} {1000 * whole:9.1f}")
        for name, (took, judged) in found["changes"].items():
            share = f"{took / whole:9.2%}"
            print(f"{shape:8} {name:26} {judged:7} {1000 * took:9.1f} {share} {whole / took:10.0f}x")


if __name__ == "__main__":
    main()
