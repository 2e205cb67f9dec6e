"""An agreement's explanation: why it got its verdicts, step by step."""

from playwright.sync_api import expect

from olagraph.documents import load
from tests.web.conftest import FIXTURES
from tests.web.serving import Site
from tests.web.visiting import Visitor


def test_a_target_on_the_board_leads_to_its_explanation(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(bank.url)
    page.get_by_role("link", name="sla-instant-corporate").click()
    expect(page).to_have_url(
        f"{bank.url}/agreement/sla-instant-corporate?service=instant-transfer&metric=availability"
    )
    expect(page).to_have_title("sla-instant-corporate – olagraph")
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "Instant transfer: availability 99.7% a month"
    )
    expect(page.get_by_text("and cannot hold: 99.5% (3 h 36 min) at the very best.")).to_be_visible()
    contracted = page.get_by_role("row", name="Contracted")
    achievable = page.get_by_role("row", name="Achievable decides")
    for row, values in (
        (contracted, ("Supported", "99.7% (2 h 10 min)", "99.7003% (2 h 9 min)", "99.9% (43 min)")),
        (achievable, ("Infeasible", "99.28% (5 h 11 min)", "99.28% (5 h 10 min)", "99.5% (3 h 36 min)")),
    ):
        for value in values:
            expect(row).to_contain_text(value)
    expect(page.get_by_text("69%").first).to_be_visible()
    expect(page.get_by_role("heading", name="6 clauses it rests on")).to_be_visible()
    expect(page.get_by_role("heading", name="2 findings on this agreement")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{bank.url}/")


def test_the_composition_folds_and_unfolds_by_keyboard(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(f"{bank.url}/agreement/sla-card-merchants?service=card-payment&metric=availability")
    tree = page.get_by_role("treegrid", name="Composition, contracted")
    steps = tree.locator("tbody tr")
    expect(steps).to_have_count(9)
    steps.first.focus()
    for key, label in (
        ("ArrowDown", "sequence"),
        ("End", "the own part"),
        ("Home", "Card payment"),
        ("ArrowRight", "sequence"),
        ("ArrowRight", "Channel API"),
        ("ArrowLeft", "sequence"),
    ):
        page.keyboard.press(key)
        expect(tree.locator("tr:focus")).to_contain_text(label)
    page.keyboard.press("ArrowLeft")
    sequence = tree.locator("tr:focus")
    expect(sequence).to_have_attribute("aria-expanded", "false")
    expect(steps).to_have_count(3)
    sequence.get_by_role("button", name="6 steps hidden: show").click()
    expect(steps).to_have_count(9)


def test_the_views_have_compositions_of_their_own(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(f"{bank.url}/agreement/sla-instant-corporate")
    expect(page.get_by_role("tab", name="Achievable")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Contracted").click()
    tree = page.get_by_role("treegrid", name="Composition, contracted")
    tree.get_by_role("link", name="ola-screening").click()
    expect(page).to_have_url(f"{bank.url}/agreement/ola-screening")
    expect(page.get_by_role("heading", level=1)).to_have_text("ola-screening")


def test_one_of_several_targets_is_chosen(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(f"{bank.url}/agreement/sla-settlement-treasury")
    choices = page.get_by_role("navigation", name="Targets of this agreement")
    expect(choices.get_by_role("listitem")).to_have_count(4)
    expect(choices.locator("[aria-current]")).to_contain_text("availability 99.5% a month")
    choices.get_by_role("link", name="rto 4 h").click()
    expect(page.get_by_role("heading", name="Daily settlement: rto 4 h")).to_be_visible()
    expect(choices.locator("[aria-current]")).to_contain_text("rto 4 h")


def test_one_of_several_points_on_a_service_and_metric_is_scrolled_to(visitor: Visitor, bank: Site) -> None:
    bank.write(load(str(FIXTURES / "service-desk.yaml")), id="desk")
    page = visitor.visit(f"{bank.url}/agreement/sla-hardware?portfolio=desk")
    choices = page.get_by_role("navigation", name="Targets of this agreement")
    expect(choices.locator("[aria-current]")).to_contain_text("Unsupported")
    choices.get_by_role("link", name="60 h for 78% of P3").click()
    expect(choices.locator("[aria-current]")).to_contain_text("60 h for 78% of P3")
    expect(page.get_by_role("heading", name="resolution time 60 h for 78% of P3")).to_be_in_viewport()


def test_an_agreement_leads_to_what_happens_if_its_provider_fails(visitor: Visitor, bank: Site) -> None:
    page = visitor.visit(f"{bank.url}/agreement/uc-interclear-gateway")
    page.get_by_role("link", name="if it fails").click()
    expect(page).to_have_url(f"{bank.url}/outage?provider=interclear")
    expect(page.get_by_text("services down")).to_be_visible()
