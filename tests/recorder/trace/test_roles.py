"""Who may do what, and how a name says its role."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import RoleError, UsageError
from recorder.trace.roles import RIGHTS, ROLES, demand, may, parted, with_role


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    for right, roles in RIGHTS.items():
        allowed = [role in roles for role in ROLES]
        assert allowed == sorted(allowed), right
        assert allowed[-1], right


@pytest.mark.parametrize(
    ("right", "roles"),
    [
        ("fill a card", ["interviewer", "facilitator", "admin"]),
        ("open the debrief early", ["facilitator", "admin"]),
        ("see the trace of a session", ["facilitator", "admin"]),
        ("purge", ["admin"]),
        ("export", ["admin"]),
        ("see the whole trace", ["admin"]),
    ],
)
def test_who_may(right, roles: list[str]) -> None:
    assert [role for role in ROLES if may(role, right)] == roles


def test_who_may_not_is_told_who_may() -> None:
    demand("admin", "purge")
    with pytest.raises(RoleError, match="an interviewer may not open the debrief early") as caught:
        demand("interviewer", "open the debrief early")
    assert caught.value.remedy == "a facilitator or an admin may"


@given(st.text(alphabet="abz019._-", min_size=1, max_size=32), st.sampled_from(ROLES))
def test_a_name_with_its_role_is_read_as_it_was_written(name: str, role) -> None:
    assert parted(with_role(name, role)) == (name, role)


@given(st.text(max_size=40))
def test_any_other_word_is_a_name_or_refused(word: str) -> None:
    try:
        name, role = parted(word)
    except UsageError:
        assert ":" in word
    else:
        assert role in ROLES
        assert word in {name, f"{name}:{role}"}
