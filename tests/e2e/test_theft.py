"""A stolen disk opens nothing that was sent, and without the keys it tells nothing at all."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from colleague import Colleague
from haystack import Haystack, forms_of_number, forms_of_text, packed
from heard_process import PASSPHRASE, STAFF, TOKEN, Heard
from people import Phone, Street
from sqlalchemy import select
from strange import poison
from town import Town, receipt, send, taken_in, town

from storage import conversations
from storage.columns import EPOCH, MICROSECOND
from storage.engine import Store
from storage.schema import conversations as conversation_rows
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
)
from storage.secrets import Purpose, Secrets

TELLING = 1 << 32  # as most people's numbers are; five bytes and more stand out from noise
SERVICE_USER = ["Marmalade hallucinated overnight", "wardrobe barricaded thoroughly"]
CARER = ["Grandmother's wheelchair vanished", "unbuttoned humiliation afterwards"]
UNSENT = ["Perhaps tomorrow, whispering", "\u00dcbelkeit und Schlaflosigkeit"]
ABOUT_PRIYA = ["Mockingly imitated stammering"]
UNMATCHED = "the lanky porter Zebediah Quenchley"
ADDED = "Additionally, thermometers disappeared"
ANSWER = "We interviewed everybody regarding Wednesday's supper"
OUTCOME = "Reupholstered armchairs arrive presently"
HALF_WRITTEN = "Regrettably, paperwork smouldered"


@dataclass
class Loot:
    """What happened, so that a thief's search can be told what to look for."""

    here: Town
    sealed: list[str] = field(default_factory=list)  # every word that anybody wrote
    chats: list[int] = field(default_factory=list)
    haystacks: list[Haystack] = field(default_factory=list)  # taken from it running, and stopped

    @property
    def words(self) -> set[str]:
        names = " ".join(STAFF)
        written = re.findall(r"\w{5,}", " ".join([*self.sealed, names, PASSPHRASE]))
        return {*written, TOKEN.partition(":")[2]}


@pytest.fixture(scope="module")
def loot(installed: Heard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loot]:
    folder = tmp_path_factory.mktemp("stolen")
    (folder / "tmp").mkdir()
    with town(folder, installed, TMPDIR=str(folder / "tmp")) as here:
        loot = Loot(here)
        with ThreadPoolExecutor(1) as apart:  # pytest's own loop stays out of it
            apart.submit(asyncio.run, live(loot)).result()
        for table in ("draft_parts", "exclusions", "answer_drafts", "quarantine", "alarms"):
            assert here.count(table), table
        assert here.column("outbox", "held_id")
        assert here.column("staff", "chat_tag")
        names = {one.name for one in folder.iterdir()}
        assert {"heard.db", "heard.db-wal", "heard.db-shm", "heard.log", "kept", "tmp"} <= names
        loot.haystacks.append(Haystack.of_folder(folder, folder / "secrets"))
        assert here.heard.stop() == 0
        loot.haystacks.append(Haystack.of_folder(folder, folder / "secrets"))
        yield loot


async def talk(loot: Loot, phone: Phone, words: list[str]) -> None:
    for one in words:
        loot.sealed.append(one)
        await phone.say(one)
    await phone.until("Saved, not sent yet.")


async def live(loot: Loot) -> None:
    """Everything that leaves something behind, once."""
    here = loot.here
    async with here.street() as street:
        await speak(loot, street)
        loot.chats += [phone.person for phone in street.phones]
    assert here.heard.command("backup", str(here.heard.folder / "kept")).returncode == 0


async def speak(loot: Loot, street: Street) -> None:
    user, carer, undecided, afraid, lost, nurse = [
        await street.newcomer(name, TELLING) for name in ("U", "C", "D", "A", "L", "N")
    ]
    await talk(loot, user, SERVICE_USER)
    first = await send(user, "Rowan ward")
    await user.tap("Skip")
    await user.tap("For me")
    await talk(loot, carer, CARER)
    for label in ("Send", "Birch community team", "Yes, choose"):
        await carer.tap(label)
    await talk_of_someone(loot, carer, UNMATCHED)
    await carer.tap("Skip")
    await carer.tap("For someone else")
    await talk(loot, undecided, UNSENT)
    await talk(loot, afraid, ABOUT_PRIYA)
    for label in ("Send", "Rowan ward", "Yes, choose"):
        await afraid.tap(label)
    second = await talk_of_someone(loot, afraid, "Priya Shah")
    await user.tap("Add to it")
    await user.until("What do you want to add")
    await talk(loot, user, [ADDED])
    await user.tap("Add it now")
    await user.until("Added to")
    await lost.start()
    await street.control("update", update=poison(lost.person)[0], chat_id=lost.person)
    await lost.until("It is set aside safely")
    loot.sealed.append("quietly swallowed")
    await at_the_desk(loot, first, second, nurse)
    await taken_in(street)


async def talk_of_someone(loot: Loot, phone: Phone, who: str) -> str:
    loot.sealed.append(who)
    await phone.until("Who should not see it?")
    await phone.say(who)
    await phone.tap("Send it")
    return await receipt(phone)


async def at_the_desk(loot: Loot, first: str, second: str, nurse: Phone) -> None:
    """An answer that waits to be read, an outcome, a half-written answer, a linked phone."""
    loot.sealed += [ANSWER, OUTCOME, HALF_WRITTEN]
    priya = await Colleague.sign_in(loot.here.heard.console_url, "Priya Shah")
    await priya.acknowledge(first)
    assert (await priya.write(first, "answer", done=ANSWER)).status == 303
    assert (await priya.write(first, "answer", do="save", done=HALF_WRITTEN)).status == 303
    page = await priya.browser.act("/me/link", on="/me")
    code = re.search(r"/link ([0-9A-Za-z]{8,})", page.text)
    assert code is not None, page.text
    await nurse.say(f"/link {code[1]}")
    await nurse.until("This chat is linked.")
    await priya.close()
    grace = await Colleague.sign_in(loot.here.heard.console_url, "Grace Okafor")
    await grace.acknowledge(second)
    sent = await grace.write(second, "outcome", done=OUTCOME, result="changed")
    assert sent.status == 303, sent.text
    await grace.close()


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
