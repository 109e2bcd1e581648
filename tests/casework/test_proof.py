"""What a receipt's code is, and what each move of a concern means for what was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.casework.life import Sent, decide, open_concern
from bot.casework.model import Act, Event, Result
from bot.casework.proof import promises, receipt_code, same_code
from bot.casework.working_days import Calendar

CALENDAR = Calendar("Europe/London", frozenset())
SENT_AT = datetime(2026, 11, 23, 10, tzinfo=UTC)  # a Monday
NEW = open_concern(Sent("c" * 32, "H-7K2M-9QXP", "willow"), CALENDAR, SENT_AT)


def after(concern, act, days, *, by="staff", **more):
    """The concern after an act so many days after it was sent, and what is noted of it."""
    now = SENT_AT + timedelta(days=days)
    moved = decide(concern, Event(act, by, **more), CALENDAR, now).concern
    return moved, promises(concern, moved, CALENDAR, by_staff=by is not None)


def test_a_code_belongs_to_one_concern_and_moment():
    code = receipt_code("c" * 32, "H-7K2M-9QXP", SENT_AT)
    assert code == "DJ53A-W9B2G"  # it can never change: people hold it
    others = [
        receipt_code("d" * 32, "H-7K2M-9QXP", SENT_AT),
        receipt_code("c" * 32, "H-7K2M-9QXQ", SENT_AT),
        receipt_code("c" * 32, "H-7K2M-9QXP", SENT_AT + timedelta(microseconds=1)),
    ]
    assert code not in others
    assert same_code(code.lower().replace("-", " ").replace("1", "l"), code)
    assert not same_code(others[0], code)


def test_an_acknowledgement_in_time_keeps_its_promise():
    """That of an answer was made with the receipt, so it is not made again."""
    _, noted = after(NEW, Act.ACKNOWLEDGE, 1)
    assert noted == (("promise-kept", "acknowledge:2026-11-26"),)


def test_a_missed_date_is_a_broken_promise_and_a_new_one():
    missed, noted = after(NEW, Act.TIME, 4, by=None)
    assert noted[0] == ("promise-broken", "acknowledge:2026-11-26")
    assert noted[1][0] == "promise-made"
    assert after(missed, Act.ACKNOWLEDGE, 5)[1] == ()  # late: it keeps nothing


def test_several_missed_at_once_are_counted():
    _, noted = after(NEW, Act.TIME, 30, by=None)
    assert noted[0][1].startswith("acknowledge:2026-11-26 times:")


def test_a_promised_change_is_made_and_kept_or_broken():
    by = datetime(2026, 12, 14, tzinfo=UTC).date()
    known, _ = after(NEW, Act.ACKNOWLEDGE, 1)
    told, noted = after(known, Act.RECORD_OUTCOME, 2, result=Result.WILL_CHANGE, by_date=by)
    assert ("promise-made", "change:2026-12-14") in noted
    assert ("promise-kept", "answer:2026-11-30") in noted
    _, noted = after(told, Act.RECORD_OUTCOME, 3, result=Result.CHANGED)
    assert noted == (("promise-kept", "change:2026-12-14"),)
    _, noted = after(told, Act.RECORD_OUTCOME, 3, result=Result.NOT_CHANGED)
    assert noted == (("promise-ended", "change:2026-12-14"),)
    waits = replace(told, state="promised", due=None)
    assert promises(told, waits, CALENDAR, by_staff=False) == ()


def test_taking_it_back_ends_what_was_owed():
    _, noted = after(NEW, Act.WITHDRAW, 1, by=None)
    assert noted == (("promise-ended", "acknowledge:2026-11-26"),)


def test_a_pause_moves_a_date_and_its_end_keeps_it():
    by = SENT_AT.date() + timedelta(days=14)
    known, _ = after(NEW, Act.ACKNOWLEDGE, 1)
    paused, noted = after(known, Act.PAUSE, 2, by_date=by)
    assert [one[0] for one in noted] == ["promise-moved", "promise-made"]
    _, noted = after(paused, Act.TIME, 15, by=None)
    assert noted[0] == ("promise-kept", f"resume:{by}")


def test_what_owes_nothing_new_notes_nothing():
    _, noted = after(NEW, Act.ADD, 1, by=None)
    assert noted == ()
