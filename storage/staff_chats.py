"""Which member of staff a chat belongs to: looked up by its tag alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from storage.chunks import chunks
from storage.connection import Conn
from storage.schema import staff
from storage.secrets import Secrets
from storage.staff_rows import staff_chat_tags


async def members(conn: Conn, secrets: Secrets, chat_ids: Collection[int]) -> Mapping[int, str]:
    """The id of the active member of staff who linked each chat; a chat that nobody linked is not
    in it."""
    tags = {tag: chat_id for chat_id in chat_ids for tag in staff_chat_tags(secrets, chat_id)}
    found: dict[int, str] = {}
    for some in chunks(tags):
        rows = await conn.execute(
            select(staff.c.id, staff.c.chat_tag).where(staff.c.chat_tag.in_(some), staff.c.active)
        )
        found.update({tags[row.chat_tag]: row.id for row in rows})
    return found
