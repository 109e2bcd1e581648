"""Nobody acts for thirty days: every promise is owned up to on its day, each step up is told, and
no phone rings at night but for danger."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from tests.turns.built import copied
from tests.turns.thirty_days import (
    ANN,
    BEA,
    BEGINS,
    CAL,
    DAYS,
    DEE,
    EVE,
    FAY,
    PEOPLE,
    STAFF,
    silence,
)

DAVE, RUTH, GRACE, HELEN, TOM, RITA, SUNIL = STAFF
LEAD, SENIOR, OUTSIDE = "leads the team", "senior staff", "independent people"
LAST, WAYS = "last people", "PALS"


def december(*days):
    return [date(2026, 12, day) for day in days]


# All began on Thursday 26 November: three working days, seven days, then every week.
SILENCE = december(1, 3, 10, 17, 24)
# What each person was told, by day: a word of whom it has gone to, or what else was said.
TOLD = {
    # Nobody took it: since the second handover it is the lead's, so the next above is the senior.
    ANN: dict(zip(SILENCE, (SENIOR, OUTSIDE, LAST, LAST, LAST), strict=True)),
    BEA: dict(zip(SILENCE, (SENIOR, OUTSIDE, LAST, LAST, LAST), strict=True)),
    CAL: dict(zip(SILENCE, (LAST,) * 5, strict=True)),
    EVE: {
        date(2026, 11, 27): "they have not opened it",
        **dict(zip(SILENCE, (SENIOR, OUTSIDE, LAST, LAST, LAST), strict=True)),
    },
    # Paused until the 8th; then three working days, three more, and every week.
    DEE: dict(zip(december(8, 11, 16, 23), ("is over", LEAD, SENIOR, OUTSIDE), strict=True)),
    # Asked once if it answered them; a change was promised by the 10th.
    FAY: dict(
        zip(december(3, 10, 15, 22), ("Did it answer you", LEAD, SENIOR, OUTSIDE), strict=True)
    ),
}
WAYS_ON = {
    **dict.fromkeys((ANN, BEA, CAL, EVE), december(3, 17)),
    DEE: december(16),
    FAY: december(15),
}
# Which staff hear at once that a date passed, in its order.
UP = {
    **{chat: [{GRACE}, *([{HELEN, TOM}] * 4)] for chat in (ANN, BEA, EVE)},
    CAL: [{HELEN, TOM}] * 5,
    DEE: [{RUTH}, {GRACE}, {HELEN, TOM}],
    FAY: [{RUTH}, {GRACE}, {HELEN, TOM}],
}


@pytest.fixture(scope="module")
def month(pattern, tmp_path_factory):
    folder = tmp_path_factory.mktemp("month") / "trust"

    async def live():
        async with copied(pattern, folder) as world:
            return await silence(world)

    with ThreadPoolExecutor(1) as apart:  # pytest's own loop stays out of it
        return apart.submit(asyncio.run, live()).result()


def test_what_was_told_when(month, capsys):
    with capsys.disabled():
        print(f"\n{month.table()}\n{len(month.rang)} messages, {month.ticks} ticks")
    assert set(month.references) == set(PEOPLE)


@pytest.mark.parametrize("chat", PEOPLE, ids=PEOPLE.values())
def test_each_person_hears_on_each_promised_day_whom_it_has_gone_to(month, chat):
    told = month.told(chat)
    assert [day for day, _ in told] == list(TOLD[chat])
    for day, text in told:
        assert TOLD[chat][day] in text, day
        assert month.references[chat] in text
    assert [day for day, text in told if WAYS in text] == WAYS_ON[chat]


@pytest.mark.parametrize("chat", PEOPLE, ids=PEOPLE.values())
def test_each_word_names_the_day_of_the_next_and_that_day_is_kept(month, chat):
    told, days = month.told(chat), [day for day, _ in month.told(chat)]
    for (day, text), following in zip(told, days[1:], strict=False):
        assert f"{following.day} {following:%B}" in text, day
    at = [
        one.here for one in month.to(chat) if one.seen.text.endswith(("Tap to read.", "read it."))
    ]
    assert [one.date() for one in at] == days


@pytest.mark.parametrize("chat", PEOPLE, ids=PEOPLE.values())
def test_whoever_is_next_is_told_on_each_day_that_was_missed(month, chat):
    missed = ("no word to the person by", "a change was promised by")
    by_day = {}
    for who, day, text in month.lines_about(chat):
        if any(one in text for one in missed):
            by_day.setdefault(day, set()).add(who)
    assert list(by_day.values()) == UP[chat]
    passed = [day for day in TOLD[chat] if day not in _not_missed(chat)]
    assert list(by_day) == passed
    assert [one.rpartition(":")[2] for one in month.broken[chat]] == list(map(str, passed))


def _not_missed(chat):
    """Days on which something was told that nobody had failed to do."""
    return {DEE: december(8), FAY: december(3), EVE: [date(2026, 11, 27)]}.get(chat, [])


def test_what_nobody_takes_is_the_leads_after_two_handovers_and_seniors_hear_after_three(month):
    untaken = "nobody has taken it"
    for chat, first in ((ANN, 28), (BEA, 27), (EVE, 28)):
        lines = [(who, day) for who, day, text in month.lines_about(chat) if untaken in text]
        assert lines == [
            (RUTH, date(2026, 11, first)),
            (GRACE, date(2026, 11, first + 1)),
        ]
    for chat in (CAL, DEE, FAY):
        assert not any(untaken in text for _, _, text in month.lines_about(chat))


def test_danger_goes_up_every_ten_minutes_at_night_and_its_person_hears_the_truth(month):
    first = {}
    for one in month.rang:
        if "I have seen this" in one.seen.buttons:
            first.setdefault(one.who, (one.at - BEGINS) // timedelta(minutes=1))
    assert first == {RITA: 0, RUTH: 10, GRACE: 20, HELEN: 30, TOM: 30}
    said = [one for one in month.to(BEA) if one.seen.lane == 0]
    news = Counter(one.first.partition(": ")[2].partition(".")[0] for one in said)
    assert list(news) == [
        "nobody has answered yet",
        "still nobody has answered",
        "nobody has answered for a day",
    ]
    assert all("999" in one.seen.text for one in said)
    assert (said[-1].at - BEGINS) == timedelta(hours=24)
    assert news["nobody has answered for a day"] == 1
    assert not any(one.at > said[-1].at and one.seen.lane == 0 for one in month.rang)


def test_no_phone_rings_at_night_but_for_danger(month):
    night = [
        (one.here, one.who, one.first)
        for one in month.rang
        if one.seen.lane != 0 and not 8 <= one.here.hour < 20
    ]
    assert night == []
    early = [one for one in month.rang if one.chat in PEOPLE and one.seen.lane != 0]
    assert all(9 <= one.here.hour < 20 for one in early)
    woken = {one.who for one in month.rang if not 8 <= one.here.hour < 20}
    assert woken == {PEOPLE[BEA], RITA, RUTH, GRACE, HELEN, TOM}


def test_every_open_concern_has_a_day_to_come_at_every_tick(month):
    assert month.dateless == []
    assert month.ticks > 500


def test_everybody_gets_one_list_at_each_handover_and_heads_one_each_week(month):
    days = [BEGINS.date() + timedelta(days=one) for one in range(DAYS)]
    for name in STAFF:
        assert [one.here.date() for one in month.lists(name)] == days, name
    mondays = [date(2026, 11, 30), *december(7, 14, 21)]
    for name in (RUTH, GRACE, HELEN, TOM, SUNIL):
        assert [one.here.date() for one in month.weekly(name)] == mondays, name
    assert month.weekly(DAVE) == month.weekly(RITA) == []


def test_lists_say_what_is_overdue_and_nobody_sees_what_they_may_not(month):
    for name in (DAVE, RUTH):
        last = month.lists(name)[-1].seen.text
        assert "Urgent: 1. Overdue: 4." in last, last
    kept = {DAVE, RUTH, GRACE, RITA, SUNIL}
    for one in month.rang:
        if one.who in kept:
            assert month.references[CAL] not in one.seen.text
        if one.who == SUNIL:
            assert not any(ref in one.seen.text for ref in month.references.values())
        if one.chat not in PEOPLE:
            assert not any(word in one.seen.text for word in ("heating", "porter", "boilers"))


def test_the_one_alarm_is_that_nobody_answered(month):
    assert set(month.alarms) == {"alert-unanswered"}
