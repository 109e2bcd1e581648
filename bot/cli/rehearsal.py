"""A phone round the pure talk: no Telegram, no database, the real script, wording and calendar.

`heard talk` and the tests of the dialogue play with the same one, so that what a writer of words
tries out is what the tests hold to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.casework.proof import receipt_code
from bot.cli.deeds import Deeds, NotThere
from bot.dialogue.asks.changes import MOST_SHOWN
from bot.dialogue.effects import Button, ClearChat, Effect, Tell
from bot.dialogue.inputs import (
    Attached,
    Input,
    Pressed,
    PressedAbout,
    PressedDraft,
    Said,
    Unreadable,
)
from bot.dialogue.model import Facts, Talk
from bot.dialogue.step import step
from config.wording import Wording

# What the shells round the talk hold to (bot/turns: clearing, nudges); a test compares them.
AWAY: Final = timedelta(days=1)
NUDGE_AFTER: Final = timedelta(hours=10)
DELETABLE: Final = timedelta(hours=48) - timedelta(minutes=10)

NUDGE: Final = "talk.nudge"
NUDGE_ROWS: Final = tuple((Button(f"button.{one}", one),) for one in ("go-on", "no-nudge"))
HELP_ROWS: Final = ((Button("button.help", "help"),),)


@dataclass
class Shown:
    """One message on the phone, in the words and with the buttons that the person sees."""

    text: str
    tell: Tell
    labels: tuple[tuple[str, ...], ...] = ()


@dataclass
class Rehearsal(Deeds):
    """One person's chat."""

    talk: Talk = field(default_factory=Talk)
    shown: list[Shown] = field(default_factory=list)
    number: int = 0
    last: datetime | None = None  # when they last did something
    nudge_at: datetime | None = None
    nudged: bool = False  # of this very draft
    messages: list[datetime] = field(default_factory=list)  # both sides', since the last clearing
    languages: tuple[tuple[str, str], ...] = ()  # instead of those of the stage
    effects: tuple[Effect, ...] = ()  # of the last thing they did
    on_call: bool = True  # whether anybody can be alerted

    @property
    def wording(self) -> Wording:
        return self.stage.wording(self.talk, self.now)

    def facts(self) -> Facts:
        acknowledge_by, answer_by = self.promised
        since = self.now - DELETABLE
        new_id, reference = f"{self.number:032x}", f"H-7K2M-{self.number:04d}"
        return Facts(
            today=self.today,
            new_id=new_id,
            new_reference=reference,
            new_code=receipt_code(new_id, reference, self.now),
            acknowledge_by=acknowledge_by,
            answer_by=answer_by,
            places=self.places,
            staff=self.staff,
            concerns=self.concerns,
            labels=self.stage.labels(self.talk.language),
            languages=self.languages or self.stage.languages.names,
            away=self.last is not None and self.now - self.last >= AWAY,
            clearable=sum(at >= since for at in self.messages),
            too_old=any(at < since for at in self.messages),
            data_asked=self.data_asked,
            changes=self.changes[:MOST_SHOWN],
            wants_changes=self.wants_changes,
            lexicon=self.stage.lexicon(self.talk.language),
            alertable=frozenset(one.id for one in self.concerns if self.on_call),
        )

    def does(self, given: Input) -> list[Shown | str]:
        """One input; back comes what the person sees, and in words what is done for them."""
        self.number += 1
        if isinstance(given, Said | Attached | Unreadable):
            self.messages.append(self.now)
        stepped = step(self.talk, given, self.facts())
        self.talk, self.effects = stepped.talk, stepped.effects
        seen: list[Shown | str] = []
        for effect in stepped.effects:
            match effect:
                case Tell():
                    seen += self._shows(effect)
                case ClearChat(id_):
                    seen += self._clears(id_)
                case _:
                    seen.append(self.done(effect))
        self.last = self.now
        self._remind_later(spoke=isinstance(given, Said | Attached | Unreadable))
        return seen

    def says(self, words: str) -> list[Shown | str]:
        return self.does(Said(words))

    def taps(self, label: str, *, oldest: bool = False) -> list[Shown | str]:
        """Tap the newest button of this label that was ever shown, or the oldest.

        Raises NotThere when there is none.
        """
        found = [
            (shown, button)
            for shown in self.shown
            for labels, row in zip(shown.labels, shown.tell.rows, strict=True)
            for text, button in zip(labels, row, strict=True)
            if text == label
        ]
        if not found:
            raise NotThere(f"no button {label!r} was ever shown")
        return self.presses(*found[0 if oldest else -1])

    def presses(self, shown: Shown, button: Button) -> list[Shown | str]:
        if shown.tell.key == NUDGE:
            return self.does(PressedDraft(button.choice))
        if button.about is not None:
            return self.does(PressedAbout(button.about, button.choice))
        return self.does(Pressed(shown.tell.step, button.choice))

    def answers(self, reference: str, choice: str) -> list[Shown | str]:
        """Tap a button under the words that casework told about a concern. Raises NotThere."""
        return self.does(PressedAbout(self.named(reference).id, choice))

    def waits(self, time: timedelta) -> list[Shown | str]:
        """Let time pass. A draft that nobody sent is reminded of once, by day."""
        self.now += time
        if self.nudge_at is None or self.nudge_at > self.now:
            return []
        self.nudge_at, self.nudged = None, True
        return self._shows(Tell(NUDGE, rows=NUDGE_ROWS))

    def _remind_later(self, *, spoke: bool) -> None:
        if not (self.talk.parts or self.talk.topic):
            self.nudge_at, self.nudged = None, False
        elif self.talk.no_nudge:
            self.nudge_at = None
        elif not self.nudged and (spoke or self.nudge_at is None):
            self.nudge_at = self.stage.calendar.by_day(self.now + NUDGE_AFTER)

    def _shows(self, tell: Tell) -> list[Shown | str]:
        text = self.wording.text
        labels = tuple(
            tuple(one.label if one.literal else text(one.label) for one in row) for row in tell.rows
        )
        shown = Shown(text(tell.key, **tell.params), tell, labels)
        self.shown.append(shown)
        self.messages.append(self.now)
        return [shown]

    def _clears(self, id_: str | None) -> list[Shown | str]:
        """What the shell tells when it is done has no button but help."""
        since = self.now - DELETABLE
        left = [at for at in self.messages if at < since]  # only the person can delete those
        key = "talk.cleared-some" if left else "talk.cleared"
        params = {"reference": self.reference_of(id_)} if id_ else {}
        self.messages, self.shown = left, []
        tell = Tell(key if id_ else f"{key}.no-reference", dict(params), HELP_ROWS)
        return ["clears the chat", *self._shows(tell)]
