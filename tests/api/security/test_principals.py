"""Roles, what they may do, and that another tenant's portfolio cannot be told from none."""

from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph_api.security.authorization import authorize, authorize_store, visible_tenants
from olagraph_api.security.errors import Forbidden, PortfolioNotFound
from olagraph_api.security.principals import LEAST_ROLE, STORE_WIDE, Permission, Principal, Role

IN_PORTFOLIO = [permission for permission in Permission if permission not in STORE_WIDE]


def principal(role: Role, *portfolios: str) -> Principal:
    return Principal(id="key:1", name="One", role=role, portfolios=frozenset(portfolios))


@dataclass(frozen=True)
class Tenant:
    id: str


def test_roles_are_ordered_by_rank_and_not_by_the_alphabet():
    assert sorted(["admin", "viewer", "editor"], key=lambda name: Role(name).rank) == [
        "viewer",
        "editor",
        "admin",
    ]
    assert Role.VIEWER < Role.EDITOR < Role.ADMIN
    assert max(Role) is Role.ADMIN
    for one, other in product(Role, Role):
        assert (one < other, one <= other, one > other, one >= other) == (
            one.rank < other.rank,
            one.rank <= other.rank,
            one.rank > other.rank,
            one.rank >= other.rank,
        )


def test_a_role_is_not_compared_with_what_is_none():
    with pytest.raises(ValueError, match="'owner' is not a valid Role"):
        assert Role.ADMIN > "owner"


def test_every_permission_has_a_least_role():
    assert set(LEAST_ROLE) == set(Permission)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, {Permission.READ}),
        (Role.EDITOR, {Permission.READ, Permission.WRITE}),
        (Role.ADMIN, set(Permission)),
    ],
)
def test_each_role_may_what_the_table_says(role, allowed):
    assert {permission for permission in Permission if principal(role, "*").may(permission)} == allowed


@given(st.sampled_from(Role), st.sampled_from(IN_PORTFOLIO), st.sampled_from(["cards", "nowhere"]))
def test_a_portfolio_of_another_tenant_is_refused_like_one_that_is_not_there(role, permission, portfolio):
    """Whatever the role, and before it: a refusal for lack of a role would tell that there is something."""
    with pytest.raises(PortfolioNotFound) as refusal:
        authorize(principal(role, "bank"), permission, portfolio=portfolio)
    assert str(refusal.value) == f"there is no portfolio '{portfolio}'"


def test_a_role_too_low_is_told_what_it_takes():
    with pytest.raises(Forbidden, match=r"^to write takes the role editor; yours is viewer$"):
        authorize(principal(Role.VIEWER, "bank"), Permission.WRITE, portfolio="bank")


@given(st.sampled_from(Role), st.sampled_from(IN_PORTFOLIO))
def test_in_a_portfolio_granted_the_role_decides(role, permission):
    for granted in ("bank", "*"):
        who = principal(role, granted)
        if role >= LEAST_ROLE[permission]:
            authorize(who, permission, portfolio="bank")
        else:
            with pytest.raises(Forbidden):
                authorize(who, permission, portfolio="bank")


@pytest.mark.parametrize("permission", sorted(STORE_WIDE))
def test_an_admin_of_one_tenant_may_do_nothing_to_the_store(permission):
    authorize_store(principal(Role.ADMIN, "*"), permission)
    with pytest.raises(Forbidden, match="takes a grant of every portfolio"):
        authorize_store(principal(Role.ADMIN, "bank", "cards"), permission)
    with pytest.raises(Forbidden, match="takes the role admin; yours is editor"):
        authorize_store(principal(Role.EDITOR, "*"), permission)


def test_what_is_a_matter_of_one_portfolio_is_not_decided_for_the_store():
    with pytest.raises(ValueError, match="to read is a matter of one portfolio"):
        authorize_store(principal(Role.ADMIN, "*"), Permission.READ)


def test_the_list_of_tenants_shows_only_those_granted():
    tenants = [Tenant("bank"), Tenant("cards"), Tenant("desk")]
    assert visible_tenants(principal(Role.ADMIN, "desk", "bank"), tenants) == (Tenant("bank"), Tenant("desk"))
    assert visible_tenants(principal(Role.VIEWER, "*"), tenants) == tuple(tenants)
    assert visible_tenants(principal(Role.ADMIN), tenants) == ()


def test_whoever_uses_the_machine_may_do_everything():
    local = Principal.local("ana")
    assert all(map(local.may, Permission))
    assert local.sees("anything")
    assert (local.id, local.name) == ("local", "ana")
