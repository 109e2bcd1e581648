"""What is typed at `heard talk`, as lines of a transcript: everything else follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.cli import transcript
from bot.cli.rehearsal import Rehearsal, Shown
from bot.cli.stage import Stage
from bot.cli.transcript import LineError

# What is typed after a colon, and the word of a transcript's line that it stands for.
WORDS: Final = {
    "say": "PERSON",
    "tap": "TAP",
    "old": "TAP OLD",
    "edit": "EDIT",
    "file": "SENDS",
    "send": "SENDS",
    "wait": "LATER",
    "staff": "STAFF",
    "outcome": "OUTCOME",
    "open": "OPENS",
    "again": "AGAIN",
    "block": "BLOCKS",
    "unblock": "UNBLOCKS",
    "group": "GROUP",
    "forged": "FORGED",
    "poison": "POISON",
    "places": "PLACES",
    "few": "FEW",
    "languages": "LANGUAGES",
}
_NEED_NOTHING: Final = frozenset({"few", "block", "unblock", "group", "forged", "poison"})
_ABOUT_ONE: Final = frozenset({"staff", "outcome"})
_AT_FIRST: Final = frozenset({"places", "few", "languages"})

UNTITLED: Final = "# Say here in one line what this shows."


@dataclass
class Session:
    """What was played so far. A line that cannot be played changes nothing."""

    stage: Stage
    lines: list[str] = field(default_factory=list)
    buttons: Sequence[tuple[str, str]] = ()  # the number that presses it, its label

    def __post_init__(self) -> None:
        self.phone = Rehearsal(self.stage)

    def typed(self, text: str) -> str | None:
        """The transcript's line for what was typed, or None for nothing. Raises LineError."""
        if not text.strip():
            return None
        if text.startswith(":") and text[1:2].isalpha():
            return self._commanded(*_split(text[1:]))
        if text.startswith("/") and text[1:2].isalnum():
            return f"COMMAND: {text[1:].strip()}"
        label = dict(self.buttons).get(text.strip())
        return f"TAP: {label}" if label is not None else f"PERSON: {text.strip()}"

    def _commanded(self, name: str, rest: str) -> str:
        if name == "sticker":
            return "SENDS: sticker"
        if name not in WORDS:
            raise LineError(f"there is no :{name}; :help lists what there is")
        if name in _AT_FIRST and self.phone.number:
            raise LineError("only before anything is said")
        if not rest and name not in _NEED_NOTHING:
            raise LineError(f":{name} needs more; :help says what")
        if name in _ABOUT_ONE and " " not in rest:
            rest = f"{self._newest()} {rest}"
        return f"{WORDS[name]}: {rest}".strip() if rest else WORDS[name]

    def _newest(self) -> str:
        if not self.phone.concerns:
            raise LineError("nothing was sent yet")
        return self.phone.concerns[0].reference

    def play(self, line: str) -> Sequence[Shown | str]:
        """Raises LineError, and then nothing has happened."""
        seen = transcript.played(self.phone, line)
        self.lines.append(line)
        self._number(seen)
        return seen

    def undo(self) -> Sequence[Shown | str]:
        """Back to before the last line; what was seen then. Raises LineError at the beginning."""
        if not self.lines:
            raise LineError("there is nothing to take back")
        before, self.lines, self.phone = self.lines[:-1], [], Rehearsal(self.stage)
        self.buttons = ()
        seen: Sequence[Shown | str] = ()
        for line in before:
            seen = self.note(line) if line.startswith("#") else self.play(line)
        return seen

    def note(self, line: str) -> Sequence[Shown | str]:
        self.lines.append(line)
        return ()

    def transcript(self) -> str:
        titled = bool(self.lines) and self.lines[0].startswith("#")
        lines = [*([] if titled else [UNTITLED]), "", *self.lines, ""]
        return transcript.replayed(Rehearsal(self.stage), "\n".join(lines))

    def _number(self, seen: Sequence[Shown | str]) -> None:
        labels = [
            label for one in seen if isinstance(one, Shown) for row in one.labels for label in row
        ]
        if labels:
            self.buttons = [(str(at), label) for at, label in enumerate(labels, 1)]


def _split(text: str) -> tuple[str, str]:
    name, _, rest = text.strip().partition(" ")
    return name, rest.strip()
