"""What a person can do in the chat, as the talk hears it.

Pure vocabulary, standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass


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
class PressedDraft:
    """A button about the draft, under the reminder of it: `choice` is go-on or no-nudge. It may
    be old: there need be no draft any more. Under the notice that something changed, the choice is
    see-changes."""

    choice: str


@dataclass(frozen=True, slots=True)
class OpenNews:
    """The person tapped "Read it" under a neutral notice."""

    held_id: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command, such as start or help. `payload` is what came after it."""

    name: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is not words and cannot be kept: sticker, location, contact, ..."""

    kind: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that can be kept: a photo, a voice message, a document. `ticket` is what fetches it,
    `size` in bytes as far as Telegram says."""

    kind: str
    ticket: str
    size: int | None = None


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
    | PressedDraft
    | OpenNews
    | Commanded
    | Unreadable
    | Attached
    | Elsewhere
    | Forged
    | Returned
    | Left
    | SetAside
)
