"""Who is told that somebody is in danger, who is next, and that it never falls silent by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.casework.alerting import (
    LASTS,
    QUICK_ROUNDS,
    SLOW,
    Step,
    begin,
    go_on,
    in_line,
    name_of,
    remind,
    seen_as,
)
from bot.casework.model import INDEPENDENT_TEAM, ORGANISATION, Member, Membership, Role

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PAUSE = timedelta(minutes=10)


def member(id_, role, team=ORGANISATION, **how):
    return Member(id_, id_, (Membership(team, role),), **({"linked": True} | how))


OLU = member("olu", Role.ON_DUTY)
RUTH = member("ruth", Role.LEAD, "rowan")
SUNIL = member("sunil", Role.LEAD, "north")
GRACE = member("grace", Role.SENIOR)
HELEN = member("helen", Role.INDEPENDENT)
DAVE = member("dave", Role.ANSWERER, "rowan")
RITA = member("rita", Role.READER, "rowan")
ALL = (OLU, RUTH, SUNIL, GRACE, HELEN, DAVE, RITA)


def told(able, team="rowan", rounds=6):
    """Who is told at each step, from the first on."""
    telling = begin(able, team, NOW, PAUSE)
    steps = [telling.who]
    for n in range(1, rounds):
        telling = go_on(telling.step, able, team, NOW, NOW + n * PAUSE, PAUSE)
        steps.append(telling.who)
    return steps


def test_it_goes_from_those_on_duty_up_and_then_to_all_of_them_again_and_again():
    everyone = ("grace", "helen", "olu", "ruth")
    assert told(ALL) == [("olu",), ("ruth",), ("grace",), ("helen",), everyone, everyone]


def test_a_step_with_nobody_is_passed_over_at_once():
    assert told((RUTH, HELEN), rounds=3) == [("ruth",), ("helen",), ("helen", "ruth")]
    assert begin((HELEN,), "rowan", NOW, PAUSE).step == Step.INDEPENDENT


def test_nobody_who_cannot_be_reached_is_waited_for():
    unlinked = member("olu", Role.ON_DUTY, linked=False)
    mailed = member("mo", Role.ON_DUTY, linked=False, mailed=True)
    assert begin((unlinked, RUTH), "rowan", NOW, PAUSE).who == ("ruth",)
    assert begin((unlinked, mailed, RUTH), "rowan", NOW, PAUSE).who == ("mo",)


@pytest.mark.parametrize(
    "able", [(), (DAVE, RITA), (SUNIL,), (member("x", Role.SENIOR, linked=False),)]
)
def test_with_nobody_in_line_nothing_begins(able):
    assert not in_line(able, "rowan")
    assert begin(able, "rowan", NOW, PAUSE) is None


def test_outside_every_team_only_the_independent_are_told():
    assert told(ALL, INDEPENDENT_TEAM, rounds=2) == [("helen",), ("helen",)]


def test_each_step_comes_after_the_pause():
    assert begin(ALL, "rowan", NOW, PAUSE).next_at == NOW + PAUSE
    late = NOW + timedelta(hours=3)  # the machine was off: one step, and then the pause again
    telling = go_on(Step.ON_DUTY, ALL, "rowan", NOW, late, PAUSE)
    assert (telling.step, telling.next_at) == (Step.LEAD, late + PAUSE)


def test_rounds_become_slower_and_end_after_a_day():
    last_quick = Step.EVERYONE + QUICK_ROUNDS - 1
    assert go_on(last_quick - 1, ALL, "rowan", NOW, NOW, PAUSE).next_at == NOW + PAUSE
    assert go_on(last_quick, ALL, "rowan", NOW, NOW, PAUSE).next_at == NOW + SLOW
    ended = go_on(last_quick, ALL, "rowan", NOW, NOW + LASTS, PAUSE)
    assert (ended.who, ended.next_at) == ((), None)


def test_when_all_have_become_unreachable_it_is_looked_at_again_all_the_same():
    telling = go_on(Step.LEAD, (), "rowan", NOW, NOW + PAUSE, PAUSE)
    assert (telling.who, telling.next_at) == ((), NOW + 2 * PAUSE)
    assert go_on(telling.step, ALL, "rowan", NOW, NOW + 2 * PAUSE, PAUSE).who


def test_said_again_it_goes_to_those_who_were_told_last():
    assert remind(Step.LEAD, ALL, "rowan") == ("ruth",)
    assert remind(Step.LEAD, (HELEN,), "rowan") == ("helen",)
    assert remind(Step.LEAD, (), "rowan") == ()


@pytest.mark.parametrize(
    ("who", "named"),
    [(OLU, "on-duty"), (RUTH, "lead"), (GRACE, "senior"), (HELEN, "independent"), (DAVE, "staff")],
)
def test_who_has_seen_it_is_named_by_the_role_towards_this_concern(who, named):
    assert seen_as(who, "rowan") == named
    assert seen_as(SUNIL, "rowan") == "staff"


def test_steps_have_names_for_the_audit():
    assert [name_of(step) for step in (0, 3, 4, 9)] == [
        "on-duty",
        "independent",
        "everyone",
        "everyone",
    ]
