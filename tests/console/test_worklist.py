"""The order of work and its words, without a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.casework.model import Concern, Due, DueKind, Level, State
from bot.console import phrases
from bot.console.inbox.pages import HEADINGS, NOTHING, TABS
from bot.console.worklist import Facts, Need, Tab, need, tabs_of

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday
FACTS = Facts(NOW, LONDON)


def concern(reference: str = "AAAA-BBBB", **changes: object) -> Concern:
    plain = Concern(
        id=reference,
        reference=reference,
        team="willow",
        state=State.ACKNOWLEDGED,
        level=Level.TEAM,
        sent_at=NOW - timedelta(days=2),
        state_since=NOW - timedelta(days=1),
        due=Due(DueKind.ANSWER, NOW + timedelta(days=3)),
        acknowledged_at=NOW - timedelta(days=1),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def tabs(one: Concern, facts: Facts = FACTS) -> set[Tab]:
    return set(tabs_of(one, "anna", facts))


def test_what_is_late_comes_before_what_is_due_today_before_what_is_new() -> None:
    late = concern(due=Due(DueKind.ANSWER, NOW - timedelta(hours=1)))
    today = concern(due=Due(DueKind.ANSWER, NOW + timedelta(hours=3)))
    new = concern(state=State.SENT, due=Due(DueKind.ACKNOWLEDGE, NOW + timedelta(days=2)))
    order = [need(one, FACTS) for one in (late, today, new, concern())]
    assert order == [Need.OVERDUE, Need.TODAY, Need.NEW, Need.LATER]
    assert order == sorted(order)


def test_danger_that_nobody_acknowledged_comes_first() -> None:
    said = concern(in_danger=True, acknowledged_at=None, state=State.SENT)
    assert need(said, FACTS) is Need.URGENT == min(Need)
    assert tabs(said) == {Tab.NOW, Tab.URGENT, Tab.NEW, Tab.US}


def test_danger_is_urgent_until_somebody_acknowledges_it_or_it_ends() -> None:
    said = concern(in_danger=True)
    assert Tab.URGENT not in tabs(said)
    assert Tab.URGENT in tabs(said, replace(FACTS, unseen=True))  # said again, after that
    assert tabs(replace(said, acknowledged_at=None, state=State.WITHDRAWN)) == {Tab.CLOSED}


def test_a_missed_date_stays_overdue_though_the_next_one_is_ahead() -> None:
    missed = concern(missed=1, due=Due(DueKind.UPDATE, NOW + timedelta(days=5)))
    assert need(missed, FACTS) is Need.OVERDUE
    assert tabs(missed) == {Tab.NOW, Tab.OVERDUE, Tab.US}


def test_an_answered_concern_waits_for_the_person_and_not_for_us() -> None:
    answered = concern(state=State.OUTCOME, due=Due(DueKind.REMIND, NOW - timedelta(days=1)))
    assert tabs(answered) == {Tab.THEM}


def test_a_question_waits_for_them_but_stops_no_clock() -> None:
    asked = concern(asked_at=NOW - timedelta(days=1))
    assert tabs(asked) == {Tab.THEM}
    late = replace(asked, due=Due(DueKind.ANSWER, NOW - timedelta(hours=1)))
    assert tabs(late) == {Tab.THEM, Tab.NOW, Tab.OVERDUE, Tab.US}


def test_what_was_opened_again_needs_someone_until_they_act() -> None:
    again = concern(state=State.REOPENED, due=Due(DueKind.ANSWER, NOW + timedelta(days=5)))
    assert need(again, FACTS) is Need.AGAIN
    assert need(replace(again, asked_at=NOW), FACTS) is Need.LATER


def test_a_copy_that_is_owed_needs_someone_whatever_the_concern_waits_for() -> None:
    closed = concern(state=State.CLOSED, due=None, data_due=date(2026, 12, 1))
    assert tabs(closed) == {Tab.NOW, Tab.US, Tab.CLOSED}


def test_mine_is_what_is_open_and_mine() -> None:
    assert Tab.MINE in tabs(concern(owner_id="anna"))
    assert Tab.MINE not in tabs(concern(owner_id="ben"))
    assert Tab.MINE not in tabs(concern(owner_id="anna", state=State.CLOSED, due=None))


def test_due_today_means_the_day_where_the_team_is() -> None:
    almost_midnight = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 23:30 in London
    after_midnight = concern(due=Due(DueKind.ANSWER, almost_midnight + timedelta(hours=1)))
    assert need(after_midnight, Facts(almost_midnight, LONDON)) is Need.LATER
    assert need(after_midnight, Facts(almost_midnight, ZoneInfo("UTC"))) is Need.TODAY


def test_every_list_has_a_name_and_says_in_words_that_it_is_empty() -> None:
    assert list(TABS) == list(HEADINGS) == list(NOTHING) == list(Tab)


def test_every_state_level_and_due_has_words() -> None:
    assert set(phrases.STATES) == set(State)
    assert set(phrases.LEVELS) == set(Level)
    assert set(phrases.DUES) == set(DueKind)


def test_a_promise_that_nobody_recorded_is_not_called_a_promise() -> None:
    kept, broken = (concern(state=State.PROMISED, promised_on=on) for on in (NOW.date(), None))
    assert phrases.state_words(kept) == "Answered: a change is promised"
    assert "nobody has recorded" in phrases.state_words(broken)


def test_dates_are_said_as_people_say_them() -> None:
    today = date(2026, 11, 25)
    assert phrases.day(today) == "Wednesday 25 November"
    spoken = [phrases.distance(today + timedelta(days=n), today) for n in (-2, -1, 0, 1, 2)]
    assert spoken == ["2 days late", "1 day late", "today", "tomorrow", "in 2 days"]
    assert phrases.due_words(concern(), NOW, LONDON) == (
        "Answer promised by Saturday 28 November, in 3 days"
    )
