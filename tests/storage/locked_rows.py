"""Rows under every kind of key, and one reading of all of them that fails if any does not open."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from storage import (
    answer_drafts,
    audit,
    audit_heads,
    concerns,
    conversations,
    files,
    meta,
    outbox,
    quarantine,
    second_factors,
    staff,
    staff_chats,
    wraps,
)
from storage.conversations import ConversationChange
from storage.errors import DamagedRow
from storage.files import NewFile
from storage.outbox import NewMessage
from storage.schema import files as file_rows
from storage.schema import outbox as outbox_rows
from storage.sealing import KeyPair, new_key_pair
from storage.second_factors import Factor
from storage.staff import StaffRow
from tests.storage.builders import CHEAP, new_concern

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
PASSPHRASE = "quiet otter lantern seven"
ANNA, BEN = "a" * 32, "b" * 32
CHATS = range(5001, 5008)
ANNAS_CHAT = 9001
CODE = "QK7M-4TXA"


@dataclass
class Filled:
    """What was put in, where reading needs to know it."""

    concern_ids: list[str] = field(default_factory=list)
    privates: dict[str, bytes] = field(default_factory=dict, repr=False)
    publics: dict[str, bytes] = field(default_factory=dict, repr=False)


def chat_of(number: int) -> str:
    return f"{number:032x}"


def change(number: int, version: int = 0, **more) -> ConversationChange:
    words = {"talk": b"talk %d" % number, "own": b"own %d" % number} | more
    return ConversationChange(chat_of(number), number, version, **words)


async def fill(store, secrets) -> Filled:
    filled = Filled()
    async with store.write() as conn:
        await meta.put(conn, meta.RECOVERY_PUBLIC, secrets.recovery_public)
        for id_, name in ((ANNA, "Anna Osei"), (BEN, "Ben Hart")):
            keys = staff.new_keys(id_, PASSPHRASE, CHEAP)
            row = StaffRow(id_, name, keys.public, keys.private_locked, True, False, (("t", "r"),))
            await staff.add_with_keys(conn, secrets, row, NOW)
            filled.privates[id_] = staff.unlock(row, PASSPHRASE)
            filled.publics[id_] = keys.public
        await staff.set_email(conn, secrets, ANNA, "anna@trust.example")
        await staff.start_link(conn, secrets, ANNA, CODE, NOW + timedelta(minutes=15))
        assert await staff.finish_link(conn, secrets, CODE, ANNAS_CHAT, NOW) == ANNA
        await conversations.save(conn, secrets, [change(n) for n in CHATS], NOW)
        for number in CHATS:
            new = new_concern([ANNA, BEN], b"words", conversation_id=chat_of(number))
            await concerns.send(conn, secrets, [new])
            filled.concern_ids.append(new.id)
        sent = filled.concern_ids
        await outbox.put(
            conn,
            secrets,
            [
                NewMessage(f"c:{chat_of(n)}", 0, b"answer", about=one)
                for n, one in zip(CHATS, sent, strict=True)
            ],
            NOW,
        )
        task = NewFile("f" * 32, new_key_pair().public, b"fetch it", chat_of(CHATS[0]))
        await files.add(conn, secrets, [task], NOW)
        await quarantine.put(conn, secrets.recovery_public, "q" * 32, NOW, "why", b"update")
        await answer_drafts.save(conn, sent[0], ANNA, b"half an answer", NOW)
        await second_factors.save(conn, ANNA, Factor(b"s" * 20, 7, (b"r" * 16,)), NOW)
        await audit.note(conn, NOW, ANNA, "read", sent[0])
    await audit_heads.sign(store, secrets, NOW)
    return filled


async def by_one_of(papers, attempt):
    """What the one recovery key gives that opens it; while it is replaced there are two papers."""
    opened = []
    for paper in papers:
        with contextlib.suppress(DamagedRow):
            opened.append(await attempt(paper.private))
    (only,) = opened
    return only


async def read(store, secrets, filled, *papers: KeyPair, annas: bytes | None = None):
    """All that opens. `annas` is her private half, if it is another one now."""
    privates = filled.privates | ({ANNA: annas} if annas else {})
    seen: dict[str, object] = {}
    async with store.read() as conn:
        talks = await conversations.load(conn, secrets, CHATS)
        assert not any(one.damaged for one in talks.values())
        seen["chats"] = {n: (talks[n].id, talks[n].talk, talks[n].own) for n in CHATS}
        by_id = await conversations.load_ids(conn, secrets, [chat_of(n) for n in CHATS])
        seen["ids"] = {one.id: one.chat_id for one in by_id.values()}
        seen["addresses"] = await concerns.return_addresses(conn, secrets, filled.concern_ids)
        rows = (await conn.execute(select(outbox_rows).order_by(outbox_rows.c.id))).all()
        seen["about"] = [outbox.open_about(secrets, row) for row in rows]
        seen["bodies"] = [outbox.unlock_body(secrets, row) for row in rows]
        members = await staff.everyone(conn, secrets)
        seen["staff"] = [(one.name, one.damaged, one.linked) for one in members]
        seen["found"] = (await staff.by_name(conn, secrets, "ANNA osei")).id
        seen["emails"] = await staff.emails(conn, secrets)
        seen["linked"] = await staff_chats.members(conn, secrets, [ANNAS_CHAT])
        for reader, private in privates.items():
            opened = [
                await concerns.open_parts(conn, one, reader, private) for one in filled.concern_ids
            ]
            seen[reader] = [[part.words for part in one.parts] for one in opened]
        seen["recovery"] = [
            await by_one_of(papers, partial(wraps.open_private, conn, one, wraps.RECOVERY))
            for one in filled.concern_ids
        ]
        seen["aside"] = [
            await by_one_of(papers, partial(open_aside, one))
            for one in await quarantine.everything(conn)
        ]
        draft = await answer_drafts.load(conn, filled.concern_ids[0], ANNA, privates[ANNA])
        seen["draft"] = draft
        seen["factor"] = await second_factors.load(conn, ANNA, privates[ANNA])
        seen["file"] = (await conn.execute(select(file_rows.c.state))).scalars().all()
    return seen


async def open_aside(one, private):
    return quarantine.open_body(one, private)


class _Undone(Exception):
    pass


async def drafts_files(store, secrets):
    """How many files are left once everybody's drafts are dropped; nothing is kept of it."""
    with pytest.raises(_Undone) as undone:  # noqa: PT012 - the count leaves with the exception
        async with store.write() as conn:
            await files.drop_drafts(conn, secrets, [chat_of(n) for n in CHATS])
            raise _Undone(len((await conn.execute(select(file_rows.c.id))).all()))
    return undone.value.args[0]
