"""What the channel hands to a turn, and what it gets back once the turn is committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.dialogue.inputs import Input, OpenNews, Pressed, PressedAbout, PressedDraft

# Buttons that may be used again.
_LASTING_CHOICES: Final = frozenset({"add", "take-back", "in-danger"})


@dataclass(frozen=True, slots=True)
class StaffTap:
    """A button that only staff are sent: about which concern, and what it stands for."""

    reference: str
    what: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """One update, understood. `inputs` is empty for kinds that we ignore by name; `chat_id` is None
    when not even that could be read. `raw` is the update as it came, kept only if it must be set
    aside (sealed)."""

    update_id: int
    chat_id: int | None
    inputs: tuple[Input, ...]
    raw: bytes
    callback_id: str | None = None
    message_id: int | None = None  # of the message whose button was pressed
    said: tuple[int, ...] = ()  # messages that stand in the private chat since, not noted yet
    tap: StaffTap | None = None  # from anybody who is no member of staff, `inputs` count: forged


@dataclass(frozen=True, slots=True)
class Answered:
    """Committed. What is left is courtesy: stop the button's spinner, strip used buttons."""

    update_id: int
    callback_id: str | None = None
    strip: tuple[int, int] | None = None  # chat id, message id


def uses_up(given: Input, step_before: int) -> bool:
    """Whether this tap leaves its buttons with nothing more to say."""
    if isinstance(given, Pressed):
        return given.step == step_before
    if isinstance(given, PressedAbout):
        return given.choice not in _LASTING_CHOICES
    return isinstance(given, OpenNews | PressedDraft)
