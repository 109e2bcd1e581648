"""The words the talk speaks: what may come in, what the talk remembers, what goes out.

Pure vocabulary, standard library only. The talk never sends, saves, looks at a clock or rolls a
die: times, ids and facts arrive as arguments, and everything it wants done leaves as an effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.casework.model import Member, State

# ---- what comes in -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """Words the person typed (also a caption, or a forwarded text)."""

    text: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The person changed a message that they sent before."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under one of our messages: the step it was made at and the choice it stands for."""

    step: int
    choice: str


@dataclass(frozen=True, slots=True)
class PressedAbout:
    """A button that belongs to one concern and outlives the step it was made at."""

    concern_id: str
    choice: str


@dataclass(frozen=True, slots=True)
class OpenNews:
    """The person tapped "Read it" under a neutral notice."""

    held_id: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command: start, help, stop, link. `payload` is what came after it."""

    name: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is not words: sticker, photo, voice, location, contact, ..."""

    kind: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A message in a group or a channel, where nobody should write a concern."""


@dataclass(frozen=True, slots=True)
class Forged:
    """A button whose data we never made."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The person unblocked the bot; nothing was said."""


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something arrived that we could not read; it was sealed and set aside."""


Input = (
    Said
    | Edited
    | Pressed
    | PressedAbout
    | OpenNews
    | Commanded
    | Unreadable
    | Elsewhere
    | Forged
    | Returned
    | Left
    | SetAside
)

# ---- what the talk knows ---------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Place:
    """A team a concern can go to."""

    id: str
    name: str
    code: str = ""  # what a poster's link carries


@dataclass(frozen=True, slots=True)
class OwnConcern:
    """One of this person's sent concerns: what the talk may say about it."""

    id: str
    reference: str
    state: State
    sent_on: date
    next_by: date | None


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
    next_place: str = ""  # a place that a link settled before this message
    # What stands on buttons and what else people type for it, by wording key, in the person's
    # language. Without it typed answers are not understood and count as words.
    labels: Mapping[str, str] = field(default_factory=dict)


# ---- what goes out -----------------------------------------------------------------------------


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
    """Seal one more thing the person said to a sent concern: `kind` is for-whom or not-answered."""

    concern_id: str
    kind: str
    words: str


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
    | DropDraft
    | SendConcern
    | AddToConcern
    | NoteOnConcern
    | Withdraw
    | Satisfied
    | NotSatisfied
    | Reopen
    | ReleaseNews
    | LinkStaff
)


@dataclass(frozen=True, slots=True)
class Stepped:
    """What one step of the talk gives back."""

    talk: Talk
    effects: tuple[Effect, ...]
