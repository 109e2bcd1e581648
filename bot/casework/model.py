"""The words casework speaks: concerns, their states, what happens to them and who is told.

Pure vocabulary, standard library only. Times are aware UTC datetimes; dates are local to the
team that holds the concern.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a member of staff may do; the last three belong to the whole organisation."""

    READER = "reader"  # reads
    ANSWERER = "answerer"  # reads, acknowledges, answers, records outcomes
    LEAD = "lead"  # an answerer who is also the next step when the team is silent
    SENIOR = "senior"  # the step above every lead
    ON_DUTY = "on-duty"  # told at once when someone is in danger
    INDEPENDENT = "independent"  # outside every team; the last step, and the safe first one


ORGANISATION_ROLES = frozenset({Role.SENIOR, Role.ON_DUTY, Role.INDEPENDENT})
ANSWERING_ROLES = frozenset({Role.ANSWERER, Role.LEAD, Role.SENIOR, Role.INDEPENDENT})
INDEPENDENT_TEAM = "independent"  # the team id of a concern that goes to no team
ORGANISATION = "*"  # the team id of a membership that is not in one team


class Level(IntEnum):
    """How far up a concern has gone; each missed date and each "not really" moves it one up."""

    TEAM = 0
    LEAD = 1
    SENIOR = 2
    INDEPENDENT = 3


@dataclass(frozen=True, slots=True)
class Membership:
    team: str
    role: Role


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as casework needs them."""

    id: str
    name: str
    memberships: tuple[Membership, ...]
    keyed: bool = True
    linked: bool = False  # has linked a Telegram chat, so can be sent digests
    mailed: bool = False  # gets by e-mail what is sent to staff


class State(StrEnum):
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    LOOKING = "looking"  # being looked into
    OUTCOME = "outcome"  # told; waiting for "did this answer you?"
    PROMISED = "promised"  # answered, and a change is promised by a date
    PAUSED = "paused"
    REOPENED = "reopened"  # "not really", or opened again after its end
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


OPEN_STATES = frozenset(State) - {State.CLOSED, State.WITHDRAWN}


class Result(StrEnum):
    """The three outcomes a concern can have."""

    CHANGED = "changed"
    WILL_CHANGE = "will-change"  # by a date
    NOT_CHANGED = "not-changed"  # because


class DueKind(StrEnum):
    """What the next contact with the person is for."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    UPDATE = "update"  # after a date was missed: the next honest word
    REMIND = "remind"  # an outcome that nobody replied to
    CLOSE = "close"  # 28 days after an outcome without a reply
    CHANGE = "change"  # the date by which a change was promised
    RESUME = "resume"  # a pause is looked at again


@dataclass(frozen=True, slots=True)
class Due:
    kind: DueKind
    at: datetime


class Kind(StrEnum):
    """What a concern is about: care, or what was done with somebody's data."""

    CONCERN = "concern"
    DATA_COMPLAINT = "data-complaint"


@dataclass(frozen=True, slots=True)
class Concern:
    """What is in the clear about one concern: no word of it."""

    id: str
    reference: str
    team: str
    state: State
    level: Level
    sent_at: datetime
    state_since: datetime
    due: Due | None
    missed: int = 0
    owner_id: str | None = None
    promised_on: date | None = None
    six_months_told: bool = False
    version: int = 0
    kind: Kind = Kind.CONCERN
    in_danger: bool = False  # the person said that someone is: their statement, no score
    forgotten: bool = False  # the person asked to be forgotten: nothing can be told to them
    data_due: date | None = None  # a copy of their words is owed to them by this day
    taken_at: datetime | None = None  # when the owner said "I'll take it"
    owner_opened_at: datetime | None = None  # when the owner read it, after taking it
    unowned: int = 0  # how many digests in a row it stood in without an owner
    asked_at: datetime | None = None  # a question to the person waits for their reply
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None  # the first words of staff: an answer or an outcome
    result: Result | None = None  # of the newest outcome
    answered_me: bool | None = None  # what the person said of the newest outcome
    reopened: int = 0
    merged_into: str | None = None  # the id of the concern that this one goes on in


class Act(StrEnum):
    """What can happen to a concern. The first group is staff, the second the person, then time."""

    ACKNOWLEDGE = "acknowledge"
    LOOK_INTO = "look-into"
    ANSWER = "answer"  # words to the person that are not yet an outcome
    RECORD_OUTCOME = "record-outcome"
    PAUSE = "pause"
    RESUME = "resume"
    TAKE = "take"  # "I'll take it": names an owner, stops no clock
    HIGHER = "higher"  # it needs someone higher
    HAND_ON = "hand-on"  # to a colleague or to another team
    STEP_BACK = "step-back"  # who had it, or could read it, takes no part in it any more
    ASK = "ask"  # the person a question; they can skip it

    ADD = "add"
    SATISFIED = "satisfied"
    NOT_SATISFIED = "not-satisfied"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"  # one word after "closed, no reply"
    MERGE = "merge"  # two of their own are one matter: this one goes on in the other

    TIME = "time"  # the due moment passed
    UNOWNED = "unowned"  # a handover came: was it taken, and did whoever took it open it?


@dataclass(frozen=True, slots=True)
class Event:
    act: Act
    by: str | None = None  # staff id, for what staff do
    result: Result | None = None
    by_date: date | None = None  # for WILL_CHANGE and PAUSE
    level: Level | None = None  # the highest that the member of staff answers for
    offers_talk: bool = False  # with ACKNOWLEDGE: to talk about how it will be handled
    team: str | None = None  # for HAND_ON: its id
    to: str | None = None  # for HAND_ON: a colleague's id, and `level` is theirs
    into: Concern | None = None  # for MERGE: the one that this goes on in


@dataclass(frozen=True, slots=True)
class TellPerson:
    """Words for the person, by key. Held behind a neutral notice unless the person just acted."""

    key: str
    params: dict[str, str | date] = field(default_factory=dict)
    ask: str | None = None  # name of a set of choices that comes with the words, e.g. "answered"


@dataclass(frozen=True, slots=True)
class TellStaff:
    """A neutral line (reference and dates only) for everyone at a level who may read it, or for one
    of those who may."""

    level: Level
    key: str
    params: dict[str, str | date] = field(default_factory=dict)
    to: str | None = None  # a staff id


@dataclass(frozen=True, slots=True)
class Decision:
    """The concern as it is after an event, and whom to tell."""

    concern: Concern
    tells: tuple[TellPerson | TellStaff, ...] = ()


class NotAllowed(Exception):
    """This cannot happen to a concern in this state; nothing was changed. Do not retry."""
