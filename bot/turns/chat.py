"""One chat's part of a set: pure steps in order, and everything they ask for, gathered.

Nothing here waits, reads or writes; the set it belongs to does that once for all its chats.
"""

from __future__ import annotations

import copy
import logging
import secrets as chance
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Final

from bot.casework.access import readers
from bot.casework.life import Sent, decide, open_concern, promised_dates
from bot.casework.model import INDEPENDENT_TEAM, Act, Event
from bot.dialogue.effects import (
    AddToConcern,
    DropDraft,
    Effect,
    Keep,
    LinkStaff,
    NoteOnConcern,
    NotSatisfied,
    ReleaseNews,
    Reopen,
    Satisfied,
    SendConcern,
    Tell,
    Withdraw,
)
from bot.dialogue.inputs import Input, OpenNews, Pressed, PressedAbout, SetAside
from bot.dialogue.model import Facts, OwnConcern
from bot.dialogue.step import step
from bot.turns.arrival import Answered, Arrival
from bot.turns.asked import (
    Adding,
    Draft,
    ForgedConcernError,
    NobodyLeftError,
    Sending,
    new_reference,
    new_row,
)
from bot.turns.concern import Decided, Readership, as_concern, as_row, direct, naming
from bot.turns.house import LANE_LIVE, Scene
from bot.turns.memory import Memory
from bot.turns.rendering import tell_body
from storage.concerns import ConcernRow, NewPart
from storage.outbox import NewMessage

log = logging.getLogger(__name__)

STILL_WRONG: Final = "not-answered"  # the answer to "what is still wrong?"
_LASTING_CHOICES: Final = frozenset({"add", "take-back"})  # buttons that may be used again


@dataclass
class ChatTurn:
    """Gathers what one chat's updates lead to. `queue` keeps the order in which things are said."""

    scene: Scene
    id: str
    chat_id: int
    memory: Memory
    rows: dict[str, ConcernRow]
    readership: Readership
    kept: list[str] = field(default_factory=list)
    took_stored: bool = False
    sendings: list[Sending] = field(default_factory=list)
    addings: list[Adding] = field(default_factory=list)
    notes: list[NewPart] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    queue: list[NewMessage | ReleaseNews | LinkStaff] = field(default_factory=list)
    set_aside: list[tuple[Arrival, str]] = field(default_factory=list)

    def take(self, arrival: Arrival) -> Answered:
        """Step through one update. An update that our own code cannot digest is set aside."""
        before = self.memory.talk
        for given in arrival.inputs:
            if isinstance(given, SetAside):
                self.set_aside.append((arrival, "unreadable"))
            try:
                self._step(given)
            except Exception as error:  # any bug must cost one update, never the set
                log.exception("update-set-aside", extra={"kind": type(error).__name__})
                self.set_aside.append((arrival, type(error).__name__))
                self._apologise()
        accepted = any(_uses_up(given, before.step) for given in arrival.inputs)
        strip = (self.chat_id, arrival.message_id) if accepted and arrival.message_id else None
        return Answered(arrival.update_id, arrival.callback_id, strip)

    def say(self, tell: Tell) -> None:
        self.queue.append(self.message(tell))

    def message(self, tell: Tell) -> NewMessage:
        body = tell_body(tell, self.scene.house.wording)
        return NewMessage(f"c:{self.id}", LANE_LIVE, body, tell.prompt)

    def drafts(self) -> list[Draft]:
        return [one.draft for one in self.sendings] + [one.draft for one in self.addings]

    def _apologise(self) -> None:
        try:
            self._step(SetAside())
        except Exception as error:  # the talk itself is stuck: say at least what happened
            log.exception("talk-stuck", extra={"kind": type(error).__name__})
            self.say(Tell("talk.set-aside"))

    def _step(self, given: Input) -> None:
        """All of a step, or (after an error) none of it."""
        stepped = step(self.memory.talk, given, self._facts())
        before = {one.name: copy.copy(getattr(self, one.name)) for one in fields(self)}
        try:
            self.memory = replace(self.memory, talk=stepped.talk)
            for effect in stepped.effects:
                self._EFFECTS[type(effect)](self, effect)
        except Exception:
            for name, value in before.items():
                setattr(self, name, value)
            raise

    def _facts(self) -> Facts:
        house, now = self.scene.house, self.scene.now
        acknowledge_by, answer_by = promised_dates(house.calendar, now, house.clocks)
        return Facts(
            today=house.calendar.local_date(now),
            new_id=chance.token_hex(16),
            new_reference=new_reference(),
            acknowledge_by=acknowledge_by,
            answer_by=answer_by,
            places=house.places,
            staff=self.scene.staff,
            labels=house.labels,
            concerns=tuple(
                self._own(self.rows[one])
                for one in reversed(self.memory.concerns)
                if one in self.rows
            ),
        )

    def _own(self, row: ConcernRow) -> OwnConcern:
        calendar = self.scene.house.calendar
        return OwnConcern(
            row.id,
            row.reference,
            as_concern(row).state,
            calendar.local_date(row.sent_at),
            calendar.local_date(row.due_at) if row.due_at else None,
        )

    # ---- effects ---------------------------------------------------------------------------

    def _keep(self, effect: Keep) -> None:
        self.kept.append(effect.words)

    def _take_draft(self) -> Draft:
        draft = Draft(not self.took_stored, tuple(self.kept))
        self.took_stored = True
        self.kept.clear()
        return draft

    def _drop_draft(self, _: DropDraft) -> None:
        self._take_draft()

    def _send(self, effect: SendConcern) -> None:
        house, now = self.scene.house, self.scene.now
        # Whom nobody could place may be anyone on the team: only people outside it may read.
        team = INDEPENDENT_TEAM if effect.kept_from_words else effect.team
        excluded = frozenset(effect.kept_from)
        who = readers(self.scene.staff, team, excluded)
        if not who:
            raise NobodyLeftError
        sent = Sent(effect.id, effect.reference, team)
        concern = open_concern(sent, house.calendar, now, house.clocks)
        self.sendings.append(
            Sending(
                concern=concern,
                draft=self._take_draft(),
                topic=effect.topic,
                place=effect.place if effect.place != team else None,
                kept_from_words=effect.kept_from_words,
                excluded=excluded,
                readers=who,
            )
        )
        self.memory = self.memory.owning(concern.id)
        self.rows[concern.id] = new_row(concern)
        self.readership = self.readership.having(concern.id, who)

    def _add(self, effect: AddToConcern) -> None:
        self._happen(effect.concern_id, Act.ADD)
        self.addings.append(Adding(effect.concern_id, self._take_draft()))

    def _note(self, effect: NoteOnConcern) -> None:
        self._owned(effect.concern_id)
        if effect.kind == STILL_WRONG:
            self._happen(effect.concern_id, Act.ADD)  # whoever looks at it again is told of it
        part_id = chance.token_hex(16)
        words = effect.words.encode()
        self.notes.append(
            NewPart(part_id, effect.concern_id, effect.kind, None, self.scene.now, words)
        )

    def _happen(self, concern_id: str, act: Act) -> None:
        """Something the person did to a concern; what casework says of it is said at once."""
        row = self._owned(concern_id)
        house = self.scene.house
        decision = decide(as_concern(row), Event(act), house.calendar, self.scene.now, house.clocks)
        able = self.readership.able(concern_id, self.scene.staff)
        one = naming(Decided(row, decision), able)
        self.decided.append(one)
        self.queue += direct(one, self.id, house)
        self.rows[concern_id] = as_row(row, decision.concern)

    def _owned(self, concern_id: str) -> ConcernRow:
        """Raises ForgedConcernError for a concern that is not this person's: ids can be made up."""
        row = self.rows.get(concern_id)
        if row is None or concern_id not in self.memory.concerns:
            raise ForgedConcernError
        return row

    def _release(self, effect: ReleaseNews) -> None:
        self.queue.append(effect)

    def _link(self, effect: LinkStaff) -> None:
        self.queue.append(effect)

    def _withdraw(self, effect: Withdraw) -> None:
        self._happen(effect.concern_id, Act.WITHDRAW)

    def _satisfied(self, effect: Satisfied) -> None:
        self._happen(effect.concern_id, Act.SATISFIED)

    def _not_satisfied(self, effect: NotSatisfied) -> None:
        self._happen(effect.concern_id, Act.NOT_SATISFIED)

    def _reopen(self, effect: Reopen) -> None:
        self._happen(effect.concern_id, Act.REOPEN)

    # Every effect has its line; an effect without one fails loudly.
    _EFFECTS: ClassVar[Mapping[type[Effect], Callable[[Any, Any], None]]] = {
        Tell: say,
        Keep: _keep,
        DropDraft: _drop_draft,
        SendConcern: _send,
        AddToConcern: _add,
        NoteOnConcern: _note,
        Withdraw: _withdraw,
        Satisfied: _satisfied,
        NotSatisfied: _not_satisfied,
        Reopen: _reopen,
        ReleaseNews: _release,
        LinkStaff: _link,
    }


def _uses_up(given: Input, step_before: int) -> bool:
    """Whether this tap leaves its buttons with nothing more to say."""
    if isinstance(given, Pressed):
        return given.step == step_before
    if isinstance(given, PressedAbout):
        return given.choice not in _LASTING_CHOICES
    return isinstance(given, OpenNews)
