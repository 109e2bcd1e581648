"""Messages on their way out, written in the transaction whose news they bring.

Each recipient has one line: what is due leaves it strictly by id, one at a time. A lane only
decides which recipient comes first. Bodies are locked under an epoch key.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from storage import staff
from storage.chunks import chunks
from storage.connection import Conn
from storage.conversations import set_unreachable
from storage.errors import BadRow
from storage.outbox_queries import claimable, mark_claimed, mark_undelivered, soonest
from storage.outbox_rows import (
    CONVERSATION,
    MAILED,
    MEMBER,
    Claimed,
    MessageState,
    NewMessage,
    locked_body,
    new_row,
    open_about,
    opened,
    unlock_body,
)
from storage.schema import outbox
from storage.sealing import SealError
from storage.secrets import Purpose, Secrets

log = logging.getLogger(__name__)

__all__ = [
    "Claimed",
    "MessageState",
    "NewMessage",
    "claim",
    "delivered",
    "go_on",
    "hold_back",
    "next_due",
    "of_recipient",
    "open_about",
    "put",
    "refuse",
    "release",
    "reset_claims",
    "retry",
    "unlock_body",
    "waiting",
]


async def put(conn: Conn, secrets: Secrets, messages: Sequence[NewMessage], now: datetime) -> None:
    """Add messages at the end of their recipients' lines, in this order.

    A replaceable message takes the place of any replaceable one of its recipient that still waits
    and was not given out, also within this set. Raises BadRow for a recipient of no kind.
    """
    if any(not m.recipient.startswith((CONVERSATION, MEMBER, MAILED)) for m in messages):
        raise BadRow("a recipient begins with c:, s: or e:")
    replacing = {m.recipient: place for place, m in enumerate(messages) if m.replaceable}
    for some in chunks(replacing):
        await conn.execute(
            delete(outbox).where(
                outbox.c.recipient.in_(some),
                outbox.c.state == MessageState.QUEUED,
                outbox.c.replaceable,
                outbox.c.claimed_until.is_(None),
            )
        )
    epoch = secrets.newest_epoch()
    rows = [
        new_row(secrets, message, epoch, now)
        for place, message in enumerate(messages)
        if not message.replaceable or replacing[message.recipient] == place
    ]
    if rows:
        await conn.execute(insert(outbox), rows)


async def claim(  # noqa: PLR0913, PLR0917 - when, for how long, how many and for whom not: all vary alone
    conn: Conn,
    secrets: Secrets,
    now: datetime,
    lease: timedelta,
    limit: int,
    skip: frozenset[str] = frozenset(),
) -> list[Claimed]:
    """Take up to `limit` messages to send, one a recipient, its oldest; theirs until `now + lease`.

    The recipient with the smallest lane among what is due comes first, then the older message. A
    line whose first message waits (for a retry, or given out) waits whole; so do people who cannot
    be reached, staff without a chat, and recipients in `skip`. A message for later, never tried,
    keeps nobody waiting. On PostgreSQL rows that another
    process is taking are passed over. A damaged message comes back as such: refuse it.
    """
    found = (await conn.execute(claimable(now, limit, skip))).all()
    if not found:
        return []
    await conn.execute(mark_claimed([row.id for row in found], now + lease))
    chat_keys = secrets.keys(Purpose.CHAT_ID)
    return [opened(secrets, chat_keys, row) for row in found]


async def delivered(conn: Conn, ids: Iterable[int]) -> None:
    """Forget messages that were sent."""
    for some in chunks(ids):
        await conn.execute(delete(outbox).where(outbox.c.id.in_(some)))


async def retry(conn: Conn, id: int, at: datetime) -> None:
    """Try a message again at `at`; the rest of its line waits with it. Counts an attempt."""
    await conn.execute(
        update(outbox)
        .where(outbox.c.id == id)
        .values(due_at=at, claimed_until=None, attempts=outbox.c.attempts + 1)
    )


async def go_on(conn: Conn, secrets: Secrets, id: int, body: bytes) -> None:
    """Something that was done in part keeps its place in its line, with what is left of it as its
    body, and counts as never tried. What is gone stays gone.
    """
    found = await conn.execute(select(outbox).where(outbox.c.id == id).with_for_update())
    if (row := found.first()) is None:
        return
    await conn.execute(
        update(outbox)
        .where(outbox.c.id == id)
        .values(**locked_body(secrets, row, body), claimed_until=None, attempts=0)
    )


async def hold_back(conn: Conn, recipient: str, version: int) -> None:
    """Stop a line whose chat refuses us: a person is unreachable until they write again, a member
    of staff until they link a chat again. Nothing of the line is lost.

    `version` is what `claim` told: someone who has written since is there, whatever an older call
    was answered, and their line goes on.
    """
    owner = recipient[len(CONVERSATION) :]
    if recipient.startswith(CONVERSATION):
        await set_unreachable(conn, owner, True, version)
    else:
        await staff.unlink(conn, owner)
    await conn.execute(
        update(outbox)
        .where(outbox.c.recipient == recipient, outbox.c.state == MessageState.QUEUED)
        .values(claimed_until=None)
    )


async def refuse(conn: Conn, secrets: Secrets, id: int, why: str) -> None:
    """Set a message aside for good; it is kept, its line goes on. `why` holds no words of it.

    The concern that it told its person of is marked, so that staff say it again.
    """
    refused = await conn.execute(
        update(outbox)
        .where(outbox.c.id == id)
        .values(state=MessageState.REFUSED, why=why, claimed_until=None)
        .returning(outbox)
    )
    row = refused.first()
    if row is None or row.about is None or not row.recipient.startswith(CONVERSATION):
        return
    try:
        concern_id = open_about(secrets, row)
    except SealError:
        log.warning("message-names-no-concern", extra={"outbox": id})
        return
    await conn.execute(mark_undelivered([concern_id]))


async def release(conn: Conn, recipient: str, held_id: str) -> bool:
    """Queue a held message as a live answer; False when this recipient holds none by that id."""
    done = await conn.execute(
        update(outbox)
        .where(
            outbox.c.held_id == held_id,
            outbox.c.recipient == recipient,
            outbox.c.state == MessageState.HELD,
        )
        .values(state=MessageState.QUEUED, lane=0)
    )
    return done.rowcount == 1


async def of_recipient(
    conn: Conn, secrets: Secrets, recipient: str
) -> list[tuple[datetime, bytes]]:
    """Everything that is kept for one recipient, in its order: since when, and its body. What does
    not open is left out."""
    rows = await conn.execute(
        select(outbox).where(outbox.c.recipient == recipient).order_by(outbox.c.id)
    )
    found = []
    for row in rows:
        with contextlib.suppress(SealError):
            found.append((row.created_at, unlock_body(secrets, row)))
    return found


async def reset_claims(conn: Conn) -> None:
    """Take back everything that was given out; only for the start of a single process."""
    await conn.execute(
        update(outbox).where(outbox.c.claimed_until.is_not(None)).values(claimed_until=None)
    )


async def waiting(conn: Conn) -> dict[tuple[str, int], int]:
    """How many messages there are, by state and lane."""
    rows = await conn.execute(
        select(outbox.c.state, outbox.c.lane, func.count().label("number")).group_by(
            outbox.c.state, outbox.c.lane
        )
    )
    return {(row.state, row.lane): row.number for row in rows}


async def next_due(conn: Conn, by: datetime | None = None) -> datetime | None:
    """When the first line may go on (it may be past), or None when nothing can be sent by waiting;
    messages for after `by` are passed over.

    Reads every line: ask when `claim` had nothing left, not before.
    """
    found = await conn.execute(soonest(by))
    moment: datetime | None = found.scalar()
    return moment
