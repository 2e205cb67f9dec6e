"""Quantifies fault trees (Open-PSA XML) and sets our time beside SCRAM's, measured in the same run.

    python benchmarks/fault_trees.py FOLDER

For every `*.xml` in FOLDER: gates, basic events, our time in this process (compilation, exact probability and
the Birnbaum importance of every event), the time SCRAM reports for its analysis if `scram` is on the PATH,
the ratio, and the relative error of the probability against SCRAM's or, where FOLDER has a README.md with a
table "| tree | gates | events | probability", against that. SCRAM computes no importances here, and is told
not to list products beyond single events (`-l 1`), its fastest way to the exact probability.
"""

import argparse
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from olagraph.metrics.structure import Compiled, Gate, Structure, compile_structure


@dataclass(frozen=True, slots=True)
class FaultTree:
    """A fault tree as a structure: an OR of failures needs all operands up, an AND any of them."""

    name: str
    structure: Structure
    probabilities: list[float]


@dataclass(frozen=True, slots=True)
class Reference:
    """What SCRAM reports for one tree."""

    seconds: float
    probability: float


def read_fault_tree(path: Path) -> FaultTree:
    """Reads the subset of Open-PSA that coherent benchmark trees use: and, or, atleast, and nested formulas."""
    root = ElementTree.parse(path).getroot()
    basic_events = list(root.iter("define-basic-event"))
    probabilities = [float(value.attrib["value"]) for e in basic_events for value in e.iter("float")]
    events = {e.attrib["name"]: i for i, e in enumerate(basic_events)}
    definitions = list(root.iter("define-gate"))
    numbers = {e.attrib["name"]: i for i, e in enumerate(definitions)}
    gates: list[Gate | None] = [None] * len(definitions)
    used: set[int] = set()

    def operand(element: ElementTree.Element) -> int:
        if element.tag in ("gate", "basic-event", "event"):
            name = element.attrib["name"]
            reference = events[name] if name in events else ~numbers[name]
            used.add(reference)
            return reference
        gates.append(gate(element))
        return ~(len(gates) - 1)

    def gate(element: ElementTree.Element) -> Gate:
        operands = tuple(operand(child) for child in element)
        failures = {"or": 1, "and": len(operands), "atleast": int(element.get("min", 0))}[element.tag]
        return Gate(len(operands) - failures + 1, operands)

    for number, definition in enumerate(definitions):
        (formula,) = (child for child in definition if child.tag not in ("label", "attributes"))
        if formula.tag in ("gate", "basic-event", "event"):
            gates[number] = Gate(1, (operand(formula),))
        else:
            gates[number] = gate(formula)
    (top,) = (~i for i in range(len(definitions)) if ~i not in used)
    return FaultTree(path.stem, Structure(tuple(g for g in gates if g), top, len(events)), probabilities)


def published_probabilities(folder: Path) -> dict[str, float]:
    """Tree -> top probability, from the folder's README.md if there is one."""
    readme = folder / "README.md"
    if not readme.exists():
        return {}
    rows = re.findall(r"^\| (\w+) \| \d+ \| \d+ \| ([\d.eE+-]+) \|", readme.read_text(), flags=re.MULTILINE)
    return {name: float(value) for name, value in rows}


def run_scram(path: Path) -> Reference:
    """SCRAM's own account of its analysis time, from its report."""
    command = ["scram", "--bdd", "--probability", "1", "-l", "1", str(path)]
    report = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    root = ElementTree.fromstring(report)
    times = root.find(".//calculation-time")
    products = root.find(".//sum-of-products")
    assert times is not None
    assert products is not None
    return Reference(sum(float(t.text or 0) for t in times), float(products.attrib["probability"]))


def measure(tree: FaultTree, repeat: int) -> tuple[float, Compiled]:
    """The best of `repeat` times for compilation, probability and all importances, in seconds."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        compiled = compile_structure(tree.structure)
        compiled.independent(tree.probabilities)
        compiled.birnbaum(tree.probabilities)
        best = min(best, time.perf_counter() - start)
    return best, compiled


def main(arguments: Iterable[str]) -> None:
    """Prints one row a tree, then the sums."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="holds the fault trees")
    parser.add_argument(
        "--repeat",
        type=int,
        default=3,
        help="take the best of so many runs of ours and of SCRAM (default: 3)",
    )
    parser.add_argument("--bounds", action="store_true", help="also time the guaranteed and ceiling bases")
    options = parser.parse_args(list(arguments))
    scram = shutil.which("scram") is not None
    published = published_probabilities(options.folder)
    print(
        f"{'tree':<12}{'gates':>7}{'events':>8}{'nodes':>9}{'ours s':>10}{'SCRAM s':>10}{'ratio':>8}{'error':>11}"
    )
    ours_total = scram_total = 0.0
    for path in sorted(options.folder.glob("*.xml")):
        tree = read_fault_tree(path)
        seconds, compiled = measure(tree, options.repeat)
        probability = compiled.independent(tree.probabilities)
        nodes = sum(len(d) for d in compiled.diagrams if d is not None)
        ours_total += seconds
        row = f"{tree.name:<12}{len(tree.structure.gates):>7}{tree.structure.components:>8}{nodes:>9}{seconds:>10.4f}"
        expected = published.get(tree.name)
        if scram:
            references = [run_scram(path) for _ in range(options.repeat)]
            reference = min(reference.seconds for reference in references)
            scram_total += reference
            row += f"{reference:>10.4f}{seconds / reference:>8.2f}"
            expected = references[0].probability if expected is None else expected
        else:
            row += f"{'-':>10}{'-':>8}"
        row += f"{abs(probability.low - expected) / expected:>11.1e}" if expected else f"{'-':>11}"
        print(row, flush=True)
        if options.bounds:
            print_bounds(tree, compiled)
    ratio = f"{scram_total:>10.4f}{ours_total / scram_total:>8.2f}" if scram else ""
    print(f"{'sum':<36}{ours_total:>10.4f}{ratio}")


def print_bounds(tree: FaultTree, compiled: Compiled) -> None:
    """The bases that assume nothing about dependence, with their certified gaps."""
    for name, basis in (("guaranteed", compiled.guaranteed), ("ceiling", compiled.ceiling)):
        start = time.perf_counter()
        value = basis(tree.probabilities)
        seconds = time.perf_counter() - start
        print(
            f"    {name:<12}{value.high:<24.16g} gap {value.high - value.low:<10.2g}{seconds:8.3f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
