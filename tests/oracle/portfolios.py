"""Small random portfolios in the shape of docs/portfolio-file.md, valid by its rules, full of the cases of §1 and §4.

Everything is drawn from one `random.Random`: a seed names a portfolio; Hypothesis can shrink one.
Hours, windows and exclusions are never stated. Resellers never buy in a ring: nobody would stand behind it.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

DAY = "2026-06-15"
RATIOS = ["60%", 0.7, "80%", 0.85, "90%", 0.9, "95%", 0.95, "98%", "99%", 0.999]
TARGETS = ["20%", 0.3, "40%", 0.5, "60%", "65%", 0.7, "75%", 0.8, "85%", "90%", 0.95, "99%"]
TIMES = ["100 ms", "200 ms", "250 ms", "400 ms", "1 s"]
LIMITS = ["200 ms", "500 ms", "800 ms", "1 s", "2 s", "4 s"]
FRACTIONS = ["90%", "95%", "99%", 0.999]
METRICS = ("availability", "success_rate", "latency", "percentile")
"""What a portfolio promises: `latency` is hard (no `for`), `percentile` is latency with `for`."""


def portfolio(random: Random, metric: str = "availability") -> dict[str, Any]:
    """A random portfolio whose promises are on one of `METRICS`."""
    return _Draft(random, metric).document()


@dataclass
class _Draft:
    random: Random
    metric: str

    def document(self) -> dict[str, Any]:
        self._draw_providers()
        self._draw_services()
        self.agreements: list[dict[str, Any]] = []
        self._promise_uses()
        self._promise_to_customers()
        self.random.shuffle(self.agreements)
        return {
            "olagraph": 1,
            "name": "drawn",
            "providers": self.providers,
            "customers": [{"id": "c1"}, {"id": "c2"}],
            "services": self.services,
            "agreements": self.agreements,
        }

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    # who

    def _draw_providers(self) -> None:
        self.providers: list[dict[str, Any]] = []
        for index in range(self.random.randint(2, 4)):
            row = {"id": f"p{index}", "kind": self.random.choice(["internal", "external"])}
            if index and self._chance(0.35):
                row["parent"] = f"p{self.random.randrange(index)}"
            self.providers.append(row)

    def _kind(self, provider: str) -> str:
        return str(next(row["kind"] for row in self.providers if row["id"] == provider))

    # what

    def _draw_services(self) -> None:
        count = self.random.choice([3, 5, 6, 7, 8])
        self.names = [f"s{index}" for index in range(count)]
        self.services: list[dict[str, Any]] = []
        self.owns = 10 - count  # so that brute force stays small
        for index, name in enumerate(self.names):
            row: dict[str, Any] = {"id": name, "provider": self.random.choice(self.providers)["id"]}
            below = self.names[index + 1 :]
            if below and self._chance(0.95 if index == 0 else 0.6):
                self._compose(row, below)
            if len(row) > 2 and self.owns and self._chance(0.3):
                self.owns -= 1
                row["own"] = [self._target(self.metric if self._chance(0.85) else "other")]
            if self._chance(0.2):
                row["traits"] = {"zones": self.random.randint(1, 3)}
            if self._chance(0.15):
                row["tags"] = ["gold"]
            self.services.append(row)
        self._state_own_leaves()
        if self.metric == "availability":
            self._draw_cycle()
            self._draw_common_cause()

    def _state_own_leaves(self) -> None:
        """What a provider uses of its own is unknown unless it states something about it; mostly it does."""
        used_within = {
            used for row in self.services for used in _used(row) if self._provider(used) == row["provider"]
        }
        for row in self.services:
            if len(row) == 2 and self._chance(0.8 if row["id"] in used_within else 0.1):
                row["own"] = [self._target(self.metric)]

    def _compose(self, row: dict[str, Any], below: list[str]) -> None:
        form = self.random.random()
        if form < 0.8:
            workflow = self._expression(below, depth=2)
            row["workflow"] = workflow if isinstance(workflow, dict | str) else [workflow]
        if form >= 0.65 and self.metric != "percentile":
            chosen = self._some(below, 2)
            if len(chosen) > 1 and self._chance(0.4):
                row["requires"] = [{"any_of": chosen}]
            else:
                row["requires"] = chosen
        elif form >= 0.8:
            row["requires"] = self._some(below, 1)

    def _some(self, names: list[str], most: int) -> list[Any]:
        return self.random.sample(names, self.random.randint(1, min(most, len(names))))

    def _expression(self, below: list[str], depth: int) -> Any:
        names = self._some(below, 4)
        if len(names) == 1 and self._chance(0.7):
            return names[0]
        steps: list[Any] = list(names)
        if depth > 1 and self._chance(0.5):
            inner = self._expression(below, depth - 1)
            if isinstance(inner, dict):
                steps[self.random.randrange(len(steps))] = inner
        timed = self.metric in ("latency", "percentile")
        patterns = ["sequence"] if timed else ["sequence", "parallel", "any_of", "k_of_n", "choice", "repeat"]
        pattern = self.random.choice(patterns if self._chance(0.8) else ["sequence"])
        if pattern in ("sequence", "parallel"):
            if depth == 2 and self._chance(0.15):
                self._soften(steps)
            return {pattern: steps}
        if pattern == "any_of":
            return {"any_of": steps}
        if pattern == "k_of_n":
            return {"k_of_n": {"k": self.random.randint(1, len(steps)), "of": steps}}
        if pattern == "choice":
            return {"choice": self._branches(steps)}
        again = {"max": self.random.randint(1, 3)} if self._chance(0.6) else {"probability": 0.1}
        return {"repeat": {"step": steps[0], **again}}

    def _soften(self, steps: list[Any]) -> None:
        where = [index for index, step in enumerate(steps) if isinstance(step, str)]
        if self.metric in ("success_rate", "latency", "percentile") and len(where) < 2:
            return  # all optional has no structure, yet it takes time: not drawn where every visit counts
        if where:
            index = self.random.choice(where)
            steps[index] = {"step": steps[index], "optional": True}
            if self.metric in ("latency", "percentile") and self._chance(0.5):
                steps[index]["timeout"] = self.random.choice(TIMES)

    def _branches(self, steps: list[Any]) -> list[Any]:
        if self._chance(0.4):
            return steps
        shares = [["1"], ["0.7", "0.3"], ["0.5", "30%", "0.2"], ["0.4", "0.3", "20%", "0.1"]][len(steps) - 1]
        return [{"step": step, "probability": share} for step, share in zip(steps, shares, strict=True)]

    def _draw_cycle(self) -> None:
        composed = [
            index for index, row in enumerate(self.services) if "requires" in row or "workflow" in row
        ]
        later = [index for index in composed if index]
        if later and self._chance(0.15):
            row = self.services[self.random.choice(later)]
            back = self.names[self.random.randrange(self.names.index(row["id"]))]
            if "requires" in row:
                if back not in row["requires"]:
                    row["requires"] = [*row["requires"], back]
            elif isinstance(row["workflow"], dict):
                row["requires"] = [back]

    def _draw_common_cause(self) -> None:
        if self._chance(0.15) and len(self.names) <= 6:
            provider = self.random.choice(self.providers)["id"]
            members = [f"m{index}" for index in range(self.random.randint(2, 3))]
            group: dict[str, Any] = {"of": members, "common_cause": self.random.choice([0, 0.1, "20%", 1])}
            pattern = "any_of"
            if self._chance(0.5):
                pattern, group = "k_of_n", {"k": self.random.randint(1, len(members)), **group}
            first = self.services[0]
            first["workflow"] = (
                [first["workflow"], {pattern: group}] if "workflow" in first else {pattern: group}
            )
            if isinstance(first["workflow"], list) and isinstance(first["workflow"][0], list):
                first["workflow"] = [*first["workflow"][0], first["workflow"][1]]
            self.services += [
                {
                    "id": name,
                    "provider": provider if self._chance(0.7) else self.random.choice(self.providers)["id"],
                }
                for name in members
            ]
            self.names += members

    # what is promised

    def _target(self, metric: str, *, assessed: bool = False) -> dict[str, Any]:
        pick = self.random.choice
        if metric == "other":
            return {"throughput": "10/s"}
        if metric == "latency":
            return {"latency": pick(LIMITS if assessed else TIMES)}
        if metric == "percentile":
            bare = {"latency": pick(LIMITS if assessed else TIMES)}
            return bare if not assessed and self._chance(0.2) else {**bare, "for": pick(FRACTIONS)}
        if not assessed and self._chance(0.03):
            return {metric: "100%", **({"assume": "99.9%"} if self._chance(0.5) else {})}
        return {metric: pick(TARGETS if assessed else RATIOS)}

    def _targets(self, *, assessed: bool = False) -> list[dict[str, Any]]:
        if not assessed and self._chance(0.06):
            return [self._target("other")]
        targets = [self._target(self.metric, assessed=assessed)]
        if self._chance(0.12):
            targets[0]["strength"] = self.random.choice(["objective", "guarantee", "commitment"])
        if self._chance(0.2):
            second = self._target(self.metric, assessed=assessed)
            differs = {"when": {"zones": ">=2"}} if self._chance(0.6) else {"strength": "guarantee"}
            targets.append({**second, **differs})
        return targets if self._distinct(targets) else targets[:1]

    def _distinct(self, targets: list[dict[str, Any]]) -> bool:
        """Whether no two targets are alike in all that docs/portfolio-file.md compares, which would be an error."""
        keys = {
            (target.get("for"), str(target.get("when")), target.get("strength", "commitment"))
            for target in targets
        }
        return len(keys) == len(targets)

    def _promise_uses(self) -> None:
        uses = sorted({(row["provider"], used) for row in self.services for used in _used(row)})
        self.random.shuffle(uses)
        for user, used in uses:
            seller = self._provider(used)
            if seller != user and self._chance(0.92) and len(self.agreements) < 7:
                self._promise(user, used, seller)
        self._decorate()

    def _provider(self, service: str) -> str:
        return str(next(row["provider"] for row in self.services if row["id"] == service))

    def _promise(self, user: str, used: str, seller: str) -> None:
        """One promise on a use, perhaps through a reseller, whose id is past the buyer's: no rings."""
        resellers = [
            row["id"]
            for row in self.providers
            if row["id"] > user and row["id"] != seller and self._chance(0.12)
        ]
        if resellers:
            self._agree(resellers[0], user, used)
            if self._chance(0.7):
                self._promise(resellers[0], used, seller)
            if self._chance(0.8):
                return
        self._agree(seller, user, used)

    def _agree(self, seller: str, user: str, used: str) -> None:
        covers: Any = [used]
        if self._chance(0.2):
            covers = "all" if self._chance(0.6) else {"tags": ["gold"]}
        elif self._chance(0.5):
            also = self._sold_by(seller, used)
            covers = [used, *self.random.sample(also, min(3, len(also)))]
        row: dict[str, Any] = {
            "id": f"a{len(self.agreements)}",
            "kind": "OLA" if self._kind(seller) == "internal" else "UC",
            "provider": seller,
            "covers": covers,
            "targets": self._targets(),
        }
        customer: Any = user
        if seller != self._provider(used):
            if self._closes_a_ring(seller, user, used):
                return
            self.agreements.append({**row, "customer": user})
            return
        if self._chance(0.25):
            owner = next((p.get("parent") for p in self.providers if p["id"] == user), None)
            customer = owner or user
        if customer == seller:
            customer = user
        if self._chance(0.1):
            others = [p["id"] for p in self.providers if p["id"] not in (customer, seller)]
            customer = [customer, *others[:1]]
        if not self._chance(0.15):
            row["customer"] = customer
        self.agreements.append(row)

    def _closes_a_ring(self, seller: str, user: str, used: str) -> bool:
        """Whether the seller would buy, through whatever resellers, from somebody who buys from it."""
        resold = [
            row
            for row in self.agreements
            if row["provider"] != self._provider(used) and used in row["covers"]
        ]
        sales = {(row["provider"], row["customer"]) for row in resold}
        reached, pending = set(), [(seller, user)]
        while pending:
            sale = pending.pop()
            if sale not in reached:
                reached.add(sale)
                pending += [(by, to) for by, to in sales if by in self._group(sale[1])]
        return any(seller in self._group(to) for _, to in reached)

    def _group(self, provider: str) -> set[str]:
        """A provider and whoever it owns, for whom it buys too."""
        rows = {provider}
        for row in self.providers:  # owners come first
            if row.get("parent") in rows:
                rows.add(row["id"])
        return rows

    def _sold_by(self, seller: str, used: str) -> list[str]:
        return [row["id"] for row in self.services if row["provider"] == seller and row["id"] != used]

    def _decorate(self) -> None:
        for row in self.agreements:
            if self._chance(0.07):
                row["status"] = "draft"
            if self._chance(0.06):
                row["to"] = self.random.choice(["2026-06-14", "2026-06-15"])
            elif self._chance(0.06):
                row["from"] = self.random.choice(["2026-06-15", "2026-06-16"])

    def _promise_to_customers(self) -> None:
        for index in range(self.random.randint(1, 3)):
            service = self.services[0 if self._chance(0.6) else self.random.randrange(len(self.services))]
            row: dict[str, Any] = {
                "id": f"sla{index}",
                "kind": "SLA",
                "provider": service["provider"],
                "customer": self.random.choice(["c1", "c2", ["c1", "c2"]]),
                "covers": [service["id"]],
                "targets": self._targets(assessed=True),
            }
            if self._chance(0.1):
                row["provider"] = self.random.choice(self.providers)["id"]  # a reseller's SLA
            elif self._chance(0.1):
                row["covers"] = "all"
            if self._chance(0.08):
                row["status"] = "draft"
            if self._chance(0.1):
                del row["kind"]
            self.agreements.append(row)


def _used(row: dict[str, Any]) -> set[str]:
    def below(node: Any) -> set[str]:
        if isinstance(node, str):
            return {node}
        if isinstance(node, list):
            return set().union(*map(below, node)) if node else set()
        inside: set[str] = set()
        for key, value in node.items():
            if key not in ("k", "common_cause", "probability", "max", "optional", "timeout"):
                inside |= below(value)
        return inside

    return set().union(*(below(row[key]) for key in ("workflow", "requires") if key in row))
