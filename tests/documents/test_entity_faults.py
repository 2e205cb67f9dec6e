"""Services, agreements, targets, calendars and metrics that mean nothing are refused."""

import pytest

from olagraph.documents import InvalidPortfolio, load_text
from tests.documents.sections import RATIO_EXPECTED, agreement, service

ALIKE_EXPECTED = "expected a difference in metric, for, population, clock, window, when or strength"
EXTENT_EXPECTED = "expected exactly one of `at_most` (with `per`), `unlimited: true` and `cause`"
DURATION = "is not a duration such as 250 ms, 2 s, 15 min, 8 h, 30 d or PT8H"


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        (
            "{availability: «101%}",
            f"[0].availability: 101% is no share; {RATIO_EXPECTED}",
        ),
        (
            "{«avialability: 99%}",
            "[0]: unknown key of target 'avialability'; did you mean 'availability'?",
        ),
        (
            "{availability: 99%, «latency: 2 s}",
            "[0]: a second metric, `latency`; expected one metric a target",
        ),
        (
            "«{for: 95%}",
            "[0]: a target without a metric; expected a metric, such as `availability: 99.9%` or "
            "`latency: 2 s`",
        ),
        (
            "{latency: «2 sec}",
            f"[0].latency: '2 sec' {DURATION}",
        ),
        (
            "{latency: «-2 s}",
            "[0].latency: -2 s is negative; expected zero or more",
        ),
        (
            "{availability: «1e-99}",
            "[0].availability: '1e-99' is out of range: at most 60 digits, between 1e-40 and 1e40",
        ),
        (
            "{latency: 2 s, for: «0}",
            "[0].for: `for` not a single case; expected a fraction above 0, or mean",
        ),
        (
            "{availability: 99%, for: «95%}",
            "[0].for: `for` beside availability; expected no `for`: it belongs to the families "
            "jitter, restore, time",
        ),
        (
            "{availability: 99.9%, assume: «99%}",
            "[0].assume: `assume` beside availability 99.9%; expected it only beside a 100 % target "
            "of a ratio",
        ),
        (
            "{latency: 2 s, assume: «99%}",
            "[0].assume: `assume` beside latency 2 s; expected it only beside a 100 % target of a ratio",
        ),
        (
            "{availability: 99%}, «{unavailability: 1%, measured_at: home}",
            f": a target on availability like the one at line 11, column 36; {ALIKE_EXPECTED}",
        ),
        (
            "{availability: 99%, priority: P1, population: «P2}",
            "[0].population: both `priority` and `population`; expected one of them",
        ),
        (
            "{availability: 99%, strength: «firm}",
            "[0].strength: unknown strength 'firm'; expected one of guarantee, commitment, "
            "objective, best_effort",
        ),
        (
            "{availability: 99%, window: «fortnight}",
            "[0].window: found 'fortnight'; expected day, week, month, quarter, year, blocks such as "
            "30d, or rolling 28d",
        ),
        (
            "{resolution_time: 8 h, clock: «ofice}",
            "[0].clock: unknown calendar 'ofice'; did you mean 'office'?",
        ),
        (
            "{availability: 99%, when: {zones: «'>=many'}}",
            '[0].when.zones: >= with what is no number; expected a number, as in ">=2"',
        ),
        (
            "{availability: 99%, exclusions: [«{name: x}]}",
            f"[0].exclusions[0]: an exclusion with no extent; {EXTENT_EXPECTED}",
        ),
        (
            "{availability: 99%, exclusions: [«{at_most: 4 h, unlimited: true}]}",
            f"[0].exclusions[0]: an exclusion with `at_most` and `unlimited`; {EXTENT_EXPECTED}",
        ),
        (
            "{cost: «5 USD}",
            "[0].cost: currency USD; expected the portfolio's, EUR",
        ),
    ],
)
def test_a_target_that_promises_nothing_is_refused(faults_at, target, fault):
    faults_at(agreement(f"targets: [{target}]"), "agreements[u].targets", fault)


def test_own_parts_take_no_window(faults_of):
    (fault,) = faults_of(service("own: [{availability: 99%, window: month}]"))
    assert fault.startswith(
        "shop.yaml:10:52: services[s].own[0]: unknown key of own part 'window'; expected a metric"
    )


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (
            "customer: «nobody",
            ".customer: unknown customer or provider 'nobody'; expected one of c, p, q",
        ),
        (
            "customer: «[]",
            ".customer: an empty list; expected a list of customers, at least 1",
        ),
        (
            "covers: «b",
            ".covers: found 'b'; expected a list of services in [ ], all, or {tags: [...]}",
        ),
        (
            "covers: [b, «b]",
            ".covers: 'b' twice in one list; expected each once",
        ),
        (
            "kind: «XLA",
            ".kind: unknown kind of agreement 'XLA'; did you mean 'SLA'?",
        ),
        (
            "from: «2026-02-30",
            ".from: found '2026-02-30': day is out of range for month; expected a date such as 2026-12-31",
        ),
        (
            "from: «20260228",
            ".from: found '20260228'; expected a date such as 2026-12-31",
        ),
        (
            "from: 2026-02-01, to: «2026-01-31",
            ".to: it ends on 2026-01-31, before it begins; expected 2026-02-01 or later",
        ),
        (
            "inherits: «u",
            ".inherits: agreement 'u' inherits from itself: u -> u; expected no cycle",
        ),
        (
            "notice: «90",
            f".notice: '90' {DURATION}",
        ),
        (
            "renews: «yes",
            ".renews: found 'yes'; expected true or false",
        ),
        (
            "claim: «{within: 30d}",
            ".claim: claim without `after`; expected claim as a mapping with `within`, `after`",
        ),
        (
            "credits: [{metric: «availabilty}]",
            ".credits[0].metric: unknown metric 'availabilty'; did you mean 'availability'?",
        ),
        (
            "credits: [{metric: latency, tiers: [{above: «99%, credit: 10%}]}]",
            f".credits[0].tiers[0].above: '99%' {DURATION}",
        ),
        (
            "credits: [{metric: availability, tiers: [«{credit: 10%}]}]",
            ".credits[0].tiers[0]: a tier without a threshold; expected exactly one of `below` and `above`",
        ),
        (
            "exclusions: [{«x-note: 1, cause: customer}]",
            ".exclusions[0]: key 'x-note' in exclusion, which keeps no x- keys; expected it further out",
        ),
        (
            "hours: «8x5",
            ".hours: unknown calendar '8x5'; expected one of office",
        ),
    ],
)
def test_an_agreement_that_cannot_be_meant_is_refused(faults_at, keys, fault):
    faults_at(agreement(keys), "agreements[u]", fault)


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (
            "«nmae: x",
            ": unknown key of service 'nmae'; did you mean 'name'?",
        ),
        (
            "criticality: «6",
            ".criticality: found '6'; expected a whole number from 1 to 5",
        ),
        (
            "criticality: «'1'",
            ".criticality: found '1'; expected a whole number from 1 to 5",
        ),
        (
            "demand: «5 s",
            ".demand: '5 s' is not a rate such as 200/s, 50/min, 10/h or 5/d",
        ),
        (
            "tags: «critical",
            ".tags: found 'critical'; expected a list of tags",
        ),
        (
            "traits: {zones: «[2]}",
            ".traits.zones: found a list; expected text, a number, true or false",
        ),
        (
            "name: «~",
            ".name: found nothing; expected text",
        ),
    ],
)
def test_a_service_that_states_nonsense_is_refused(faults_at, keys, fault):
    faults_at(service(keys), "services[s]", fault)


@pytest.mark.parametrize(
    ("calendar", "fault"),
    [
        ("timezone: Europe/Londn", "unknown time zone 'Europe/Londn'; did you mean 'Europe/London'?"),
        ("timezone: ../../etc/passwd", "unknown time zone '../../etc/passwd'; expected an IANA time zone"),
        (
            "hours: {weekdays: '09:00-17:00'}",
            "unknown weekday 'weekdays'; expected a weekday or a range of them",
        ),
        ("hours: {mon: 9-17}", "found '9-17'; expected opening hours such as"),
        ("hours: {mon: '09:00-25:00'}", "no time of day in '09:00-25:00'"),
        (
            "hours: {mon: '09:00-09:00'}",
            "'09:00-09:00' opens and closes at once; expected \"00:00-24:00\" for all day",
        ),
        ("hours: {mon: '09:00-12:00', mon-fri: '11:00-17:00'}", "opening hours that overlap on mon"),
        ("hours: {sun: '22:00-06:00', mon: '05:00-17:00'}", "opening hours that overlap on mon"),
        ("hours: {}", "no opening hours"),
        ("holidays: gb", "found 'gb'; expected a public-holiday code such as GB-ENG"),
        ("holidays: [GB-ENG, 2026-13-01]", "found '2026-13-01': month must be in 1..12"),
        ("id: 24x7", "id '24x7', which needs no calendar; expected another id"),
    ],
)
def test_a_calendar_that_never_was_is_refused(calendar, fault):
    stated = {"id": "k", "timezone": "UTC", "hours": "{mon: '09:00-10:00'}"}
    key, value = calendar.split(": ", 1)
    keys = ", ".join(f"{key}: {value}" for key, value in {**stated, key: value}.items())
    with pytest.raises(InvalidPortfolio) as raised:
        load_text(f"olagraph: 1\ncalendars: [{{{keys}}}]\n", "shop.yaml")
    (found,) = raised.value.faults
    assert fault in str(found)


@pytest.mark.parametrize(
    ("metric", "fault"),
    [
        (
            "id: availability, unit: ratio, family: none",
            "'availability' is a built-in metric; expected another name",
        ),
        (
            "id: packet_loss, unit: ratio, family: none",
            "'packet_loss' is a built-in metric; expected another name",
        ),
        ("id: priority, unit: ratio, family: none", "'priority' means something else in a target"),
        ("id: x-ray, unit: ratio, family: none", "'x-ray' means something else in a target"),
        (
            "id: own, unit: ratio, family: succes_rate",
            "unknown rule family 'succes_rate'; did you mean 'success_rate'?",
        ),
        ("id: own, unit: furlong, family: none", "unknown unit 'furlong'; expected one of ratio, s, 1/s"),
        ("id: own, unit: s, family: success_rate", "unit s with family success_rate; expected ratio"),
        ("id: own, unit: s, family: time", "higher with family time; expected lower"),
        (
            "id: own, unit: s, family: none, complement: not_own",
            "a complement of a metric in s; expected unit ratio",
        ),
    ],
)
def test_a_metric_that_no_family_composes_is_refused(faults_of, metric, fault):
    (found,) = faults_of(f"metrics: [{{{metric}, better: higher}}]")
    assert fault in found


def test_two_metrics_share_no_name(faults_of):
    (found,) = faults_of(
        """
        metrics:
          - {id: kept, unit: ratio, better: higher, family: none}
          - {id: held, unit: ratio, better: higher, family: none, complement: kept}
        """
    )
    assert (
        found
        == "shop.yaml:8:10: metrics[held]: 'kept' is a name of metric 'kept' already; expected each name once"
    )
