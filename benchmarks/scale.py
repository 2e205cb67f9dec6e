"""How an assessment grows with the portfolio: a chain, a tree, layers with shared infrastructure.

    python benchmarks/scale.py [--services 1000] [--factor 10] [--repeat 3]

Each shape is assessed at two sizes, in processes of its own, in turn; medians and their ratios are printed.
"""

import argparse
import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date

from olagraph.analysis.assess import assess
from olagraph.analysis.settings import Settings
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    Covers,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Target,
)
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.workflow import AllOf, Sequence, Step, any_of

DAY = date(2026, 11, 23)


def availability(text: str) -> Target:
    """A target on availability."""
    return Target(metric="availability", value=Quantity.parse(text, Dimension.RATIO))


OWN = (availability("99.999%"),)


def chain(count: int) -> Iterator[Service]:
    """Each service needs the next; every one has an own part."""
    for i in range(count):
        workflow = Step(of=f"s{i + 1}") if i + 1 < count else None
        yield Service(id=f"s{i}", provider="it", workflow=workflow, own=OWN)


def tree(count: int) -> Iterator[Service]:
    """A balanced tree of fan-out 4; the leaves are bought."""
    for i in range(count):
        below = [4 * i + j for j in range(1, 5) if 4 * i + j < count]
        if below:
            steps = tuple(Step(of=f"s{j}") for j in below)
            yield Service(id=f"s{i}", provider="it", workflow=Step(of=Sequence(steps)), own=OWN)
        else:
            yield Service(id=f"s{i}", provider=f"supplier-{i % 50}")


def layers(count: int) -> Iterator[Service]:
    """Five layers, each service on one of the next and one of two others, and infrastructure that all share."""
    chance = random.Random(count)
    infrastructure = max(5, count // 100)
    for i in range(infrastructure):
        yield Service(id=f"infra{i}", provider=f"supplier-{i % 50}")
    width = (count - infrastructure) // 5
    for layer in range(5):
        for i in range(width):
            name = f"l{layer}-{i}"
            if layer == 4:
                yield Service(id=name, provider=f"supplier-{(i + 7) % 50}")
                continue
            one, two, three = (f"l{layer + 1}-{(i + chance.randrange(40)) % width}" for _ in range(3))
            redundant = Step(of=any_of(*(Step(of=s) for s in dict.fromkeys((two, three)))))
            requires = AllOf((Step(of="infra0"), Step(of=f"infra{1 + chance.randrange(infrastructure - 1)}")))
            yield Service(
                id=name,
                provider="it",
                workflow=Step(of=Sequence((Step(of=one), redundant))),
                requires=Step(of=requires),
                own=OWN,
            )


SHAPES: dict[str, Callable[[int], Iterator[Service]]] = {"chain": chain, "tree": tree, "layers": layers}


def portfolio(shape: str, count: int) -> Portfolio:
    """A portfolio of about `count` services with an SLA for every tenth of them."""
    services = tuple(SHAPES[shape](count))
    suppliers = {s.provider for s in services if s.provider != "it"}
    providers = [Provider(id="it", kind=ProviderKind.INTERNAL)]
    providers += [Provider(id=s, kind=ProviderKind.EXTERNAL) for s in sorted(suppliers)]
    agreements = []
    for i, service in enumerate(services):
        if service.provider != "it":
            agreements.append(
                Agreement(
                    id=f"uc-{service.id}",
                    kind=AgreementKind.UC,
                    provider=service.provider,
                    customers=("it",),
                    covers=Covers(services=(service.id,)),
                    targets=(availability("99.95%"),),
                    from_=date(2026, 1, 1),
                )
            )
        if i % 10 == 0:
            agreements.append(
                Agreement(
                    id=f"sla-{service.id}",
                    kind=AgreementKind.SLA,
                    provider=service.provider,
                    customers=("business",),
                    covers=Covers(services=(service.id,)),
                    targets=(availability("99.5%"),),
                )
            )
    return Portfolio(
        name=f"{shape} of {count}",
        providers=tuple(providers),
        customers=(Customer(id="business"),),
        services=services,
        agreements=tuple(agreements),
    )


def measure(shape: str, count: int) -> dict[str, float]:
    """Seconds of one assessment and the peak memory of this process in MB."""
    built = portfolio(shape, count)
    gc.disable()  # as the command does
    start = time.perf_counter()
    result = assess(built, Settings(as_of=DAY))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    verdicts = len(result.targets)
    return {"seconds": seconds, "megabytes": peak, "targets": verdicts, "findings": len(result.findings)}


def main() -> None:
    """Measures every shape at both sizes and prints the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--factor", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("SHAPE", "COUNT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one[0], int(arguments.one[1]))))
        return
    sizes = (arguments.services, arguments.services * arguments.factor)
    print(f"{'shape':8} {'services':>9} {'targets':>8} {'findings':>9} {'seconds':>9} {'MB':>7}")
    for shape in SHAPES:
        runs: dict[int, list[dict[str, float]]] = {size: [] for size in sizes}
        for _ in range(arguments.repeat):
            for size in sizes:
                command = [sys.executable, __file__, "--one", shape, str(size)]
                answer = subprocess.run(command, check=True, capture_output=True, text=True)
                runs[size].append(json.loads(answer.stdout))
        medians = {
            size: {key: statistics.median(run[key] for run in found) for key in found[0]}
            for size, found in runs.items()
        }
        for size, row in medians.items():
            print(
                f"{shape:8} {size:9} {row['targets']:8.0f} {row['findings']:9.0f} "
                f"{row['seconds']:9.3f} {row['megabytes']:7.0f}"
            )
        small, large = medians[sizes[0]], medians[sizes[1]]
        print(
            f"{shape:8} {arguments.factor:8}x {'':8} {'':9} {large['seconds'] / small['seconds']:8.1f}x "
            f"{large['megabytes'] / small['megabytes']:6.1f}x"
        )


if __name__ == "__main__":
    main()
