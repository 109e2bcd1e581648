"""A file among the words of a draft: its part, its key, and what becomes of it when the draft does.

A part holds the seed that opens the file, so that whoever can open the words can open the file, and
nobody else: what is stored of the file itself never holds it.
"""

from __future__ import annotations

import json
import secrets as chance
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.casework.working_days import Calendar
from bot.dialogue.effects import KeepFile
from bot.turns.house import FILE_LOST, LANE_FEEDBACK, LANE_LIVE
from bot.turns.rendering import body
from config.wording import Wording
from storage import files
from storage.engine import Conn
from storage.files import NewFile
from storage.outbox import NewMessage
from storage.secrets import Secrets

PART: Final = "file"  # the kind of a concern's part that is a file
HERE_STILL: Final = timedelta(hours=1)  # so long after sending a file, people are told at once
_MARK: Final = b"\xff"  # begins a file's part in a draft: no text in UTF-8 holds this byte


@dataclass(frozen=True, slots=True)
class FilePart:
    """What a part says of its file. `kind` is the one that the talk was told: photo, voice, ..."""

    file_id: str
    seed: bytes = field(repr=False)
    kind: str

    def body(self) -> bytes:
        """How it is sealed to a concern."""
        said = {"file": self.file_id, "key": self.seed.hex(), "kind": self.kind}
        return json.dumps(said, separators=(",", ":")).encode()

    @classmethod
    def of(cls, body: bytes) -> FilePart:
        """Read back what `body` made. Raises ValueError for anything else."""
        try:
            said = json.loads(body)
            return cls(str(said["file"]), bytes.fromhex(said["key"]), str(said["kind"]))
        except (KeyError, TypeError) as error:
            raise ValueError(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of this very set: what its row and its fetcher need. It cannot open anything."""

    id: str
    public: bytes = field(repr=False)
    kind: str
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    """What the fetcher of a file must know, and nobody else."""

    ticket: str = field(repr=False)
    kind: str
    conversation_id: str

    def body(self) -> bytes:
        said = {"ticket": self.ticket, "kind": self.kind, "tell": self.conversation_id}
        return json.dumps(said, separators=(",", ":")).encode()

    @classmethod
    def of(cls, body: bytes) -> Task:
        said = json.loads(body)
        return cls(said["ticket"], said["kind"], said["tell"])


@dataclass(frozen=True, slots=True)
class Settled:
    """What one chat's turn did to its files. `emptied`: the draft that was stored is no more;
    `sent` are concerns by file id."""

    conversation_id: str
    new: Sequence[KeptFile]
    sent: Mapping[str, str]
    dropped: Sequence[str]
    emptied: bool


def keep(effect: KeepFile) -> tuple[bytes, KeptFile]:
    """A file's part of a draft, and the file, under fresh names and a fresh key."""
    key, file_id = files.new_file_key(), chance.token_hex(16)
    part = FilePart(file_id, key.seed, effect.kind)
    return _MARK + part.body(), KeptFile(file_id, key.public, effect.kind, effect.ticket)


def file_in(part: bytes) -> FilePart | None:
    """The file that a part of a draft is, or None for words."""
    return FilePart.of(part[len(_MARK) :]) if part.startswith(_MARK) else None


def ids_in(parts: Sequence[bytes]) -> list[str]:
    """The files among the parts of a draft."""
    return [found.file_id for part in parts if (found := file_in(part)) is not None]


def as_sent(part: bytes, words_kind: str) -> tuple[str, bytes]:
    """A part of a draft as a part of a concern: its kind and its body."""
    found = file_in(part)
    return (words_kind, part) if found is None else (PART, found.body())


async def settle(conn: Conn, keys: Secrets, chats: Sequence[Settled], now: datetime) -> None:
    """Bring the rows of files into line with the drafts and concerns that were just saved."""
    await files.adopt(conn, {one: to for chat in chats for one, to in chat.sent.items()})
    await files.drop(conn, [one for chat in chats for one in chat.dropped])
    await files.drop_drafts(conn, keys, [c.conversation_id for c in chats if c.emptied])
    new = [
        NewFile(
            id=one.id,
            public=one.public,
            task=Task(one.ticket, one.kind, chat.conversation_id).body(),
            conversation_id=chat.conversation_id,
            concern_id=chat.sent.get(one.id),
        )
        for chat in chats
        for one in chat.new
    ]
    await files.add(conn, keys, new, now)


def lost(
    wording: Wording, calendar: Calendar, task: Task, sent_at: datetime, now: datetime
) -> NewMessage:
    """What a person is told whose file cannot be kept: at once while they may still be there, else
    by day."""
    text = wording.text(FILE_LOST.get(task.kind, FILE_LOST["document"]))
    late = now - sent_at > HERE_STILL
    lane, due = (LANE_FEEDBACK, calendar.by_day(now)) if late else (LANE_LIVE, None)
    return NewMessage(f"c:{task.conversation_id}", lane, body(text), due_at=due)
