"""What can happen to a concern, as one table, and the dates that people are promised.

`life` carries these rows out; diagrams and tests read the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.casework.model import OPEN_STATES, Act, DueKind, Kind, Level, State


@dataclass(frozen=True, slots=True)
class Clocks:
    """The times we promise. As it stands: England. Other nations pass their own values."""

    # SI 2009/309 (England): acknowledge not later than 3 working days after receipt.
    acknowledge_working_days: int = 3
    # Our own goal, shorter than any rule: answers within 7 days read as good ones (Baines et al.
    # 2018, nineteen factors of response quality).
    answer_days: int = 7
    answer_in_working_days: bool = False
    # Our own: after a first missed date the next word comes soon, then every week.
    again_working_days: int = 3
    weekly_days: int = 7
    # Our own: an outcome without a reply is asked about once, and closed after four weeks.
    remind_days: int = 7
    close_days: int = 28
    # Our own: nothing that staff choose may keep a person waiting longer than this ...
    longest_wait_days: int = 28
    # ... except a change that they promised by a date.
    longest_promise_days: int = 366
    # SI 2009/309 (England): no answer within 6 months, the delay is explained in writing.
    explain_months: int | None = 6
    # Ways round us differ by nation; this is the wording key that names them.
    ways: str = "push.ways.england"
    # In place of working days, where a law counts all of them.
    acknowledge_days: int | None = None


ENGLAND = Clocks()


def clocks_for(kind: Kind, clocks: Clocks) -> Clocks:
    """The clocks of this kind of concern, where these are the nation's.

    Data (Use and Access) Act 2025, section 103: a complaint about data is acknowledged within 30
    days, and its outcome told without undue delay. That some word comes every 30 days is our own.
    """
    if kind is Kind.CONCERN:
        return clocks
    return replace(
        clocks,
        acknowledge_days=30,
        answer_days=30,
        answer_in_working_days=False,
        explain_months=None,
        ways="push.data.ways",
    )


class Next(StrEnum):
    """How the next contact with the person is set."""

    KEEP = "keep"  # what was promised stays promised
    ACKNOWLEDGE = "acknowledge"
    ANSWER_AS_SENT = "answer-as-sent"  # the date given at sending; later acts do not move it
    ANSWER = "answer"  # a new date, counted from now
    SOON = "soon"  # a few working days
    REMIND = "remind"
    CLOSE = "close"
    CHANGE = "change"
    RESUME = "resume"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Move:
    """One row: where a concern goes, when the person hears next, and who is told what now."""

    to: State
    next: Next
    tell: str | None = None  # to the person
    ask: str | None = None
    staff: str | None = None  # to those answerable for it afterwards, or at `staff_level`
    up: bool = False  # one level up
    staff_level: Level | None = None


_S = State
_WITHDRAW = Move(_S.WITHDRAWN, Next.NONE, "push.withdrawn", "reopen", "staff.withdrawn")
_OUTCOME = Move(_S.OUTCOME, Next.REMIND, "push.outcome", "answered")
_REOPEN_UP = Move(_S.REOPENED, Next.ANSWER, "push.reopened.up", staff="staff.reopened", up=True)
_REOPEN = Move(_S.REOPENED, Next.ANSWER, "push.reopened.same", staff="staff.reopened")
_SEND_AGAIN = Move(_S.SENT, Next.ACKNOWLEDGE, "push.sent-again", staff="staff.reopened")
_RESUME = Move(_S.LOOKING, Next.SOON, "push.resumed", staff="staff.resumed")
_PAUSE = Move(_S.PAUSED, Next.RESUME, "push.paused")
_CLOSED_ANSWERED = Move(_S.CLOSED, Next.NONE, "push.closed.answered", "reopen", "staff.satisfied")
_STANDS = Move(_S.PROMISED, Next.CHANGE, "push.promised")


def _added(state: State) -> Move:
    return Move(state, Next.KEEP, staff="staff.added")


def _higher(state: State) -> Move:
    return Move(state, Next.KEEP, "push.higher", staff="staff.higher", up=True)


def _answered(state: State, following: Next = Next.ANSWER) -> Move:
    return Move(state, following, "push.answer")


# There is something to do for whoever takes it ...
TAKEN_IN = (_S.SENT, _S.ACKNOWLEDGED, _S.LOOKING, _S.PROMISED, _S.PAUSED, _S.REOPENED)
# ... and in these nobody has acted since the person spoke: they must not stay without an owner.
NEEDS_SOMEONE = frozenset({_S.SENT, _S.REOPENED})
# A question stops no clock. Not beside "does this answer you?": two questions are one too many.
_ASKABLE = (_S.SENT, _S.ACKNOWLEDGED, _S.LOOKING, _S.PROMISED, _S.PAUSED, _S.REOPENED)
# Whom it is with changes, and nothing else; `handing` says who hears of it.
_HANDED = (Act.HAND_ON, Act.STEP_BACK)
_MERGED = Move(_S.CLOSED, Next.NONE, "push.closed.merged", staff="staff.merged")

TABLE: Mapping[tuple[State, Act], Move] = {
    (_S.SENT, Act.ACKNOWLEDGE): Move(_S.ACKNOWLEDGED, Next.ANSWER_AS_SENT, "push.acknowledged"),
    (_S.SENT, Act.ANSWER): _answered(_S.ACKNOWLEDGED),
    (_S.SENT, Act.RECORD_OUTCOME): _OUTCOME,
    (_S.SENT, Act.ADD): _added(_S.SENT),
    (_S.ACKNOWLEDGED, Act.LOOK_INTO): Move(_S.LOOKING, Next.KEEP, "push.looking"),
    (_S.ACKNOWLEDGED, Act.ANSWER): _answered(_S.ACKNOWLEDGED),
    (_S.ACKNOWLEDGED, Act.RECORD_OUTCOME): _OUTCOME,
    (_S.ACKNOWLEDGED, Act.PAUSE): _PAUSE,
    (_S.ACKNOWLEDGED, Act.ADD): _added(_S.ACKNOWLEDGED),
    # Somebody else looks into it now: no news for the person, whose date stays.
    (_S.LOOKING, Act.LOOK_INTO): Move(_S.LOOKING, Next.KEEP),
    (_S.LOOKING, Act.ANSWER): _answered(_S.LOOKING),
    (_S.LOOKING, Act.RECORD_OUTCOME): _OUTCOME,
    (_S.LOOKING, Act.PAUSE): _PAUSE,
    (_S.LOOKING, Act.ADD): _added(_S.LOOKING),
    (_S.OUTCOME, Act.ANSWER): _answered(_S.OUTCOME, Next.KEEP),
    (_S.OUTCOME, Act.RECORD_OUTCOME): _OUTCOME,
    (_S.OUTCOME, Act.SATISFIED): _CLOSED_ANSWERED,
    (_S.OUTCOME, Act.NOT_SATISFIED): _REOPEN_UP,
    # Words are a reply: it must not end as "closed, no reply".
    (_S.OUTCOME, Act.ADD): Move(_S.LOOKING, Next.ANSWER, "push.added-after", staff="staff.added"),
    (_S.PROMISED, Act.ANSWER): _answered(_S.PROMISED, Next.KEEP),
    (_S.PROMISED, Act.RECORD_OUTCOME): _OUTCOME,
    (_S.PROMISED, Act.SATISFIED): _CLOSED_ANSWERED,
    (_S.PROMISED, Act.NOT_SATISFIED): _REOPEN_UP,
    (_S.PROMISED, Act.ADD): _added(_S.PROMISED),
    (_S.PAUSED, Act.RESUME): _RESUME,
    (_S.PAUSED, Act.ANSWER): _answered(_S.LOOKING),
    (_S.PAUSED, Act.RECORD_OUTCOME): _OUTCOME,
    (_S.PAUSED, Act.ADD): _added(_S.PAUSED),
    (_S.REOPENED, Act.ACKNOWLEDGE): Move(_S.ACKNOWLEDGED, Next.KEEP, "push.acknowledged"),
    (_S.REOPENED, Act.LOOK_INTO): Move(_S.LOOKING, Next.KEEP, "push.looking"),
    (_S.REOPENED, Act.ANSWER): _answered(_S.ACKNOWLEDGED),
    (_S.REOPENED, Act.RECORD_OUTCOME): _OUTCOME,
    (_S.REOPENED, Act.PAUSE): _PAUSE,
    (_S.REOPENED, Act.ADD): _added(_S.REOPENED),
    # Buttons under an old outcome never expire, so a late answer to it still counts.
    (_S.CLOSED, Act.SATISFIED): Move(_S.CLOSED, Next.NONE, "push.closed.answered", "reopen"),
    (_S.CLOSED, Act.NOT_SATISFIED): _REOPEN_UP,
    (_S.CLOSED, Act.REOPEN): _REOPEN,
    (_S.CLOSED, Act.ADD): _REOPEN,
    # It may have been taken back before anybody acknowledged it: it begins again.
    (_S.WITHDRAWN, Act.REOPEN): _SEND_AGAIN,
    (_S.WITHDRAWN, Act.ADD): _SEND_AGAIN,
    # Also one that is closed, so that a button pressed just after the 28th day still works.
    **{(state, Act.WITHDRAW): _WITHDRAW for state in sorted(OPEN_STATES | {_S.CLOSED})},
    **{(one, Act.ASK): Move(one, Next.KEEP, "push.question", "question") for one in _ASKABLE},
    **{(state, Act.MERGE): _MERGED for state in sorted(OPEN_STATES)},
    **{(one, act): Move(one, Next.KEEP) for one in sorted(OPEN_STATES) for act in _HANDED},
    # `owning` has the rest of these: who is told, and how far it goes up.
    **{(one, Act.TAKE): Move(one, Next.KEEP, "push.taken") for one in TAKEN_IN},
    **{(one, Act.HIGHER): _higher(one) for one in TAKEN_IN},
    **{(one, Act.UNOWNED): Move(one, Next.KEEP) for one in TAKEN_IN},
}

# Instead, where nobody is asked whether it answers them: a complaint about data, which has its
# regulator behind it, and a person who is forgotten. The outcome ends it.
_ENDS = Move(_S.CLOSED, Next.NONE, "push.outcome")
_ENDS_LATER = Move(_S.PROMISED, Next.CHANGE, "push.outcome")
NOBODY_ASKED: Mapping[tuple[State, Act], Move] = {
    one: _ENDS for one, move in TABLE.items() if move is _OUTCOME
}
NOBODY_ASKED_WHILE_PROMISED: Mapping[tuple[State, Act], Move] = dict.fromkeys(
    NOBODY_ASKED, _ENDS_LATER
)
# For a complaint about data every next date is counted anew: its law names no day for an outcome.
ABOUT_DATA: Mapping[tuple[State, Act], Move] = {
    (_S.SENT, Act.ACKNOWLEDGE): Move(_S.ACKNOWLEDGED, Next.ANSWER, "push.acknowledged"),
}

# What the clock does, by what was due; every other due is a promise, and this is it missed.
ON_TIME: Mapping[DueKind, Move] = {
    DueKind.REMIND: Move(_S.OUTCOME, Next.CLOSE, "push.remind", "answered"),
    DueKind.CLOSE: Move(
        _S.CLOSED, Next.NONE, "push.closed.no-reply", "reopen", staff="staff.closed"
    ),
    DueKind.RESUME: _RESUME,
}

# In place of an end, while a change that was promised is still to come.
WHILE_PROMISED: Mapping[tuple[State, Act], Move] = {
    (_S.OUTCOME, Act.SATISFIED): _STANDS,
    (_S.PROMISED, Act.SATISFIED): _STANDS,
}
ON_TIME_WHILE_PROMISED: Mapping[DueKind, Move] = {
    DueKind.REMIND: Move(_S.OUTCOME, Next.CLOSE, "push.remind-promised", "answered"),
    DueKind.CLOSE: _STANDS,
}

# Where a missed date leaves a concern that does not stay where it was.
AFTER_A_MISS: Mapping[State, State] = {_S.OUTCOME: _S.PROMISED, _S.PAUSED: _S.LOOKING}
