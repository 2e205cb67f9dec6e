"""Portfolios as single entities and as changes: what stores keep and change logs tell."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olagraph.documents import InvalidPortfolio, load_text
from olagraph.documents.changes import Action, Edit, applied, difference
from olagraph.documents.entities import HEADER_KEY, KINDS, Key, document_of, entities, portfolio_of, written
from olagraph.documents.plain import Plain, decode, encode
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from olagraph.model.entities import Customer, Portfolio, Provider, ProviderKind
from olagraph.model.workflow import Sequence, Step, uses
from tests.documents.portfolio_strategies import portfolios

WHOLE = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SHOP = load_text(
    """
    olagraph: 1
    name: Shop
    currency: EUR
    providers: [{id: it, kind: internal}, {id: cloud, kind: external}]
    customers: [{id: retail}]
    calendars: [{id: office, timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}}]
    services:
      - {id: shop, provider: it, workflow: [pay, {any_of: [a, b]}], own: [{availability: 99.990%}]}
      - {id: pay, provider: cloud}
      - {id: a, provider: cloud}
      - {id: b, provider: cloud, demand: 3/s}
    agreements:
      - {id: sla, kind: SLA, provider: it, customer: retail, covers: [shop], targets: [{availability: 99.90%}]}
      - {id: uc, kind: UC, provider: cloud, customer: it, covers: [pay, a, b], targets: [{solved_at_once: 90%}]}
    metrics: [{id: solved_at_once, unit: ratio, better: higher, family: success_rate}]
    x-rate: 0.10000000000000000555
    """,
    "shop.yaml",
)


def stored(portfolio):
    """The entities of a portfolio, as they come back from where they were stored."""
    return [(key, decode(encode(plain))) for key, plain in entities(portfolio)]


def contents(portfolio):
    """What a portfolio holds, in whatever order."""
    return {key: encode(plain) for key, plain in entities(portfolio)}


def types(value):
    """A value with its types: 1, true and "1" differ."""
    if isinstance(value, dict):
        return {key: types(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(types, value))
    return type(value).__name__, value


@WHOLE
@given(portfolios())
def test_a_portfolio_is_restored_from_its_entities_as_it_was(portfolio):
    restored = portfolio_of(stored(portfolio), source="store")
    assert restored == portfolio
    assert types(restored.extra) == types(portfolio.extra)
    for one, other in zip(restored.services, portfolio.services, strict=True):
        assert types(one.traits) == types(other.traits)
        assert types(one.extra) == types(other.extra)
    # In the same words: else an edit would not find what it is to change.
    assert contents(restored) == contents(portfolio)
    # Reading with every check, which takes longer, gives the same.
    assert read_portfolio([document_of(stored(portfolio), source="store")], Reading()) == restored


def test_equal_targets_and_uses_are_restored_once_and_shared():
    own = [{"availability": "99.9%"}]
    services: list[Plain] = [
        {"id": "a", "provider": "us", "workflow": {"sequence": ["net", "b"]}, "own": own},
        {"id": "b", "provider": "us", "workflow": {"sequence": ["net"]}, "own": own},
    ]
    restored = portfolio_of(((Key("service", each["id"]), each) for each in services), source="store")
    first, second = restored.services
    assert first.own[0] is second.own[0]
    assert first.workflow is not None
    assert second.workflow is not None
    assert first.workflow == Step(of=Sequence((Step(of="net"), Step(of="b"))))
    assert next(uses(first.workflow))[0] is next(uses(second.workflow))[0]


@WHOLE
@given(portfolios(), portfolios())
def test_a_difference_turns_one_portfolio_into_the_other_and_back(one, other):
    edits = difference(one, other)
    assert difference(applied(one, edits), other) == ()
    back = tuple(Edit(edit.key, edit.after, edit.before) for edit in edits)
    assert difference(applied(other, back), one) == ()
    kept = tuple(Edit(edit.key, decode(encode(edit.before)), decode(encode(edit.after))) for edit in edits)
    assert applied(one, kept) == applied(one, edits)


@WHOLE
@given(portfolios(), st.randoms())
def test_the_order_of_entities_is_no_difference(portfolio, chance):
    shuffled = {}
    for section in ("calendars", "providers", "customers", "services", "agreements", "metrics", "incidents"):
        those = list(getattr(portfolio, section))
        chance.shuffle(those)
        shuffled[section] = tuple(those)
    assert difference(portfolio, replace(portfolio, **shuffled)) == ()


def test_entities_come_header_first_and_in_the_order_of_kinds():
    keys = [key for key, _ in entities(SHOP)]
    assert keys[0] == HEADER_KEY
    assert [KINDS.index(key.kind) for key in keys] == sorted(KINDS.index(key.kind) for key in keys)
    assert [key.id for key in keys if key.kind == "service"] == ["shop", "pay", "a", "b"]


def test_an_entity_is_written_as_in_the_file_and_with_all_digits():
    bodies = contents(SHOP)
    assert bodies[HEADER_KEY] == '{"name":"Shop","currency":"EUR","x-rate":0.10000000000000000555}'
    assert json.loads(bodies[Key("service", "shop")]) == {
        "id": "shop",
        "provider": "it",
        "workflow": {"sequence": ["pay", {"any_of": ["a", "b"]}]},
        "own": [{"availability": "99.990%"}],
    }
    assert str(Key("service", "shop")) == "service shop"
    assert str(HEADER_KEY) == "portfolio"


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.1000000000000000055511151231257827"),
        Decimal("1E+3"),
        2**63 - 1,
        "é\u2028\x85\U0001f600",
        True,
        None,
    ],
)
def test_plain_values_are_kept_exactly(value):
    (again,) = decode(encode([value]))
    assert (again, type(again), str(again)) == (value, type(value), str(value))


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x"])
def test_what_no_portfolio_holds_is_not_written(value):
    with pytest.raises(TypeError):
        encode(value)


def test_edits_say_what_becomes_of_each_entity():
    pay, *rest = SHOP.services[1:]
    other = replace(
        SHOP,
        name="Other shop",
        customers=(*SHOP.customers, Customer(id="wholesale")),
        services=(SHOP.services[0], replace(pay, name="Payment"), *rest),
        agreements=SHOP.agreements[:1],
    )
    edits = difference(SHOP, other)
    assert [(str(edit.key), edit.action) for edit in edits] == [
        ("portfolio", Action.CHANGED),
        ("customer wholesale", Action.ADDED),
        ("service pay", Action.CHANGED),
        ("agreement uc", Action.REMOVED),
    ]
    assert edits[2].before == {"id": "pay", "provider": "cloud"}
    assert edits[2].after == {"id": "pay", "name": "Payment", "provider": "cloud"}
    assert applied(SHOP, edits) == other


def test_what_edits_do_not_touch_stays_the_same_object():
    other = replace(SHOP, services=(replace(SHOP.services[0], name="Web"), *SHOP.services[1:]))
    again = applied(SHOP, difference(SHOP, other))
    assert again.agreements is SHOP.agreements
    assert all(one is two for one, two in zip(again.services[1:], SHOP.services[1:], strict=True))


def test_changed_entities_keep_their_place_and_new_ones_come_last():
    def internal(id_, name=None):
        return Provider(id=id_, kind=ProviderKind.INTERNAL, name=name)

    one = Portfolio(providers=(internal("a"), internal("b"), internal("c")))
    other = Portfolio(providers=(internal("d"), internal("c", "C"), internal("a", "A")))
    again = applied(one, difference(one, other))
    assert again.providers == (internal("a", "A"), internal("c", "C"), internal("d"))


def test_a_metric_that_comes_with_its_first_target_is_known_to_it():
    before = replace(SHOP, metrics=(), agreements=SHOP.agreements[:1])
    assert applied(before, difference(before, SHOP)) == SHOP
    assert applied(SHOP, difference(SHOP, before)) == before


@pytest.mark.parametrize(
    ("key", "body", "fault"),
    [
        (Key("service", "b"), {"id": "b"}, "services[b]: service without `provider`"),
        (
            Key("service", "b"),
            {"id": "b", "provider": "cloud", "dmand": "3/s"},
            "services[b]: unknown key of service 'dmand'",
        ),
        (Key("service", "b"), {"id": "b", "provider": "cloud", "demand": "3 apples"}, "services[b].demand: "),
        (
            Key("service", "b"),
            {"id": "b", "provider": "cloud", "workflow": {"any": ["a"]}},
            "services[b].workflow",
        ),
        (
            Key("agreement", "uc"),
            {"id": "uc", "provider": "cloud", "from": "2026-02-30"},
            "agreements[uc].from: ",
        ),
        (
            Key("agreement", "uc"),
            {"id": "uc", "provider": "cloud", "targets": [{"uptime": "9%"}]},
            "agreements[uc].targets[0]",
        ),
        (
            Key("calendar", "office"),
            {"id": "office", "timezone": "Mars/Olympus"},
            "calendars[office].timezone: ",
        ),
        (
            Key("metric", "solved_at_once"),
            {"id": "solved_at_once", "unit": "furlong"},
            "metrics[solved_at_once]",
        ),
        (HEADER_KEY, {"nmae": "Shop"}, "unknown key of a portfolio 'nmae'"),
    ],
)
def test_a_damaged_entity_is_named_with_what_is_wrong(key, body, fault):
    damaged = {**dict(stored(SHOP)), key: body}
    with pytest.raises(InvalidPortfolio) as raised:
        portfolio_of(damaged.items(), source="store")
    lines = str(raised.value).splitlines()
    assert any(line.startswith(f"store: {fault}") for line in lines), lines


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["99%", "1 s", "a", "2026-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "step", "of", "k"]), inner)
    ),
    max_leaves=4,
)


@st.composite
def damaged(draw):
    """The entities of the shop, one of them with a value replaced, removed or added somewhere."""
    whole = stored(SHOP)
    _, plain = draw(st.sampled_from(whole))
    while True:
        inner = [
            value
            for value in (plain.values() if isinstance(plain, dict) else plain)
            if value and isinstance(value, dict | list)
        ]
        if not inner or draw(st.booleans()):
            break
        plain = draw(st.sampled_from(inner))
    place = draw(st.sampled_from([*plain] if isinstance(plain, dict) else [*range(len(plain))]))
    what = draw(st.sampled_from(["replace", "remove", "add"]))
    if what == "remove":
        del plain[place]
    elif what == "replace":
        plain[place] = draw(values)
    elif isinstance(plain, dict):
        plain[draw(st.text(max_size=3))] = draw(values)
    else:
        plain.append(draw(values))
    return whole


@settings(max_examples=100)
@given(damaged())
def test_whatever_lies_in_a_store_is_a_portfolio_or_a_list_of_faults(whole):
    found: object
    try:
        found = portfolio_of(whole, source="store")
    except InvalidPortfolio as invalid:
        found = invalid.faults
    assert found


def test_writing_one_entity_needs_no_portfolio():
    assert written("customer", Customer(id="retail", name="Retail")) == {"id": "retail", "name": "Retail"}
