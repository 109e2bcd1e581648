"""Between two messages a chat is two pieces of JSON: the talk, which a draft's key opens, and what
the person owns (their sent concerns, their language), which must outlive drafts and restores.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from bot.dialogue.model import Talk

_TUPLES = frozenset({"kept_from", "trail"})
_TALK_FIELDS = frozenset(one.name for one in fields(Talk))


class UnreadableMemoryError(ValueError):
    """What was kept for a chat is not what we write. Our fault; the talk starts afresh."""


@dataclass(frozen=True, slots=True)
class Memory:
    talk: Talk = field(default_factory=Talk)
    concerns: tuple[str, ...] = ()  # ids of sent concerns, oldest first
    complaints: tuple[str, ...] = ()  # ids of complaints about data, which are no concerns

    @property
    def everything(self) -> tuple[str, ...]:
        """The ids of all that was sent from this chat."""
        return (*self.concerns, *self.complaints)

    def complaining(self, complaint_id: str) -> Memory:
        return replace(self, complaints=(*self.complaints, complaint_id))

    def owning(self, concern_id: str) -> Memory:
        return replace(self, concerns=(*self.concerns, concern_id))


def talk_bytes(memory: Memory) -> bytes:
    return json.dumps(asdict(memory.talk), separators=(",", ":")).encode()


def own_bytes(memory: Memory) -> bytes:
    own = {"concerns": memory.concerns, "language": memory.talk.language}
    if memory.complaints:
        own["complaints"] = memory.complaints
    return json.dumps(own, separators=(",", ":")).encode()


def recall(talk: bytes, own: bytes) -> Memory:
    """Read both pieces back; an empty piece is a fresh one.

    Raises UnreadableMemoryError for bytes that this program did not write.
    """
    try:
        talked: dict[str, Any] = json.loads(talk) if talk else {}
        owned: dict[str, Any] = json.loads(own) if own else {}
        known: dict[str, Any] = {
            name: tuple(value) if name in _TUPLES else value
            for name, value in ({"language": owned.get("language", "")} | talked).items()
            if name in _TALK_FIELDS
        }
        sent, complaints = (tuple(owned.get(one, ())) for one in ("concerns", "complaints"))
        return Memory(Talk(**known), sent, complaints)
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableMemoryError(type(error).__name__) from None
