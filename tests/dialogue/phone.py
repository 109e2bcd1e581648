"""A person's phone round the pure talk: no Telegram, no database, the real script and wording."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from bot.casework.model import Member, Membership, Role, State
from bot.dialogue.effects import (
    AddToConcern,
    Button,
    DropDraft,
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
from bot.dialogue.inputs import Input, Pressed, PressedAbout, Said
from bot.dialogue.model import Facts, OwnConcern, Place, Talk
from bot.dialogue.step import step
from config import contacts
from config.wording import Wording

TODAY = date(2026, 11, 22)
_PLAIN = Wording.load()
WORDING = _PLAIN.having(contacts.load().standing(_PLAIN))

ROWAN = Place("rowan", "Rowan Ward", "rowan-poster")
NORTH = Place("north", "North Community Team")
PLACES = (ROWAN, NORTH)


def member(name: str, team: str, role: Role) -> Member:
    return Member(name.lower().replace(" ", "-"), name, (Membership(team, role),))


STAFF = (
    member("Dave Palmer", "rowan", Role.ANSWERER),
    member("Ruth Adeyemi", "rowan", Role.LEAD),
    member("Sunil Mehta", "north", Role.LEAD),
    member("Grace Okoro", "*", Role.SENIOR),
    member("Helen Marsh", "*", Role.INDEPENDENT),
    member("Tom Byrne", "*", Role.INDEPENDENT),
)
INDEPENDENT = tuple(one for one in STAFF if one.memberships[0].role is Role.INDEPENDENT)


@dataclass
class Shown:
    text: str
    tell: Tell


@dataclass
class Phone:
    places: tuple[Place, ...] = PLACES
    staff: tuple[Member, ...] = STAFF
    talk: Talk = field(default_factory=Talk)
    concerns: tuple[OwnConcern, ...] = ()
    draft: list[str] = field(default_factory=list)
    sent: list[tuple[SendConcern, list[str]]] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    number: int = 0

    def facts(self) -> Facts:
        return Facts(
            today=TODAY,
            new_id=f"{self.number:032x}",
            new_reference=f"H-7K2M-{self.number:04d}",
            acknowledge_by=date(2026, 11, 25),
            answer_by=date(2026, 11, 29),
            places=self.places,
            staff=self.staff,
            concerns=self.concerns,
            labels=WORDING.labels,
        )

    def does(self, given: Input) -> list[Shown | str]:
        """One input; back comes what the person sees, and in words what is done for them."""
        self.number += 1
        stepped = step(self.talk, given, self.facts())
        self.talk = stepped.talk
        seen: list[Shown | str] = []
        for effect in stepped.effects:
            if isinstance(effect, Tell):
                shown = Shown(WORDING.text(effect.key, **effect.params), effect)
                self.shown.append(shown)
                seen.append(shown)
            else:
                seen.append(self._done(effect))
        return seen

    def says(self, words: str) -> list[Shown | str]:
        return self.does(Said(words))

    def taps(self, label: str, *, oldest: bool = False) -> list[Shown | str]:
        """Tap the newest button of this label that was ever shown, or the oldest."""
        found = [
            (shown.tell, button)
            for shown in self.shown
            for row in shown.tell.rows
            for button in row
            if label_of(button) == label
        ]
        if not found:
            raise LookupError(f"no button {label!r} was ever shown")
        tell, button = found[0 if oldest else -1]
        if button.about is not None:
            return self.does(PressedAbout(button.about, button.choice))
        return self.does(Pressed(tell.step, button.choice))

    def answers(self, reference: str, choice: str) -> list[Shown | str]:
        """Tap a button under the words that casework told about a concern."""
        own = next(one for one in self.concerns if one.reference == reference)
        return self.does(PressedAbout(own.id, choice))

    def becomes(self, reference: str, state: State) -> None:
        """Staff moved a concern on."""
        self.concerns = tuple(
            replace(one, state=state) if one.reference == reference else one
            for one in self.concerns
        )

    def _done(self, effect: object) -> str:  # noqa: PLR0911 - one line for each effect
        match effect:
            case Keep(words):
                self.draft.append(words)
                return f"keeps {words!r}" if len(words) < 60 else "keeps the long words"
            case DropDraft():
                self.draft.clear()
                return "deletes the draft"
            case SendConcern():
                return self._sends(effect)
            case AddToConcern(id_):
                count, _ = len(self.draft), self.draft.clear()
                return f"adds {count} to {self._reference(id_)}"
            case NoteOnConcern(id_, kind, words):
                return f"notes {kind} {words!r} on {self._reference(id_)}"
            case Withdraw(id_):
                return self._moves(id_, State.WITHDRAWN, "takes back")
            case Satisfied(id_):
                return self._moves(id_, State.CLOSED, "closes as answered")
            case NotSatisfied(id_):
                return self._moves(id_, State.REOPENED, "reopens one level up")
            case Reopen(id_):
                return self._moves(id_, State.REOPENED, "reopens")
            case ReleaseNews(held_id):
                return f"releases the news {held_id}"
            case LinkStaff(code):
                return f"links staff by {code}"
        raise AssertionError(effect)

    def _sends(self, effect: SendConcern) -> str:
        self.sent.append((effect, list(self.draft)))
        self.draft.clear()
        own = OwnConcern(effect.id, effect.reference, State.SENT, TODAY, None)
        self.concerns = (own, *self.concerns)
        names = [one.name for one in self.staff if one.id in effect.kept_from]
        out = f", kept from {', '.join(names)}" if names else ""
        topic = f" ({effect.topic})" if effect.topic else ""
        words = f", sealed with it: {effect.kept_from_words!r}" if effect.kept_from_words else ""
        return (
            f"sends {len(self.sent[-1][1])} messages{topic} to {effect.team}"
            f" as {effect.reference}{out}{words}"
        )

    def _moves(self, id_: str, state: State, what: str) -> str:
        reference = self._reference(id_)
        self.becomes(reference, state)
        return f"{what} {reference} (what happens next is told by casework)"

    def _reference(self, id_: str) -> str:
        return next(one.reference for one in self.concerns if one.id == id_)


def label_of(button: Button) -> str:
    return button.label if button.literal else WORDING.text(button.label)
