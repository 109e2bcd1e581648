"""An installation in which something was sent, something is a draft and something waits."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage import concerns, conversations, meta, outbox, staff
from storage.concerns import NewConcern, NewPart
from storage.conversations import ConversationChange
from storage.engine import Store
from storage.migrate import upgrade
from storage.outbox import NewMessage
from storage.restore import RestoreReport, restore
from storage.sealing import (
    new_key_pair,
)
from storage.secrets import Secrets

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
SENT, DRAFT, ANSWER = b"Nobody rang me back.", b"I am still writing.", b"We are sorry."
CHAT = 4871226091
READER = new_key_pair()


class Installation:
    """A database and secrets with one concern, one draft and one answer that was not delivered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "heard.db"
        self.url = f"sqlite+aiosqlite:///{self.database}"
        self.secrets, self.code = Secrets.create(folder / "secrets")

    async def open(self) -> None:
        await upgrade(self.url)
        self.store = await Store.open(self.url)
        async with self.store.write() as conn:
            await meta.put(conn, meta.RECOVERY_PUBLIC, self.secrets.recovery_public)
            for id_, name in (("s1", "Adaeze Nwosu"), ("s2", "Bob Tanner")):
                row = staff.StaffRow(id_, name, READER.public, b"locked", True, False, ())
                await staff.add_with_keys(conn, self.secrets, row, NOW)
            await conversations.save(conn, self.secrets, self.talks(), NOW)
            await concerns.send(conn, self.secrets, [self.concern("k1"), self.concern("k2")])
            await outbox.put(conn, self.secrets, self.messages(), NOW)

    def talks(self) -> list[ConversationChange]:
        drafting = ConversationChange("c1", CHAT, 0, b"drafting", b"owns k1", add_parts=(DRAFT,))
        idle = ConversationChange("c2", CHAT + 1, 0, b"idle", b"owns k2", unreachable=True)
        return [drafting, idle]

    def concern(self, name: str) -> NewConcern:
        part = NewPart(f"p-{name}", name, "words", None, NOW, SENT)
        return NewConcern(
            name, name, "t", "sent", 0, NOW, None, None, "c1", (part,), frozenset({"s2"}),
            frozenset({"s1"}),
        )  # fmt: skip

    def messages(self) -> list[NewMessage]:
        return [
            NewMessage("c:c1", 2, ANSWER, about="k1"),
            NewMessage("c:c1", 0, b"prompt"),
            NewMessage("s:s1", 3, b"digest", about="k2"),
        ]


@asynccontextmanager
async def installed(folder: Path):
    """An installation in a new folder, its database open."""
    folder.mkdir()
    installation = Installation(folder)
    await installation.open()
    try:
        yield installation
    finally:
        await installation.store.close()


def lost(conversation_id: str) -> NewMessage:
    """What someone hears whose draft is gone."""
    return NewMessage(f"c:{conversation_id}", 1, b"Your draft was lost.")


class Restored:
    """Where a backup is brought back to."""

    def __init__(self, folder: Path) -> None:
        self.database, self.secrets = folder / "new" / "heard.db", folder / "new-secrets"

    async def make(self, file: Path, code: str) -> RestoreReport:
        return await restore(file, code, self.database, self.secrets, LATER, lost)

    async def store(self) -> Store:
        return await Store.open(f"sqlite+aiosqlite:///{self.database}")


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
