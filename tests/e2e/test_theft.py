"""A stolen disk opens nothing that was sent, and without the keys it tells nothing at all."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from haystack import Haystack, forms_of_number, forms_of_text, packed
from heard_process import Heard
from loot import LETTER, UNSENT, Loot, live
from sqlalchemy import select
from town import town

from bot.turns.files import PART, FilePart
from storage import conversations, files
from storage.columns import EPOCH, MICROSECOND
from storage.engine import Store
from storage.schema import conversations as conversation_rows
from storage.schema import files as file_rows
from storage.schema import parts, wraps
from storage.sealing import (
    PRIVATE_BYTES,
    SealError,
    context,
    key_pair_from_seed,
    open_with,
    seed_from_code,
    subkey,
    unlock,
    unpad,
)
from storage.secrets import Purpose, Secrets

LEFT_BEHIND = (
    *("draft_parts", "exclusions", "answer_drafts", "quarantine", "alarms"),
    *("files", "file_chunks", "data_requests", "chat_messages", "counts"),
)


@pytest.fixture(scope="module")
def loot(installed: Heard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loot]:
    folder = tmp_path_factory.mktemp("stolen")
    (folder / "tmp").mkdir()
    with town(folder, installed, TMPDIR=str(folder / "tmp")) as here:
        loot = Loot(here)
        with ThreadPoolExecutor(1) as apart:  # pytest's own loop stays out of it
            apart.submit(asyncio.run, live(loot)).result()
        for table in LEFT_BEHIND:
            assert here.count(table), table
        assert "1" in here.column("concerns", "in_danger")
        assert here.column("outbox", "held_id")
        assert here.column("staff", "chat_tag")
        names = {one.name for one in folder.iterdir()}
        assert {"heard.db", "heard.db-wal", "heard.db-shm", "heard.log", "kept", "tmp"} <= names
        loot.haystacks.append(Haystack.of_folder(folder, folder / "secrets"))
        assert here.heard.stop() == 0
        loot.haystacks.append(Haystack.of_folder(folder, folder / "secrets"))
        yield loot


def search(loot: Loot, haystack: Haystack) -> dict[str, list[str]]:
    found = {word: haystack.finds(forms_of_text(word)) for word in loot.words}
    found |= {str(chat): haystack.finds(forms_of_number(chat)) for chat in loot.chats}
    return {needle: forms for needle, forms in found.items() if forms}


def test_a_stolen_disk_without_the_keys_tells_nothing(loot: Loot) -> None:
    for haystack in loot.haystacks:
        assert search(loot, haystack) == {}
    forms = sum(len(forms_of_text(one)) for one in loot.words)
    forms += sum(len(forms_of_number(one)) for one in loot.chats)
    needles = len(loot.words) + len(loot.chats)
    print(f"{needles} needles in {forms} forms, {sum(map(len, loot.haystacks))} bytes")


def test_the_search_finds_every_form_that_is_there(loot: Loot) -> None:
    folder, chance = loot.here.heard.folder, random.Random(5)
    taken = (folder / "heard.db").read_bytes()
    needles = [(word, forms_of_text(word)) for word in sorted(loot.words)]
    needles += [(str(chat), forms_of_number(chat)) for chat in loot.chats]
    planted = 0
    for needle, forms in needles:
        at = chance.randrange(len(taken))
        for form in forms.values():
            planted += 1
            window = taken[max(0, at - 200) : at] + form + taken[at : at + 200]
            assert Haystack([window]).finds(forms), needle
    for needle, forms in needles[:: len(needles) // 10]:
        for squeezed in packed(forms["utf-8"]).values():
            planted += 1
            assert "utf-8" in Haystack([taken[:at] + squeezed + taken[at:]]).finds(forms), needle
    print(f"{planted} planted, each found")


async def test_with_the_bots_keys_drafts_open_and_sent_concerns_do_not(loot: Loot) -> None:
    folder = loot.here.heard.folder
    keys = Secrets.load(folder / "secrets")
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'heard.db'}")
    try:
        async with store.read() as conn:
            ids = list((await conn.execute(select(conversation_rows.c.id))).scalars())
            chats = await conversations.load_ids(conn, keys, ids)
            drafts, damaged = await conversations.draft_parts(conn, keys, ids)
            part_rows = (await conn.execute(select(parts))).all()
            wrap_rows = (await conn.execute(select(wraps))).all()
            file_ids = list((await conn.execute(select(file_rows.c.id))).scalars())
    finally:
        await store.close()
    assert {one.chat_id for one in chats.values()} == set(loot.chats)
    assert [[word.decode() for word in one] for one in drafts.values() if one] == [UNSENT]
    assert not damaged
    tried = list(every_key(keys, folder / "secrets"))
    opened = [
        (one, len(key)) for one in wrap_rows for key in tried if opens(key, wrap_info(one), one)
    ]
    assert opened == []
    assert not any(opens(key, part_info(one), one) for one in part_rows for key in tried)
    print(f"{len(tried)} keys tried on {len(wrap_rows)} wraps and {len(part_rows)} parts")
    # The same trial does open them with the one key that may.
    recovery = key_pair_from_seed(seed_from_code(loot.here.heard.recovery_code)).private
    opened = [one for one in wrap_rows if opens(recovery, wrap_info(one), one)]
    assert {one.concern_id for one in opened} == {one.concern_id for one in wrap_rows}
    own = {one.concern_id: open_with(recovery, one.body, wrap_info(one)) for one in opened}
    assert all(opens(own[one.concern_id], part_info(one), one) for one in part_rows)
    [part] = [one for one in part_rows if one.kind == PART]
    file = FilePart.of(unpad(open_with(own[part.concern_id], part.body, part_info(part))))
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'heard.db'}")
    try:
        assert [await letter(store, file.file_id, key) for key in (*tried, file.seed)] == (
            [b""] * len(tried) + [LETTER.encode()]
        )
    finally:
        await store.close()
    assert file_ids == [file.file_id]


async def letter(store: Store, file_id: str, seed: bytes) -> bytes:
    """The file, as far as this opens it."""
    try:
        return b"".join([piece async for piece in files.read(store, file_id, seed)])
    except (SealError, ValueError):
        return b""


def every_key(keys: Secrets, folder: Path) -> Iterator[bytes]:
    """Every key and sub-key, every stretch of every file that is as long as one, and the key pairs
    that each would seed."""
    seeds = {keys.key(one) for one in Purpose}
    for file in sorted(folder.rglob("*.key")):
        root = file.read_bytes()
        seeds |= {root, *(subkey(root, one) for one in Purpose)}
    public = (folder / "recovery.pub").read_bytes()
    seeds |= {public[at : at + 32] for at in range(0, len(public) - 31, 4)}
    yield from sorted(seeds)
    yield from (key_pair_from_seed(one).private for one in sorted(seeds))
    yield from (public[at : at + PRIVATE_BYTES] for at in range(0, len(public) - PRIVATE_BYTES, 4))


def opens(key: bytes, info: bytes, row) -> bool:
    for way in (open_with, unlock):
        try:
            way(key, row.body, info)
        except (SealError, ValueError):
            continue
        return True
    return False


def wrap_info(row) -> bytes:
    return context("wraps", "body", row.concern_id, row.reader_id)


def part_info(row) -> bytes:
    said = (row.concern_id, row.id, row.kind, row.author_id or "", str(row.seq))
    micro = (row.at - EPOCH) // MICROSECOND
    return context("parts", "body", *said, str(micro))
