"""What the talk knows: what it remembers of a chat, and what is true at the moment of a step.

Pure vocabulary, standard library only. No clock, random or ids inside: they arrive in `Facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.casework.model import Member, State
from bot.dialogue.danger_lexicon import Lexicon
from bot.dialogue.effects import Effect


@dataclass(frozen=True, slots=True)
class Talk:
    """All that is remembered between two messages of one chat. It holds no concern's words:
    those are kept, sealed, as parts of the draft."""

    at: str = "new"  # a state of the script
    step: int = 0  # grows when the question changes; buttons carry it
    parts: int = 0  # how many messages the draft holds
    topic: str | None = None
    place: str | None = None  # a team's id
    kept_from: tuple[str, ...] = ()  # staff ids
    kept_from_words: str = ""  # what was said about whom to keep out and matched nobody
    about: str | None = None  # id of the sent concern that a question is about
    trail: tuple[str, ...] = ()  # states to go back to, newest last
    seeking: str = ""  # first letters of whom to keep out, while they are looked for
    last_odd: bool = False  # whether the newest part may not be meant for staff
    carer: bool = False  # whether the concern that was just sent is for somebody else
    child: bool = False  # the person said that they are under 18: children's lines are shown too
    tail: str = ""  # the end of the newest words of the draft, so that danger told in two is seen
    helped_on: str = ""  # the local day (ISO) on which this draft was met with the contacts
    language: str = ""  # chosen by the person; empty is the first language of the settings
    no_nudge: bool = False  # the person does not want to be reminded of a draft
    alarmed: str = ""  # id of the newest concern of which it was said that someone is in danger
    alarmed_on: str = ""  # the local day (ISO) on which that was said
    carer_helped: bool = False  # help for carers was offered, which is done once
    about_staff: bool = False  # the person said that it is about staff of the place
    file_told: bool = False  # what happens to files was said in full for this draft


@dataclass(frozen=True, slots=True)
class Place:
    """A team a concern can go to."""

    id: str
    name: str
    codes: tuple[str, ...] = ()  # of the living links that lead to it, as far as the step needs


@dataclass(frozen=True, slots=True)
class OwnConcern:
    """One of this person's sent concerns: what the talk may say about it."""

    id: str
    reference: str
    state: State
    sent_on: date
    next_by: date | None
    asked: bool = False  # staff asked something that waits for a reply
    one_with: str = ""  # id of an older one, when it was asked whether both are one matter
    code: str = ""  # by which its receipt can be shown to be true


@dataclass(frozen=True, slots=True)
class Change:
    """One line that staff published for everybody: what people said, and what was done. `place` is
    the name of the team, or of the organisation when `team` is empty."""

    team: str
    place: str
    on: date
    said: str
    did: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true at this moment, loaded before the step. `new_id` and `new_reference` are fresh
    and random; they are used only if the step opens a concern."""

    today: date
    new_id: str
    new_reference: str
    acknowledge_by: date
    answer_by: date
    places: tuple[Place, ...]
    staff: tuple[Member, ...]
    concerns: tuple[OwnConcern, ...] = ()  # newest first
    new_code: str = ""  # of the receipt, if the step opens a concern
    next_place: str = ""  # a place that a link settled before this message
    # What stands on buttons and what else people type for it, by wording key, in the person's
    # language. Without it typed answers are not understood and count as words.
    labels: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[tuple[str, str], ...] = ()  # id and own name of each that is turned on
    ways: str = "talk.ways.england"  # what says how else to raise it, in this nation
    away: bool = False  # a day or more has passed since their last message
    clearable: int = 0  # messages of this chat that Telegram still lets us delete
    too_old: bool = False  # whether there are others, which only the person can delete
    data_asked: frozenset[str] = frozenset()  # own concerns whose copy staff still owe
    changes: tuple[Change, ...] = ()  # the newest first, as many as are shown
    wants_changes: bool = False  # asked to be told of the next
    # By what danger is recognised in the person's language; without it nothing is recognised.
    lexicon: Lexicon = field(default_factory=Lexicon)
    alertable: frozenset[str] = frozenset()  # own concerns of which staff can be alerted now
    alert_minutes: int = 10  # after which the person is told how that stands


@dataclass(frozen=True, slots=True)
class Stepped:
    """What one step of the talk gives back."""

    talk: Talk
    effects: tuple[Effect, ...]
