"""Who may ever read, who answers at a level, and what stops the start."""

from __future__ import annotations

from itertools import combinations

import pytest

from bot.casework.access import (
    Action,
    at_level,
    level_of,
    level_reached,
    may,
    missing_roles,
    reaches_someone,
    readers,
)
from bot.casework.model import INDEPENDENT_TEAM, Decision, Level, Role, TellPerson
from bot.casework.who import with_who
from bot.dialogue.model import Place
from tests.casework.cases import STAFF, member, sent

PLACES = (Place("elm", "Elm Ward"), Place("oak", "Oak Team"))
WHOLE = {"priya", "sam-j", "sam-o", "steve", "gupta", "duty", "liz", "ruth"}


def test_readers_are_the_team_and_the_organisation_roles():
    assert readers(STAFF, "elm", ()) == WHOLE


def test_the_excluded_and_the_unkeyed_are_never_readers():
    staff = (*STAFF, member("new", "Nia Pugh", "elm", keyed=False))
    assert readers(staff, "elm", {"priya", "gupta"}) == WHOLE - {"priya", "gupta"}


def test_a_concern_kept_from_every_team_is_read_by_the_independent_alone():
    assert readers(STAFF, INDEPENDENT_TEAM, ()) == {"liz", "ruth"}
    assert readers(STAFF, INDEPENDENT_TEAM, {"liz"}) == {"ruth"}


def test_with_nobody_left_there_is_no_reader_and_that_is_said():
    assert not readers(STAFF, INDEPENDENT_TEAM, {"liz", "ruth"})
    assert not reaches_someone(STAFF, INDEPENDENT_TEAM, {"liz", "ruth"})
    assert reaches_someone(STAFF, "elm", {"liz", "ruth"})


@pytest.mark.parametrize(
    ("level", "answerable"),
    [
        (Level.TEAM, {"priya", "sam-j", "steve"}),
        (Level.LEAD, {"steve"}),
        (Level.SENIOR, {"gupta"}),
        (Level.INDEPENDENT, {"liz", "ruth"}),
    ],
)
def test_each_level_has_its_people(level, answerable):
    assert at_level(STAFF, "elm", level, ()) == answerable


def test_a_level_that_is_left_out_passes_to_the_next_one_up():
    assert at_level(STAFF, "elm", Level.LEAD, {"steve"}) == {"gupta"}
    assert at_level(STAFF, "elm", Level.LEAD, {"steve", "gupta"}) == {"liz", "ruth"}
    assert level_reached(STAFF, "elm", Level.LEAD, {"steve"}) is Level.SENIOR


def test_above_the_top_it_falls_to_the_nearest_below():
    assert at_level(STAFF, "elm", Level.INDEPENDENT, {"liz", "ruth"}) == {"gupta"}


def test_no_level_ever_names_the_excluded_or_anyone_without_a_key():
    ids = [one.id for one in STAFF]
    for out in (set(some) for n in range(4) for some in combinations(ids, n)):
        for team in ("elm", "oak", INDEPENDENT_TEAM):
            readable = readers(STAFF, team, out)
            assert not readable & out
            assert all(at_level(STAFF, team, level, out) <= readable for level in Level)


def test_readers_read_and_only_answerers_act():
    people = {one.id: one for one in STAFF}
    assert may(people["sam-o"], "elm", Action.READ)
    assert not may(people["sam-o"], "elm", Action.ACKNOWLEDGE)
    assert not may(people["duty"], "elm", Action.ANSWER)
    for one in ("steve", "gupta", "liz"):
        assert all(may(people[one], "elm", action) for action in Action)
    for_heads = {Action.PUBLISH, Action.EXPORT, Action.GIVE_ACCESS}
    assert {one for one in Action if not may(people["priya"], "elm", one)} == for_heads
    assert not any(may(people["zoe"], "elm", action) for action in Action)
    assert not any(may(people["gupta"], INDEPENDENT_TEAM, action) for action in Action)


def test_the_start_is_refused_for_every_missing_role():
    assert missing_roles(STAFF, PLACES) == []
    for gone, gap in (
        ("steve", "Elm Ward has no lead with a key."),
        ("gupta", "Nobody with a key has the senior role."),
        ("liz", "The independent role needs 2 people with keys who are in no team. It has 1."),
    ):
        assert missing_roles([one for one in STAFF if one.id != gone], PLACES) == [gap]


def test_a_team_of_readers_cannot_start():
    staff = [one for one in STAFF if one.id not in {"zoe", "ward"}]
    staff.append(member("r", "Rae", "oak", Role.READER))
    assert missing_roles(staff, PLACES) == [
        "Oak Team has nobody with a key who may answer.",
        "Oak Team has no lead with a key.",
    ]


def test_the_words_name_the_level_that_is_really_reached():
    concern = sent()
    told = Decision(concern, (TellPerson("push.reopened.same", {}),))
    (tell,) = with_who(told, None, STAFF, {"priya", "sam-j", "steve"}).tells
    assert tell.key == "push.reopened.same.senior"


def test_who_acknowledged_is_named_by_role():
    told = Decision(sent(), (TellPerson("push.acknowledged", {}),))
    (tell,) = with_who(told, STAFF[3], STAFF, ()).tells
    assert tell.key == "push.acknowledged.lead"
    assert level_of(STAFF[8], "elm") is Level.INDEPENDENT
