"""The order of work and its words, without a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.casework.model import Concern, Due, DueKind, Level, State
from bot.console import phrases
from bot.console.worklist import PAGE_SIZE, Need, Tab, need, show

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday


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
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def in_london(_team: str) -> ZoneInfo:
    return LONDON


def test_what_is_late_comes_before_what_is_due_today_before_what_is_new() -> None:
    late = concern("LATE", due=Due(DueKind.ANSWER, NOW - timedelta(hours=1)))
    today = concern("TODAY", due=Due(DueKind.ANSWER, NOW + timedelta(hours=3)))
    new = concern("NEW", state=State.SENT, due=Due(DueKind.ACKNOWLEDGE, NOW + timedelta(days=2)))
    other = concern("OTHER")
    shown = show([other, new, today, late], Tab.US, 1, NOW, in_london)
    assert [each.reference for each, _ in shown.concerns] == ["LATE", "TODAY", "NEW", "OTHER"]
    assert shown.counts == {Tab.NOW: 3, Tab.US: 4, Tab.THEM: 0, Tab.CLOSED: 0}


def test_a_missed_date_stays_overdue_though_the_next_one_is_ahead() -> None:
    missed = concern(missed=1, due=Due(DueKind.UPDATE, NOW + timedelta(days=5)))
    assert need(missed, NOW, LONDON) is Need.OVERDUE


def test_an_answered_concern_waits_for_the_person_and_not_for_us() -> None:
    answered = concern(state=State.OUTCOME, due=Due(DueKind.REMIND, NOW - timedelta(days=1)))
    shown = show([answered], Tab.NOW, 1, NOW, in_london)
    assert shown.concerns == []
    assert shown.counts[Tab.THEM] == 1


def test_what_was_opened_again_needs_someone_now() -> None:
    again = concern(state=State.REOPENED, due=Due(DueKind.ANSWER, NOW + timedelta(days=5)))
    shown = show([again], Tab.NOW, 1, NOW, in_london)
    assert [needed for _, needed in shown.concerns] == [Need.AGAIN]


def test_due_today_means_the_day_where_the_team_is() -> None:
    almost_midnight = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 23:30 in London
    after_midnight = concern(due=Due(DueKind.ANSWER, almost_midnight + timedelta(hours=1)))
    assert need(after_midnight, almost_midnight, LONDON) is Need.LATER
    assert need(after_midnight, almost_midnight, ZoneInfo("UTC")) is Need.TODAY


def test_a_page_that_does_not_exist_becomes_the_last_one() -> None:
    many = [concern(f"R{number:03}") for number in range(PAGE_SIZE * 2 + 1)]
    shown = show(many, Tab.US, 99, NOW, in_london)
    assert (shown.page, shown.pages, len(shown.concerns)) == (3, 3, 1)


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
