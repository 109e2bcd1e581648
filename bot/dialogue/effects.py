"""What the talk wants done: every message, every word to keep, every change to a concern.

Pure vocabulary, standard library only. The talk itself never sends or saves anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Button:
    """A labelled choice. `label` is a wording key, or literal text when `literal` (a place's name).

    Exactly one of `choice` (with the step, or with `about`, in its callback data) stands behind it.
    """

    label: str
    choice: str
    literal: bool = False
    about: str | None = None  # a concern's id: the button outlives the step


@dataclass(frozen=True, slots=True)
class Tell:
    """One message to the person. A prompt that waits unsent is replaced by the next prompt."""

    key: str
    params: dict[str, str | date] = field(default_factory=dict)
    rows: tuple[tuple[Button, ...], ...] = ()
    step: int = 0  # what the buttons of this message carry
    prompt: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """Add these words to the draft. Words are kept as they came, unaltered."""

    words: str


@dataclass(frozen=True, slots=True)
class KeepFile:
    """Add this file to the draft, in its place among the words. It is fetched afterwards."""

    kind: str
    ticket: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class DropLast:
    """Leave out the last thing that the draft holds: the person did not mean it for staff."""


@dataclass(frozen=True, slots=True)
class DropDraft:
    """The person chose to delete what was not sent."""


@dataclass(frozen=True, slots=True)
class SendConcern:
    """Seal the draft as a new concern and make its key wraps."""

    id: str
    reference: str
    team: str  # a place's id, or INDEPENDENT_TEAM
    topic: str | None
    kept_from: tuple[str, ...]
    kept_from_words: str
    place: str | None = None  # what the person said it is about, when `team` may not see it


@dataclass(frozen=True, slots=True)
class AddToConcern:
    """Seal the draft to a concern that was sent before."""

    concern_id: str


@dataclass(frozen=True, slots=True)
class NoteOnConcern:
    """Seal one more thing the person said to a sent concern: `kind` is what it answers, such as
    in-danger, danger-details, for-whom, consent, own-worry, write-to or not-answered."""

    concern_id: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class ClearChat:
    """Delete both sides' messages from this chat, as far back as Telegram lets us. When that is
    done, what was done is told, with the reference (if there is one) and the way to help."""

    concern_id: str | None


@dataclass(frozen=True, slots=True)
class SendOwnData:
    """Send the person all that the bot can open about them, as one readable file."""


@dataclass(frozen=True, slots=True)
class AskForData:
    """Ask staff for a copy of what was sent, which only they can open, due `by` that day."""

    concern_id: str
    by: date


@dataclass(frozen=True, slots=True)
class RaiseDataComplaint:
    """A complaint about the person's data, for independent staff, to be acknowledged `by` that
    day. It is no concern: it has its own route and clock, and leaves the draft alone."""

    id: str
    reference: str
    words: str
    by: date


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Destroy all that the bot holds about this person: draft, files, and the way back to them."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    concern_id: str


@dataclass(frozen=True, slots=True)
class Satisfied:
    concern_id: str


@dataclass(frozen=True, slots=True)
class NotSatisfied:
    concern_id: str


@dataclass(frozen=True, slots=True)
class Reopen:
    concern_id: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two of the person's own are one matter, as they say: the one goes on in the other."""

    concern_id: str
    into: str


@dataclass(frozen=True, slots=True)
class TellOfChanges:
    """Whether the person wants to be told when staff publish what changed."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class ReleaseNews:
    """Send the words that wait behind a neutral notice. If they are gone, tell `otherwise`."""

    held_id: str
    otherwise: Tell


@dataclass(frozen=True, slots=True)
class LinkStaff:
    """A member of staff sent the one-time code from the console."""

    code: str
    linked: Tell
    refused: Tell


Effect = (
    Tell
    | Keep
    | KeepFile
    | DropLast
    | DropDraft
    | SendConcern
    | AddToConcern
    | NoteOnConcern
    | ClearChat
    | SendOwnData
    | AskForData
    | RaiseDataComplaint
    | ForgetPerson
    | Withdraw
    | Satisfied
    | NotSatisfied
    | Reopen
    | Merge
    | TellOfChanges
    | ReleaseNews
    | LinkStaff
)
