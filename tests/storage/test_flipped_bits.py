"""One bit changed in anything sealed is noticed, told, and harms no other row."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, select, update

from storage import (
    answer_drafts,
    concerns,
    conversations,
    file_jobs,
    meta,
    outbox,
    quarantine,
    second_factors,
    staff,
)
from storage.errors import DamagedRow
from storage.file_bytes import FileOpener
from storage.outbox import NewMessage
from storage.schema import metadata
from storage.sealing import SealError
from storage.second_factors import Factor
from tests.storage.builders import HOUR, NOW, new_chat, new_concern
from tests.storage.filing import attach, keep

# Not sealed: tags are only compared, public keys are public, a fact is what `init` wrote; the audit
# finds its own flipped bits (test_audit_tampering.py).
IN_THE_CLEAR = {
    "audit.hash",
    "audit_heads.hash",
    "audit_heads.signature",
    "meta.value",
    "staff.name_tag",
    "staff.public_key",
    "staff.chat_tag",
    "staff.link_tag",
    "conversations.chat_tag",
    "concerns.public_key",
    "files.public_key",
    "invites.tag",  # a bare hash of 256 random bits
    "files.owner_tag",
}


@pytest.fixture
async def world(store, secrets, enrol, send):
    """Two rows in every table that holds something sealed."""
    members = [await enrol("Sam Reed"), await enrol("Ali Khan")]
    ids = [member for member, _ in members]
    chats = [new_chat(chat, add_parts=(b"draft",)) for chat in (1, 2)]
    new = [new_concern([member], b"words") for member in ids]
    await send(*new)
    async with store.write() as conn:
        await conversations.save(conn, secrets, chats, NOW)
        lines = [f"c:{chats[0].id}", f"c:{chats[1].id}", f"s:{ids[0]}", f"s:{ids[1]}"]
        messages = [NewMessage(line, 0, b"body", about="concern") for line in lines]
        await outbox.put(conn, secrets, messages, NOW)
        public = await meta.get(conn, meta.RECOVERY_PUBLIC)
        for n, (member, concern) in enumerate(zip(ids, new, strict=True)):
            await staff.start_link(conn, secrets, member, f"code {n}", NOW + HOUR)
            await staff.finish_link(conn, secrets, f"code {n}", 70 + n, NOW)
            await staff.set_email(conn, secrets, member, f"{n}@ward.example")
            await second_factors.save(conn, member, Factor(b"secret", n, ()), NOW)
            await answer_drafts.save(conn, concern.id, member, b"draft", NOW)
            await quarantine.put(conn, public, f"update {n}", NOW, "unreadable", b"body")
    kept = [await keep(store, secrets, b"a recording") for _ in range(2)]
    coming = [await attach(store, secrets) for _ in range(2)]
    return members, chats, new, [*kept, *coming]


class Look:
    """Everything that opens, each told as a name; what does not open is missing."""

    def __init__(self, conn, secrets, recovery, world) -> None:
        self.conn, self.secrets, self.recovery = conn, secrets, recovery
        self.members, self.chats, self.new, self.files = world
        self.seen: set[str] = set()

    def tell(self, what: str, fine: bool) -> None:
        if fine:
            self.seen.add(what)

    async def people(self) -> None:
        ids = [chat.id for chat in self.chats]
        found = await conversations.load_ids(self.conn, self.secrets, ids)
        parts, _ = await conversations.draft_parts(self.conn, self.secrets, ids)
        for n, one in enumerate(ids):
            self.tell(f"chat {n}", found[one].chat_id != 0)
            self.tell(f"talk {n}", found[one].talk == b"talk")
            self.tell(f"own {n}", found[one].own == b"own")
            self.tell(f"draft {n}", parts[one] == [b"draft"])
            whole = bool(found[one].chat_id and found[one].talk and found[one].own)
            assert found[one].damaged != whole

    async def lines(self) -> None:
        lease = timedelta(0)
        for message in await outbox.claim(self.conn, self.secrets, NOW, lease, 10):
            self.tell(f"message {message.id}", not message.damaged)
        table = metadata.tables["outbox"]
        for row in await self.conn.execute(select(table)):
            try:
                outbox.open_about(self.secrets, row)
                self.tell(f"about {row.id}", True)
            except SealError:
                continue

    async def desk(self) -> None:
        rows = {row.id: row for row in await staff.everyone(self.conn, self.secrets)}
        emails = await staff.emails(self.conn, self.secrets)
        back = await concerns.return_addresses(
            self.conn, self.secrets, [concern.id for concern in self.new]
        )
        for n, ((member, private), concern) in enumerate(zip(self.members, self.new, strict=True)):
            self.tell(f"name {n}", not rows[member].damaged)
            self.tell(f"return {n}", concern.id in back)
            try:
                opened = await concerns.open_parts(self.conn, concern.id, member, private)
                self.tell(f"words {n}", len(opened.parts) == 1 and not opened.damaged)
            except DamagedRow:
                pass
            try:
                await answer_drafts.load(self.conn, concern.id, member, private)
                self.tell(f"answer {n}", True)
            except DamagedRow:
                pass
            self.tell(f"email {n}", member in emails)
            with contextlib.suppress(DamagedRow):
                self.tell(f"phone {n}", bool(await second_factors.load(self.conn, member, private)))
            try:
                staff.unlock(rows[member], "a passphrase")
                self.tell(f"private {n}", True)
            except SealError:
                pass

    async def aside(self) -> None:
        for entry in await quarantine.everything(self.conn):
            try:
                quarantine.open_body(entry, self.recovery.private)
                self.tell(entry.id, True)
            except DamagedRow:
                continue

    async def attached(self) -> None:
        chunks, jobs = (metadata.tables[name] for name in ("file_chunks", "file_jobs"))
        for n, (file_id, seed) in enumerate(self.files):
            mine = select(metadata.tables["files"].c.about).where(
                metadata.tables["files"].c.id == file_id
            )
            about = (await self.conn.execute(mine)).scalar_one()
            wanted = select(chunks.c.body).where(chunks.c.file_id == file_id)
            bodies = (await self.conn.execute(wanted)).scalars()
            try:
                if about is not None:
                    opener = FileOpener(file_id, seed, about)
                    whole = b"".join(map(opener.feed, bodies)) + opener.finish()
                    self.tell(f"file {n}", whole == b"a recording")
            except SealError:
                continue
        for row in await self.conn.execute(select(jobs)):
            try:
                file_jobs.unlock_job(self.secrets, row.epoch, row.id, row.body)
                first = row.id == self.files[2][0]
                self.tell("the first job" if first else "another job", True)
            except SealError:
                continue

    async def everything(self) -> set[str]:
        for look in (self.people, self.lines, self.desk, self.aside, self.attached):
            await look()
        return self.seen


# What is lost with the first row of each column, beside nothing else.
LOST = {
    "conversations.chat_sealed": {"chat 0", "message 1"},
    "conversations.key_locked": {"talk 0", "draft 0"},
    "conversations.talk": {"talk 0"},
    "conversations.own": {"own 0"},
    "draft_parts.body": {"draft 0"},
    "outbox.mark": {"message 1", "about 1"},
    "outbox.body": {"message 1"},
    "outbox.about": {"about 1"},
    "staff.name_sealed": {"name 0"},
    "staff.private_locked": {"private 0"},
    "staff.chat_sealed": {"message 3"},
    "staff.email_sealed": {"email 0"},
    "second_factors.body": {"phone 0"},
    "concerns.return_sealed": {"return 0"},
    "parts.body": {"words 0"},
    "wraps.body": {"words 0"},
    "answer_drafts.body": {"answer 0"},
    "quarantine.body": {"update 0"},
    "files.about": {"file 0"},
    "file_chunks.body": {"file 0"},
    "file_jobs.body": {"the first job"},
}


def test_every_sealed_column_is_tried():
    columns = {
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert columns == LOST.keys() | IN_THE_CLEAR


def first_row(name, column, world):
    """Which row belongs to the first of everything."""
    members, chats, new, files = world
    table = column.table.c
    return {
        "conversations": lambda: table.id == chats[0].id,
        "draft_parts": lambda: table.conversation_id == chats[0].id,
        "outbox": lambda: table.id == 1,
        "staff": lambda: table.id == members[0][0],
        "second_factors": lambda: table.staff_id == members[0][0],
        "concerns": lambda: table.id == new[0].id,
        "parts": lambda: table.concern_id == new[0].id,
        "wraps": lambda: (table.concern_id == new[0].id) & (table.reader_id == members[0][0]),
        "answer_drafts": lambda: table.concern_id == new[0].id,
        "quarantine": lambda: table.id == "update 0",
        "files": lambda: table.id == files[0][0],
        "file_chunks": lambda: table.file_id == files[0][0],
        "file_jobs": lambda: table.id == files[2][0],
    }[name]()


async def test_a_flipped_bit_is_noticed_and_harms_only_its_row(store, secrets, recovery, world):
    async with store.write() as conn:
        whole = await Look(conn, secrets, recovery, world).everything()
    assert len(whole) == 36
    for name, lost in LOST.items():
        table, column = name.split(".")
        column = metadata.tables[table].c[column]
        here = first_row(table, column, world)
        async with store.write() as conn:
            good = (await conn.execute(select(column).where(here))).scalar_one()
        # The version byte, the suite byte, the middle and the last byte.
        for place in (0, 1, len(good) // 2, len(good) - 1):
            bad = bytearray(good)
            bad[place] ^= 0x10
            async with store.write() as conn:
                await conn.execute(update(column.table).where(here).values({column: bytes(bad)}))
                seen = await Look(conn, secrets, recovery, world).everything()
                assert whole - seen == lost, (name, place)
                await conn.execute(update(column.table).where(here).values({column: good}))
