"""Concerns that come close together from one team are one run, told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.casework.clusters import WITHIN, Sent, runs

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def sent(*hours: float, team: str = "rowan", in_danger: bool = False) -> list[Sent]:
    return [Sent(team, START + timedelta(hours=one), in_danger) for one in hours]


def test_three_within_four_hours_are_a_run():
    (run,) = runs(sent(0, 2, 4), "rowan")
    assert (run.count, run.since, run.last) == (3, START, START + timedelta(hours=4))
    assert run.until == START + timedelta(hours=4) + WITHIN


def test_two_are_none_and_three_over_a_longer_time_are_none():
    assert runs(sent(0, 1), "rowan") == []
    assert runs(sent(0, 2, 4.1), "rowan") == []


def test_a_run_may_begin_with_a_later_one():
    (run,) = runs(sent(0, 3, 5, 6.5), "rowan")
    assert run.since == START + timedelta(hours=3)


def test_other_teams_do_not_count():
    assert runs([*sent(0, 1), *sent(2, team="north")], "rowan") == []


def test_what_comes_soon_after_belongs_to_the_run_that_was_told():
    (run,) = runs(sent(0, 1, 2), "rowan")
    assert runs(sent(0, 1, 2, 3, 4, 5), "rowan", run.until) == []
    assert len(runs(sent(0, 1, 2, 3, 4, 5), "rowan")) == 1


def test_after_that_a_new_run_is_told_again():
    first, second = runs(sent(0, 1, 2, 6.5, 7, 8), "rowan")
    assert (first.count, second.count) == (3, 3)
    assert runs(sent(0, 1, 2, 6.5, 7, 8), "rowan", first.until) == [second]


def test_danger_in_one_of_them_is_known():
    assert runs([*sent(0, 1), *sent(2, in_danger=True)], "rowan")[0].in_danger
    assert not runs(sent(0, 1, 2), "rowan")[0].in_danger
