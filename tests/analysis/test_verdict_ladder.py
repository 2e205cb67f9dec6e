"""The verdict ladder and everything read off it: worse view, gap, weakest, intervals, exact ties (SEMANTICS §4)."""

import math
from itertools import product

import pytest

from olagraph.analysis.ladder import Met, climb
from olagraph.analysis.results import PartKind, Verdict, View
from tests.analysis.small import assessed, delivered, ends, number, the, written

I, U, X, C, S = (  # noqa: E741 - one letter a verdict keeps the table readable
    Verdict.INFEASIBLE,
    Verdict.UNSUPPORTED,
    Verdict.UNKNOWN,
    Verdict.CONDITIONAL,
    Verdict.SUPPORTED,
)

TRUTHS = (True, False, None)


def one_end(*, guaranteed: bool | None, independent: bool | None, ceiling: bool | None) -> Verdict:
    """The ladder in the words of SEMANTICS: a null basis is skipped."""
    for met, verdict in ((guaranteed, S), (independent, C)):
        if met:
            return verdict
    if {guaranteed, independent, ceiling} == {None}:
        return X
    return I if ceiling is False else U


BOTH_ENDS = {
    # at worst: {at best: verdict}
    S: {S: S, C: S, U: S, I: S, X: S},
    C: {S: C, C: C, U: C, I: C, X: C},
    U: {S: X, C: X, U: U, I: I, X: X},
    I: {S: X, C: X, U: U, I: I, X: X},
    X: {S: X, C: X, U: U, I: I, X: X},
}


def met(verdict: Verdict) -> Met:
    """What the three bases say at an end that by itself gives `verdict`."""
    guaranteed, independent, ceiling = {
        S: (True, True, True),
        C: (False, True, True),
        U: (False, False, True),
        I: (False, False, False),
        X: (None, None, None),
    }[verdict]
    return Met(guaranteed=guaranteed, independent=independent, ceiling=ceiling)


@pytest.mark.parametrize(("guaranteed", "independent", "ceiling"), list(product(TRUTHS, repeat=3)))
def test_one_end_of_the_ladder_is_climbed_basis_by_basis(guaranteed, independent, ceiling) -> None:
    bases = {"guaranteed": guaranteed, "independent": independent, "ceiling": ceiling}
    assert Met(**bases).verdict() is one_end(**bases)


@pytest.mark.parametrize(("worst", "best"), list(product(BOTH_ENDS, repeat=2)), ids=str)
def test_the_ladder_is_climbed_with_everything_missing_at_its_worst_and_at_its_best(worst, best) -> None:
    decision = climb(at_worst=met(worst), at_best=met(best))
    assert decision.verdict is BOTH_ENDS[worst][best]
    if worst in (S, C):
        assert decision.at_worst is True
    elif decision.verdict is X:
        assert decision.at_worst is None
    else:
        assert decision.at_worst is False


def test_verdicts_are_ranked_from_the_worst_to_the_best() -> None:
    assert sorted(Verdict, key=lambda verdict: verdict.rank) == [I, U, X, C, S]


# Values against one target: guaranteed 0.998, independent 0.998001, ceiling 0.999.
TWO = {"a": "availability: 99.9%", "b": "availability: 99.9%"}


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        ("99.8%", S),
        ("99.80001%", C),
        ("99.8001%", C),
        ("99.80011%", U),
        ("99.9%", U),
        ("99.90001%", I),
    ],
)
def test_a_chain_of_two_is_judged_by_the_first_basis_that_meets_the_target(target, verdict) -> None:
    judged = the(delivered("[a, b]", f"availability: {target}", **TWO))
    assert judged.verdict is judged.contracted.verdict is judged.achievable.verdict is verdict


@pytest.mark.parametrize(("target", "verdict"), [("300 ms", S), ("299 ms", I), ("301 ms", S)])
def test_of_hard_times_all_three_bases_are_the_same(target, verdict) -> None:
    judged = the(delivered("[a, b]", f"latency: {target}", a="latency: 100 ms", b="latency: 200 ms"))
    assert judged.verdict is verdict
    assert number(judged.contracted.guaranteed) == number(judged.contracted.ceiling) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("target", "known", "verdict"),
    [
        ("99%", "99.9%", X),  # with the rest at its best it holds
        ("99.9%", "99%", I),  # what is known already refutes it: the ceiling is 99 %
        ("99.9%", "99.9%", X),
    ],
)
def test_what_is_missing_decides_unless_what_is_known_refutes(target, known, verdict) -> None:
    portfolio = delivered(
        "[a, b]",
        f"availability: {target}",
        a=f"availability: {known}",
        services=("{id: b, provider: others}",),
    )
    judged = the(portfolio)
    assert judged.verdict is verdict
    assert ends(judged.contracted.independent) == pytest.approx((0.0, float(known[:-1]) / 100))


def test_two_known_parts_may_refute_a_target_on_the_independent_basis_only() -> None:
    judged = the(
        delivered("[a, b, x]", "availability: 99.85%", services=("{id: x, provider: others}",), **TWO)
    )
    assert judged.verdict is U
    assert ends(judged.contracted.ceiling) == (0.0, 0.999)


def test_a_missing_branch_beside_a_good_one_does_not_matter() -> None:
    judged = the(
        delivered(
            "{any_of: [a, x]}",
            "availability: 99.9%",
            a="availability: 99.9%",
            services=("{id: x, provider: others}",),
        )
    )
    assert judged.verdict is S
    assert ends(judged.contracted.guaranteed) == (0.999, 1.0)
    assert judged.gap == pytest.approx(0.0, abs=1e-15)  # the end that decided is the worst


def test_nothing_known_is_everything_possible_in_every_unit() -> None:
    unknown = "{id: x, provider: others}"
    for target, expected in [
        ("availability: 99%", (0.0, 1.0)),
        ("success_rate: 99%", (0.0, 1.0)),
        ("latency: 1 s", (math.inf, 0.0)),
        ("throughput: 5/s", (0.0, math.inf)),
        ("rto: 4 h", (math.inf, 0.0)),
        ("cost: 100", (math.inf, 0.0)),
    ]:
        judged = the(delivered("x", target, services=(unknown,)))
        assert judged.verdict is X, target
        assert ends(judged.contracted.guaranteed) == expected
        assert judged.gap is None


# Gap -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "promise", "gap"),
    [
        ("availability: 99.9%", "availability: 99%", 0.009),  # short by 0.9 points
        ("availability: 99%", "availability: 99.9%", -0.009),  # headroom is negative
        ("latency: 1 s", "latency: 1500 ms", 0.5),
        ("latency: 2 s", "latency: 1500 ms", -0.5),
        ("throughput: 100/s", "throughput: 80/s", 20.0),
        ("throughput: 60/min", "throughput: 3/s", -2.0),
        ("data_rate: 1 kbit/s", "data_rate: 400 bit/s", 600.0),
        ("latency: 1 s, for: 99%", "latency: 1 s, for: 95%", 0.04),  # of a percentile in F
        ("cost: 100", "cost: 130", 30.0),
        ("resolution_time: 1 h, for: mean", "resolution_time: 30 min, for: mean", -1800.0),
        ("mttf: 2 h", "mttf: 1 h | mttr: 1 min", 3600.0),
        ("error_rate: 1%", "error_rate: 2%", 0.01),  # a complement is turned round on loading
    ],
)
def test_a_gap_is_in_the_targets_unit_and_positive_where_the_target_is_missed(target, promise, gap) -> None:
    judged = the(delivered("a", target, a=promise))
    assert judged.gap == pytest.approx(gap, rel=1e-9)


def test_a_gap_is_of_the_independent_value_even_where_the_guaranteed_one_decides() -> None:
    judged = the(delivered("[a, b]", "availability: 99%", **TWO))
    assert judged.verdict is S
    assert judged.gap == pytest.approx(0.99 - 0.998001)


def test_a_gap_is_of_the_guaranteed_value_where_no_independent_one_exists() -> None:
    means = {"a": "latency: 2 s, for: mean", "b": "latency: 3 s, for: mean"}
    judged = the(delivered("{parallel: [a, b]}", "latency: 4 s, for: mean", **means))
    assert judged.gap == pytest.approx(1.0)


def test_a_gap_of_an_interval_is_that_of_the_end_that_decided() -> None:
    judged = the(
        delivered(
            "[a, x]", "availability: 99.9%", a="availability: 99%", services=("{id: x, provider: others}",)
        )
    )
    assert judged.verdict is I
    assert judged.gap == pytest.approx(0.009)


# The two views --------------------------------------------------------------------------------------------


def two_views(*, target: str, on_paper: str, below: str):
    """Our team promises `t` `on_paper`, and what it rests on promises `below`."""
    return the(
        written(
            services=(
                "{id: s, provider: us, workflow: t}",
                "{id: t, provider: team, workflow: b}",
                "{id: b, provider: them}",
            ),
            agreements=(
                f"{{id: sla, provider: us, customer: c, covers: [s], targets: [{{availability: {target}}}]}}",
                f"{{id: ola, provider: team, customer: us, covers: [t], targets: [{{availability: {on_paper}}}]}}",
                f"{{id: uc, provider: them, customer: team, covers: [b], targets: [{{availability: {below}}}]}}",
            ),
        )
    )


@pytest.mark.parametrize(
    ("on_paper", "below", "worse"),
    [
        ("99%", "99.9%", View.CONTRACTED),
        ("99.9%", "99%", View.ACHIEVABLE),
        ("99.9%", "99.9%", View.CONTRACTED),  # the same: the paper is shown
        ("99.95%", "99.92%", View.ACHIEVABLE),  # both hold: the smaller value
        ("98%", "97%", View.ACHIEVABLE),
    ],
)
def test_the_headline_is_the_worse_view(on_paper, below, worse) -> None:
    judged = two_views(target="99.9%", on_paper=on_paper, below=below)
    assert judged.worse is worse
    assert judged.verdict is judged.view(worse).verdict
    assert judged.verdict.rank == min(judged.contracted.verdict.rank, judged.achievable.verdict.rank)
    assert judged.gap == pytest.approx(0.999 - number(judged.view(worse).independent), abs=1e-12)
    assert judged.weakest == judged.view(worse).weakest


def test_both_views_of_a_chain_are_shown() -> None:
    judged = two_views(target="99.9%", on_paper="99.95%", below="99%")
    assert number(judged.contracted.independent) == 0.9995
    assert number(judged.achievable.independent) == 0.99
    assert (judged.contracted.verdict, judged.achievable.verdict) == (S, I)


# Weakest -----------------------------------------------------------------------------------------------------


def test_the_weakest_parts_are_the_three_that_cost_most_of_the_budget() -> None:
    promises = {
        name: f"availability: {100 - cost / 10}%" for name, cost in zip("abcd", (1, 4, 2, 3), strict=True)
    }
    judged = the(delivered("[a, b, c, d]", "availability: 99.9%", **promises))
    assert [(w.kind, w.id) for w in judged.weakest] == [
        (PartKind.AGREEMENT, "uc-b"),
        (PartKind.AGREEMENT, "uc-d"),
        (PartKind.AGREEMENT, "uc-c"),
    ]
    assert judged.weakest[0].share == pytest.approx(0.4, abs=0.01)
    assert judged.weakest[0].value == pytest.approx(0.996)
    assert judged.weakest[0].complement == pytest.approx(0.004)
    assert judged.weakest[0].ref == "UC b §1"


def test_an_own_part_may_be_the_weakest() -> None:
    judged = the(delivered("a", "availability: 99.9%", own="[{availability: 99%}]", a="availability: 99.99%"))
    assert (judged.weakest[0].kind, judged.weakest[0].id) == (PartKind.OWN, "s")


def test_a_missing_promise_is_the_weakest_where_it_decides() -> None:
    judged = the(
        delivered(
            "[a, x]", "availability: 99%", services=("{id: x, provider: others}",), a="availability: 99.5%"
        )
    )
    assert judged.verdict is X
    assert (judged.weakest[0].kind, judged.weakest[0].id) == (PartKind.MISSING, "x")
    assert judged.weakest[0].value is None


def test_the_weakest_part_of_a_time_is_its_largest_term() -> None:
    judged = the(delivered("[a, b]", "latency: 1 s", a="latency: 100 ms", b="latency: 300 ms"))
    assert [w.id for w in judged.weakest] == ["uc-b", "uc-a"]
    assert [w.share for w in judged.weakest] == pytest.approx([0.75, 0.25])


def test_one_agreement_on_several_components_is_named_once() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: [a, b]}",
            "{id: a, provider: them}",
            "{id: b, provider: them}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99.9%}]}",
            "{id: uc, provider: them, customer: us, covers: [a, b], targets: [{availability: 99%}]}",
        ),
    )
    (weak,) = the(portfolio).weakest
    assert (weak.id, weak.components) == ("uc", 2)
    assert weak.share == pytest.approx(1.0, abs=0.01)


def test_an_agreement_on_both_of_two_redundant_branches_costs_the_whole_once() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: {any_of: [a, b]}}",
            "{id: a, provider: them}",
            "{id: b, provider: them}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99.99999%}]}",
            "{id: uc, provider: them, customer: us, covers: [a, b], targets: [{availability: 99.9%}]}",
        ),
    )
    (weak,) = the(portfolio).weakest
    assert (weak.id, weak.components) == ("uc", 2)
    assert weak.share == pytest.approx(1.0)


# Exact ties ------------------------------------------------------------------------------------------------

TIES = [(a, b) for a in (90, 99, 99.5, 99.9, 99.95, 99.99) for b in (80, 95, 99.7, 99.93, 99.999)]


def exact_product(a: float, b: float) -> int:
    """a % times b % in units of 1e-10, exactly."""
    return round(a * 1000) * round(b * 1000)


@pytest.mark.parametrize(("a", "b"), TIES)
def test_a_product_that_equals_its_target_is_met_and_the_next_number_is_not(a, b) -> None:
    promises = {"a": f"availability: {a}%", "b": f"availability: {b}%"}
    product_ = f"0.{exact_product(a, b):010d}"
    assert the(delivered("[a, b]", f"availability: {product_}", **promises)).verdict is C
    above = f"{product_}00001"  # one unit in the fifteenth digit
    assert the(delivered("[a, b]", f"availability: {above}", **promises)).verdict is U


@pytest.mark.parametrize(("a", "b"), TIES)
def test_a_sum_of_unavailabilities_that_equals_its_target_is_met_and_the_next_number_is_not(a, b) -> None:
    promises = {"a": f"availability: {a}%", "b": f"availability: {b}%"}
    promised = 100_000 - (100_000 - round(a * 1000)) - (100_000 - round(b * 1000))
    assert the(delivered("[a, b]", f"availability: 0.{promised:05d}", **promises)).verdict is S
    assert the(delivered("[a, b]", f"availability: 0.{promised:05d}0000000001", **promises)).verdict is C


@pytest.mark.parametrize(("a", "b"), [("90%", "80%"), ("99.9%", "99.7%"), ("99.99%", "99.93%")])
def test_ties_of_success_rates_are_exact_too(a, b) -> None:
    promises = {"a": f"success_rate: {a}", "b": f"success_rate: {b}"}
    product_ = f"0.{exact_product(float(a[:-1]), float(b[:-1])):010d}"
    assert the(delivered("[a, b]", f"success_rate: {product_}", **promises)).verdict is C
    assert the(delivered("[a, b]", f"success_rate: {product_}00001", **promises)).verdict is U


def test_ties_of_times_are_exact() -> None:
    promises = {"a": "latency: 100 ms", "b": "latency: 200 ms"}  # 0.1 + 0.2 > 0.3 in doubles
    assert the(delivered("[a, b]", "latency: 300 ms", **promises)).verdict is S
    assert the(delivered("[a, b]", "latency: 299.999999999 ms", **promises)).verdict is I


def test_a_tie_inside_redundancy_is_exact() -> None:
    promises = {"a": "availability: 90%", "b": "availability: 80%", "c": "availability: 70%"}
    workflow = "[{any_of: [a, b]}, c]"  # (1 - 0.1 * 0.2) * 0.7
    assert the(delivered(workflow, "availability: 68.6%", **promises)).verdict is C
    assert the(delivered(workflow, "availability: 0.686000000000001", **promises)).verdict is U


@pytest.mark.parametrize(
    ("target", "verdict"),
    [("0.9e-13", I), ("1e-13", U), ("1.9e-13", U), ("1.99999999999999e-13", C), ("2e-13", S)],
)
def test_a_thousand_times_finer_than_the_smallest_double_beside_one_is_told_apart(target, verdict) -> None:
    """Two parts of 1e-13: guaranteed 2e-13, independent 2e-13 less 1e-26, at best 1e-13."""
    promises = dict.fromkeys("ab", "unavailability: 1e-13")
    assert the(delivered("[a, b]", f"unavailability: {target}", **promises)).verdict is verdict


def test_assessed_targets_are_listed_from_the_worst_verdict_to_the_best() -> None:
    portfolio = delivered(
        "[a, b]",
        "availability: 99.8%",
        agreements=(
            "{id: sla-0, provider: us, customer: d, covers: [s], targets: [{availability: 99.95%}]}",
            "{id: sla-1, provider: us, customer: d, covers: [s], targets: [{availability: 99.8001%}]}",
            "{id: sla-2, provider: us, customer: d, covers: [s], targets: [{availability: 99.85%}]}",
            "{id: sla-3, provider: us, customer: d, covers: [s], targets: [{availability: 50%}]}",
        ),
        **TWO,
    )
    listed = [(t.agreement.id, t.verdict) for t in assessed(portfolio).targets]
    assert listed == [("sla-0", I), ("sla-2", U), ("sla-1", C), ("sla", S), ("sla-3", S)]
