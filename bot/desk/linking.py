"""Concerns that belong together: staff may hold two to be related, and may have the person asked
whether two are one matter. Each keeps its person, exclusions, promises and answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.casework.access import Action
from bot.casework.asking import can_merge
from bot.casework.model import Concern, Member, NotAllowed
from bot.desk.desk import TRIES, Desk
from bot.desk.noting import allowed
from bot.turns.concern import as_concern
from storage import audit, concern_links, concerns, staff_names
from storage.concern_links import Kind
from storage.concerns import ConcernRow
from storage.engine import Conn, StoreConflict

Do = Callable[[Conn, ConcernRow, ConcernRow, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Linked:
    """Another concern, as this one's page may show it to somebody who can read both."""

    reference: str
    kind: Kind
    by_id: str | None
    at: datetime
    goes_on_here: bool  # of merged ones: whether the other goes on in this one


async def links(desk: Desk, member: Member, concern: Concern) -> Sequence[Linked]:
    """The links of a concern whose other end this member can read too; no others exist for them.
    That the person was asked is the same for everybody's pairs, whoever sent them."""
    async with desk.store.read() as conn:
        found = await concern_links.of_concern(conn, concern.id)
        others = [one.other(concern.id) for one in found]
        rows = await concerns.load(conn, others)
        readers = await concerns.readers(conn, others)
    return [
        Linked(
            rows[other].reference,
            Kind.PROPOSED if one.kind is Kind.ASKED else one.kind,
            one.by_id,
            one.at,
            one.a_id == concern.id,
        )
        for one, other in zip(found, others, strict=True)
        if other in rows and member.id in readers.get(other, frozenset())
    ]


async def names(desk: Desk, found: Sequence[Linked]) -> dict[str, str]:
    """Who linked them, by id."""
    wanted = {one.by_id for one in found if one.by_id is not None}
    async with desk.store.read() as conn:
        return await staff_names.names(conn, desk.keys, wanted)


async def relate(desk: Desk, member: Member, reference: str, other: str) -> None:
    """Hold two concerns to be related. Raises NotAllowed."""

    async def do(conn: Conn, one: ConcernRow, two: ConcernRow, now: datetime) -> None:
        if not await concern_links.relate(conn, one.id, two.id, member.id, now):
            raise NotAllowed("linked")

    await _both(desk, member, (reference, other), "linked", do)


async def unrelate(desk: Desk, member: Member, reference: str, other: str) -> None:
    """Take that back. Raises NotAllowed."""

    async def do(conn: Conn, one: ConcernRow, two: ConcernRow, _: datetime) -> None:
        if not await concern_links.unrelate(conn, one.id, two.id):
            raise NotAllowed("not-linked")

    await _both(desk, member, (reference, other), "unlinked", do)


async def ask_whether_one(desk: Desk, member: Member, reference: str, other: str) -> None:
    """Have the person asked whether two concerns are one matter, if both are from one person.

    Whether they are is not looked at here: what is kept and how long it takes is the same for any
    two. Raises NotAllowed, and only for what the member can see themselves.
    """

    async def do(conn: Conn, one: ConcernRow, two: ConcernRow, now: datetime) -> None:
        older, newer = sorted((one, two), key=lambda row: (row.sent_at, row.id))
        if not can_merge(as_concern(newer), as_concern(older)):
            raise NotAllowed("not-mergeable")
        if not await concern_links.propose(conn, older.id, newer.id, member.id, now):
            raise NotAllowed("asked-before")

    await _both(desk, member, (reference, other), "asked-whether-one", do)


async def _both(desk: Desk, member: Member, references: tuple[str, str], deed: str, do: Do) -> None:
    """One act on two concerns that this member can read, may link and has opened. The audit's line
    is about neither alone: who reads only one of them must not learn that there is another."""
    for _ in range(TRIES):
        try:
            async with desk.store.write() as conn:
                one = await allowed(conn, member, references[0], Action.LINK)
                two = await _other(conn, member, references[1])
                if one.id == two.id:
                    raise NotAllowed("no-such")
                now = desk.clock.now()
                await do(conn, one, two, now)
                ids = " ".join(sorted((one.id, two.id)))
                await audit.note(conn, now, member.id, deed, None, f"concerns:{ids}")
            return
        except StoreConflict:
            continue
    raise NotAllowed("busy")


async def _other(conn: Conn, member: Member, reference: str) -> ConcernRow:
    """What does not exist and what this member is kept from are refused in the same words."""
    try:
        return await allowed(conn, member, reference, Action.LINK)
    except NotAllowed as refused:
        read_first = str(refused) == "open-it-first"
        raise NotAllowed("open-both" if read_first else "no-such") from None
