"""What the shells would do for a person: kept in plain lists, and said in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from bot.casework.life import promised_dates
from bot.casework.model import Member, State
from bot.casework.proof import receipt_code
from bot.cli.stage import NOW, PLACES, STAFF, Stage
from bot.dialogue.effects import (
    AddToConcern,
    AskForData,
    DropDraft,
    DropLast,
    Effect,
    ForgetPerson,
    Keep,
    KeepFile,
    LinkStaff,
    Merge,
    NoteOnConcern,
    NotSatisfied,
    RaiseDataComplaint,
    ReleaseNews,
    Reopen,
    Satisfied,
    SendConcern,
    SendOwnData,
    TellOfChanges,
    Withdraw,
)
from bot.dialogue.model import Change, OwnConcern, Place

LONG: Final = 60  # characters, from which words are not said back


class NotThere(Exception):
    """A button or a concern that this chat never had. Whoever plays can choose another."""


@dataclass
class Deeds:
    """All that is held for one person, and who works in which place."""

    stage: Stage
    places: tuple[Place, ...] = PLACES
    staff: tuple[Member, ...] = STAFF
    now: datetime = NOW
    concerns: tuple[OwnConcern, ...] = ()
    draft: list[str] = field(default_factory=list)
    sent: list[tuple[SendConcern, list[str]]] = field(default_factory=list)
    data_asked: frozenset[str] = frozenset()
    complaints: list[str] = field(default_factory=list)
    changes: tuple[Change, ...] = ()  # the newest first
    wants_changes: bool = False

    def becomes(self, reference: str, state: State) -> None:
        """Staff moved a concern on. Raises NotThere."""
        self.now_is(reference, state=state)

    def now_is(self, reference: str, **to: Any) -> None:
        """What is known of a concern is different now. Raises NotThere."""
        known = self.named(reference)
        self.concerns = tuple(replace(one, **to) if one is known else one for one in self.concerns)

    @property
    def today(self) -> date:
        return self.stage.calendar.local_date(self.now)

    @property
    def promised(self) -> tuple[date, date]:
        """By when a concern sent now is acknowledged and answered."""
        return promised_dates(self.stage.calendar, self.now)

    def done(self, effect: Effect) -> str:  # noqa: PLR0911 - one line for each
        """What is done, in words. Raises AssertionError for an effect without words."""
        match effect:
            case Keep(words):
                self.draft.append(words)
                return f"keeps {words!r}" if len(words) < LONG else "keeps the long words"
            case KeepFile(kind, _, size):
                self.draft.append(f"<{kind}>")
                return f"keeps a file: {kind}" + (f", {size} bytes" if size else "")
            case DropLast():
                self.draft.pop()
                return "leaves out the last thing"
            case DropDraft():
                self.draft.clear()
                return "deletes the draft"
            case SendConcern():
                return self._sends(effect)
            case TellOfChanges(wanted):
                self.wants_changes = wanted
                return "will tell of changes" if wanted else "will tell of no changes"
            case Withdraw() | Satisfied() | NotSatisfied() | Reopen():
                return self._moves(effect)
            case Merge(id_, into):
                self.becomes(self.reference_of(id_), State.CLOSED)
                return f"goes on with {self.reference_of(id_)} in {self.reference_of(into)}"
        return self._tells_others(effect)

    def _tells_others(self, effect: Effect) -> str:  # noqa: PLR0911 - one line for each effect
        match effect:
            case AddToConcern(id_):
                added, self.draft = self.draft, []
                self.now_is(self.reference_of(id_), asked=False)
                return f"adds {len(added)} to {self.reference_of(id_)}"
            case NoteOnConcern(id_, kind, words):
                if kind == "question-skipped":
                    self.now_is(self.reference_of(id_), asked=False)
                return f"notes {kind} {words!r} on {self.reference_of(id_)}"
            case SendOwnData():
                return "sends one file with all that the bot can open"
            case AskForData(id_, by):
                self.data_asked |= {id_}
                return f"asks staff for a copy of {self.reference_of(id_)} by {by:%d/%m/%Y}"
            case RaiseDataComplaint(_, reference, words, by):
                self.complaints.append(words)
                return f"raises the data complaint {reference} {words!r}, due {by:%d/%m/%Y}"
            case ForgetPerson():
                self.concerns, self.draft, self.wants_changes = (), [], False
                return "destroys the draft, the files not sent and the way back to the person"
            case ReleaseNews(held_id):
                return f"releases the news {held_id}"
            case LinkStaff(code):
                return f"links staff by {code}"
        raise AssertionError(effect)

    def _sends(self, effect: SendConcern) -> str:
        self.sent.append((effect, list(self.draft)))
        self.draft.clear()
        code = receipt_code(effect.id, effect.reference, self.now)
        by = self.promised[0]
        own = OwnConcern(effect.id, effect.reference, State.SENT, self.today, by, code=code)
        self.concerns = (own, *self.concerns)
        names = [one.name for one in self.staff if one.id in effect.kept_from]
        out = f", kept from {', '.join(names)}" if names else ""
        topic = f" ({effect.topic})" if effect.topic else ""
        words = f", sealed with it: {effect.kept_from_words!r}" if effect.kept_from_words else ""
        return (
            f"sends {len(self.sent[-1][1])} messages{topic} to {effect.team}"
            f" as {effect.reference}{out}{words}"
        )

    def _moves(self, effect: Withdraw | Satisfied | NotSatisfied | Reopen) -> str:
        state, what = _MOVES[type(effect)]
        reference = self.reference_of(effect.concern_id)
        self.becomes(reference, state)
        return f"{what} {reference} (what happens next is told by casework)"

    def named(self, reference: str) -> OwnConcern:
        for one in self.concerns:
            if one.reference == reference:
                return one
        raise NotThere(f"there is no concern {reference}")

    def reference_of(self, id_: str) -> str:
        return next(one.reference for one in self.concerns if one.id == id_)


_MOVES: Final[dict[type[Effect], tuple[State, str]]] = {
    Withdraw: (State.WITHDRAWN, "takes back"),
    Satisfied: (State.CLOSED, "closes as answered"),
    NotSatisfied: (State.REOPENED, "reopens one level up"),
    Reopen: (State.REOPENED, "reopens"),
}
