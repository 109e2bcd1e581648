"""Look into a stopped Heard's files with its own keys: what is kept that nobody sent."""

from __future__ import annotations

from heard_process import Heard
from sqlalchemy import select

from storage import conversations
from storage.engine import Store
from storage.schema import conversations as rows
from storage.secrets import Secrets


async def drafts_of(heard: Heard) -> list[list[str]]:
    """The words of every draft, in order; a draft that does not open fails the test."""
    store = await Store.open(f"sqlite+aiosqlite:///{heard.database}")
    try:
        keys = Secrets.load(heard.folder / "secrets")
        async with store.read() as conn:
            ids = list((await conn.execute(select(rows.c.id))).scalars())
            parts, damaged = await conversations.draft_parts(conn, keys, ids)
    finally:
        await store.close()
    assert not damaged
    return [[words.decode() for words in some] for some in parts.values() if some]
