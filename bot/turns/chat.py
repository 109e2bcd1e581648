"""One chat's part of a set: pure steps in order, and everything they ask for, gathered.

Nothing here waits, reads or writes; the set it belongs to does that once for all its chats.
"""

from __future__ import annotations

import copy
import logging
import secrets as chance
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, ClassVar, Final

from bot.casework.access import readers
from bot.casework.life import Sent, decide, open_concern
from bot.casework.model import INDEPENDENT_TEAM, Act, Concern, Event, State
from bot.dialogue.effects import (
    AddToConcern,
    AskForData,
    ClearChat,
    DropDraft,
    DropLast,
    Effect,
    ForgetPerson,
    Keep,
    KeepFile,
    LinkStaff,
    Merge,
    NoteOnConcern,
    RaiseDataComplaint,
    ReleaseNews,
    SendConcern,
    SendOwnData,
    Tell,
    TellOfChanges,
)
from bot.dialogue.inputs import Input, Left, SetAside
from bot.dialogue.model import Facts, Talk
from bot.dialogue.step import step
from bot.turns.arrival import Answered, Arrival, uses_up
from bot.turns.asked import (
    DECIDES,
    Adding,
    Deciding,
    Draft,
    ForgedConcernError,
    NobodyLeftError,
    Sending,
    complaining,
    new_row,
)
from bot.turns.clearing import Clear, Visit
from bot.turns.concern import Decided, Readership, as_concern, as_row, direct, naming
from bot.turns.counting import Happened, happened
from bot.turns.facts import facts_now
from bot.turns.files import KeptFile, ids_in, keep
from bot.turns.forgetting import without_person
from bot.turns.house import LANE_LIVE, Scene
from bot.turns.memory import Memory
from bot.turns.rendering import tell_body
from storage.concerns import ConcernRow, NewPart
from storage.outbox import NewMessage

log = logging.getLogger(__name__)

TOLD_AT_ONCE: Final = frozenset({"not-answered", "question-skipped"})  # staff wait for it
FRESH_STEPS: Final = 10**8
IN_DANGER: Final = ("in-danger", "yes")  # the person's own statement

Queued = NewMessage | ReleaseNews | LinkStaff | Clear | SendOwnData


@dataclass
class ChatTurn:
    """Gathers what one chat's updates lead to. `queue` keeps the order in which things are said."""

    scene: Scene
    id: str
    chat_id: int
    memory: Memory
    rows: dict[str, ConcernRow]
    readership: Readership
    kept: list[bytes] = field(default_factory=list)
    files: dict[str, KeptFile] = field(default_factory=dict)
    took_stored: bool = False
    parting: Talk | None = None  # of somebody who is forgotten in this step, for their last words
    dropped_last: int = 0  # newest parts of the stored draft that are not wanted any more
    sendings: list[Sending] = field(default_factory=list)
    addings: list[Adding] = field(default_factory=list)
    notes: list[NewPart] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    copies: dict[str, date] = field(default_factory=dict)  # of own concerns, by when staff owe them
    flagged: set[str] = field(default_factory=set)  # concerns of which danger was said
    forgotten: tuple[str, ...] | None = None  # what the person had sent before we forgot them
    leaving: bool = False  # they are forgotten, and have not been here since
    queue: list[Queued] = field(default_factory=list)
    set_aside: list[tuple[Arrival, str]] = field(default_factory=list)
    visit: Visit = field(default_factory=Visit)
    happened: Happened = field(default_factory=Happened)

    def take(self, arrival: Arrival) -> Answered:
        """Step through one update. An update that our own code cannot digest is set aside."""
        before = self.memory.talk
        self.visit.met(arrival)
        for given in arrival.inputs:
            if isinstance(given, SetAside):
                self.set_aside.append((arrival, "unreadable"))
            try:
                self._step(given)
            except Exception as error:  # any bug must cost one update, never the set
                log.exception("update-set-aside", extra={"kind": type(error).__name__})
                self.set_aside.append((arrival, type(error).__name__))
                self._apologise()
            self.visit.away = False  # what comes next is no return any more
        accepted = any(uses_up(given, before.step) for given in arrival.inputs)
        strip = (self.chat_id, arrival.message_id) if accepted and arrival.message_id else None
        return Answered(arrival.update_id, arrival.callback_id, strip)

    def say(self, tell: Tell) -> None:
        self.queue.append(self.message(tell))

    def message(self, tell: Tell) -> NewMessage:
        body = tell_body(tell, self.scene.wording_for(self.parting or self.memory.talk))
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
        talk, facts = self.memory.talk, self._facts()
        stepped = step(talk, given, facts)
        before = {one.name: copy.copy(getattr(self, one.name)) for one in fields(self)}
        try:
            forgets = any(isinstance(one, ForgetPerson) for one in stepped.effects)
            self.parting = self.memory.talk if forgets else None
            self.memory = replace(self.memory, talk=stepped.talk)
            self.leaving &= isinstance(given, Left)
            for effect in stepped.effects:
                self._EFFECTS[type(effect)](self, effect)
            self.happened += happened(self, talk, given, facts)
        except Exception:
            for name, value in before.items():
                setattr(self, name, value)
            raise

    def _facts(self) -> Facts:
        return facts_now(self.scene, self.memory, self.rows, self.visit, self.readership)

    # ---- effects ---------------------------------------------------------------------------

    def _keep(self, effect: Keep) -> None:
        self.kept.append(effect.words.encode())

    def _keep_file(self, effect: KeepFile) -> None:
        part, file = keep(effect)
        self.kept.append(part)
        self.files[file.id] = file

    def _drop_last(self, _: DropLast) -> None:
        if self.kept:
            self._forget_files([self.kept.pop()])
        elif not self.took_stored:
            self.dropped_last += 1

    def _forget_files(self, parts: Sequence[bytes]) -> None:
        for file_id in ids_in(parts):
            self.files.pop(file_id)

    def _take_draft(self) -> Draft:
        draft = Draft(not self.took_stored, tuple(self.kept))
        self.took_stored = True
        self.kept.clear()
        return draft

    def _drop_draft(self, _: DropDraft) -> None:
        self._forget_files(self._take_draft().said)

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
        row = self._owned(effect.concern_id)
        if (effect.kind, effect.words) == IN_DANGER:
            self.rows[row.id] = replace(row, in_danger=True)
            self.flagged.add(row.id)
        if effect.kind in TOLD_AT_ONCE or row.state != State.SENT:
            self._happen(effect.concern_id, Act.ADD)  # whoever has looked at it is told of it
        part_id, words = chance.token_hex(16), effect.words.encode()
        self.notes.append(NewPart(part_id, row.id, effect.kind, None, self.scene.now, words))

    def _happen(self, concern_id: str, act: Act, into: Concern | None = None) -> None:
        """Something the person did to a concern; what casework says of it is said at once."""
        row, now = self._owned(concern_id), self.scene.now
        house, event = self.scene.house, Event(act, into=into)
        decision = decide(as_concern(row), event, house.calendar, now, house.clocks)
        able = self.readership.able(concern_id, self.scene.staff)
        one = naming(Decided(row, decision), able)
        self.decided.append(one)
        self.queue += direct(one, self.id, self.scene.wording_for(self.memory.talk))
        self.rows[concern_id] = as_row(row, decision.concern)

    def _owned(self, concern_id: str) -> ConcernRow:
        """Raises ForgedConcernError for a concern that is not this person's: ids can be made up."""
        row = self.rows.get(concern_id)
        if row is None or concern_id not in self.memory.concerns:
            raise ForgedConcernError
        return row

    def _later(self, effect: ReleaseNews | LinkStaff | SendOwnData) -> None:
        self.queue.append(effect)

    def _clear(self, effect: ClearChat) -> None:
        own = None if effect.concern_id is None else self._owned(effect.concern_id)
        self.queue.append(Clear.of(self.message, own.reference if own else None))

    def _ask_for_data(self, effect: AskForData) -> None:
        row = self._owned(effect.concern_id)
        self.rows[row.id] = replace(row, data_due=effect.by.isoformat())
        self.copies[row.id] = effect.by

    def _complain(self, effect: RaiseDataComplaint) -> None:
        one = complaining(effect, self.scene)
        self.sendings.append(one)
        self.memory = self.memory.complaining(effect.id)
        self.rows[effect.id] = new_row(one.concern)
        self.readership = self.readership.having(effect.id, one.readers)

    def _forget(self, _: ForgetPerson) -> None:
        """Of what was to be said, only the last words stay, which are the newest."""
        self._drop_draft(DropDraft())
        ids, self.visit.wants_changes = self.memory.everything, False
        gone = without_person([self.rows[one] for one in ids if one in self.rows], self.scene)
        self.decided += gone
        self.rows |= {one.before.id: as_row(one.before, one.decision.concern) for one in gone}
        linking = [one for one in self.queue[:-1] if isinstance(one, LinkStaff)]
        self.queue = [*linking, *self.queue[-1:]]
        self.forgotten, self.leaving = (*(self.forgotten or ()), *ids), True
        # Old buttons carry steps of the old talk: by chance, none is one of the new.
        self.memory = Memory(replace(self.memory.talk, step=chance.randbelow(FRESH_STEPS)))

    def _decide(self, effect: Deciding) -> None:
        into = as_concern(self._owned(effect.into)) if isinstance(effect, Merge) else None
        self._happen(effect.concern_id, DECIDES[type(effect)], into)

    # Every effect has its line; an effect without one fails loudly.
    _EFFECTS: ClassVar[Mapping[type[Effect], Callable[[Any, Any], None]]] = {
        Tell: say,
        Keep: _keep,
        KeepFile: _keep_file,
        DropLast: _drop_last,
        DropDraft: _drop_draft,
        SendConcern: _send,
        AddToConcern: _add,
        NoteOnConcern: _note,
        **dict.fromkeys(DECIDES, _decide),
        TellOfChanges: lambda chat, effect: chat.visit.wants(effect.wanted),
        ReleaseNews: _later,
        LinkStaff: _later,
        ClearChat: _clear,
        SendOwnData: _later,
        AskForData: _ask_for_data,
        RaiseDataComplaint: _complain,
        ForgetPerson: _forget,
    }
