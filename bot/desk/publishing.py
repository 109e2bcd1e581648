"""You said, we did: a line for everybody, published by staff from an outcome, never by itself."""

from __future__ import annotations

import secrets as chance
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.casework import published as rules
from bot.casework.access import Action, may
from bot.casework.answer import Problem
from bot.casework.model import INDEPENDENT_TEAM, Member, NotAllowed
from bot.casework.plain import Finding
from bot.casework.published import Line
from bot.desk.desk import Desk, OpenedConcern
from bot.turns.changes import refresh
from bot.turns.concern import as_concern
from storage import audit, concerns, published, staff
from storage.engine import Conn
from storage.published import EVERYWHERE, Published

THEIRS: Final = frozenset(
    {"words", "added", "not-answered", "danger-words", "danger-details", "own-worry", "for-whom"}
)
"""Kinds of parts that hold the person's own words."""

MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """What stops a line, and what to look at before it goes out."""

    problems: Sequence[Problem]
    copied: Sequence[str]  # runs of words that the person wrote too
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Publishing:
    """`desk`'s part for public lines."""

    desk: Desk

    async def judge(self, opened: OpenedConcern, line: Line) -> Judged:
        """Look at a line beside the concern that it comes from."""
        async with self.desk.store.read() as conn:
            names = await self._names(conn)
        theirs = [
            part.words.decode("utf-8", "replace") for part in opened.parts if part.kind in THEIRS
        ]
        return Judged(
            rules.problems(line, names, opened.concern.reference),
            rules.copied(line, theirs),
            rules.hard_words(line, self.desk.house.plain),
        )

    async def publish(self, member: Member, reference: str, line: Line) -> None:
        """Publish a line that was looked at. Raises NotAllowed."""
        desk, now = self.desk, self.desk.clock.now()
        async with desk.store.write() as conn:
            row = (await concerns.by_reference(conn, [reference])).get(reference)
            readers = await concerns.readers(conn, [row.id] if row else [])
            if row is None or member.id not in readers[row.id]:
                raise NotAllowed("not-yours")
            if not may(member, row.team, Action.PUBLISH):
                raise NotAllowed("not-yours")
            if not await audit.has(conn, member.id, "opened", row.id):
                raise NotAllowed("open-it-first")
            if not rules.publishable(as_concern(row)):
                raise NotAllowed("no-outcome")
            if rules.problems(line, await self._names(conn), reference):
                raise NotAllowed("line-refused")
            new = Published(
                id=chance.token_hex(16),
                team=EVERYWHERE if row.team == INDEPENDENT_TEAM else row.team,
                said=line.said,
                did=line.did,
                at=now,
                by_id=member.id,
                concern_id=row.id,
            )
            await published.add(conn, new)
            await audit.note(conn, now, member.id, "published", row.id, f"line:{new.id}")
        await refresh(desk.store, desk.house)

    async def withdraw(self, member: Member, line_id: str) -> bool:
        """Take a line back, for good; whether it stood until now. Raises NotAllowed.

        Whoever answers for the team may: it is public, so this shows nobody a concern.
        """
        desk, now = self.desk, self.desk.clock.now()
        async with desk.store.write() as conn:
            line = await published.by_id(conn, line_id)
            if line is None:
                raise NotAllowed("no-line")
            if not may_withdraw(member, line):
                raise NotAllowed("not-yours")
            gone = await published.withdraw(conn, line_id, now)
            if gone:
                await audit.note(
                    conn, now, member.id, "unpublished", line.concern_id, f"line:{line.id}"
                )
        await refresh(desk.store, desk.house)
        return gone

    async def lines(self) -> list[Published]:
        async with self.desk.store.read() as conn:
            return await published.everything(conn, MOST_LISTED)

    async def _names(self, conn: Conn) -> list[str]:
        """Of everybody, those who left as well: people may still know them."""
        return [row.name for row in await staff.everyone(conn, self.desk.keys)]


def may_withdraw(member: Member, line: Published) -> bool:
    return may(member, line.team, Action.PUBLISH)
