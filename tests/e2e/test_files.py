"""Voices, photos and letters, from a phone to staff: real processes, a real file, real HTTP."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from colleague import Colleague, exported
from haystack import Haystack, forms_of_bytes, forms_of_text
from heard_process import Heard
from people import Phone, Street, until
from town import Town, send, town

WORDS = ("Before the recording", "After the recording")
RECORDING = os.urandom(3_000_000)
LETTER_NAME = "Reupholstered-complaint.pdf"
LETTER = os.urandom(300_000)
KILLS = 3


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def attaches(phone: Phone, kind: str, content: bytes, **more: str) -> None:
    given = json.dumps({"kind": kind, "content": coded(content), **more}).encode()
    async with phone.http.post(
        f"{phone.url}/people/{phone.person}/attach",
        data=io.BytesIO(given),  # large bodies are not sent as bytes
        headers={"Content-Type": "application/json"},
    ) as answer:
        assert answer.status == 200, await answer.text()


def rows(here: Town, what: str) -> int:
    with closing(sqlite3.connect(f"file:{here.heard.database}?mode=ro", uri=True)) as db:
        number: int = db.execute(what).fetchone()[0]
    return number


async def all_kept(here: Town, number: int) -> None:
    async def kept() -> bool:
        return rows(here, "SELECT count(*) FROM files WHERE state = 'kept'") == number

    await until(kept)


@asynccontextmanager
async def at_the_desk(here: Town) -> AsyncIterator[Colleague]:
    colleague = await Colleague.sign_in(here.heard.console_url, "Sam Lindqvist")
    try:
        yield colleague
    finally:
        await colleague.close()


async def files_of(here: Town, reference: str) -> list[tuple[str, bytes]]:
    """What staff get by every link to a file on the concern's page: its type and its bytes."""
    async with at_the_desk(here) as sam:
        page = await sam.read(reference)
        links = [one.split('"')[0] for one in page.text.split('<p><a href="')[1:]]
        found = []
        for link in [one for one in links if "/files/" in one]:
            async with sam.browser.http.get(sam.browser.url + link) as answer:
                assert answer.status == 200
                found.append((answer.content_type, await answer.read()))
        return found


async def tells(street: Street) -> str:
    """Words, a recording, words, a letter; sent at once, whatever is still on its way."""
    phone = await street.newcomer("Somebody who cannot type now")
    await phone.say(WORDS[0])
    await attaches(phone, "voice", RECORDING)
    await phone.say(WORDS[1])
    await attaches(phone, "document", LETTER, name=LETTER_NAME)
    return await send(phone)


async def test_staff_hear_and_read_what_was_sent_in_its_order(
    installed: Heard, tmp_path: Path
) -> None:
    with town(tmp_path, installed) as here:
        async with here.street() as street:
            reference = await tells(street)
            await all_kept(here, 2)
            assert await files_of(here, reference) == [
                ("audio/ogg", RECORDING),
                ("application/octet-stream", LETTER),
            ]
        [entry] = exported(here.heard, "Sam Lindqvist")
        said = [one["text"] for one in entry["parts"] if one["kind"] in ("words", "file")]
        assert said == [
            WORDS[0],
            "[voice message: kept, open it in the console]",
            WORDS[1],
            "[document: kept, open it in the console]",
        ]
        here.said |= {*WORDS, LETTER_NAME}
        assert here.leaks() == []


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_file_survives_a_process_that_is_killed_while_it_comes(
    installed: Heard, tmp_path: Path, webhook: bool
) -> None:
    with town(tmp_path, installed, webhook=webhook) as here:
        async with here.street() as street:
            await street.control("faults", kind="stall", method="download", count=KILLS * 2)
            reference = await tells(street)
            for _ in range(KILLS):

                async def half_way() -> bool:
                    return rows(here, "SELECT count(*) FROM file_chunks") > 0

                await until(half_way)
                await asyncio.to_thread(here.heard.kill)
                here.heard.start()
                await here.heard.until_up()
            await street.control("good-day")
            await asyncio.to_thread(here.heard.kill)
            here.heard.start()
            await here.heard.until_up()
            await all_kept(here, 2)
            assert [one for _, one in await files_of(here, reference)] == [RECORDING, LETTER]


async def test_a_file_that_comes_twice_is_kept_once(installed: Heard, tmp_path: Path) -> None:
    with town(tmp_path, installed) as here:
        async with here.street() as street:
            await street.control("duplicates", count=20)
            reference = await tells(street)
            await all_kept(here, 2)
            assert rows(here, "SELECT count(*) FROM files") == 2
            assert [one for _, one in await files_of(here, reference)] == [RECORDING, LETTER]


async def test_a_draft_that_is_deleted_leaves_no_file(installed: Heard, tmp_path: Path) -> None:
    with town(tmp_path, installed) as here:
        async with here.street() as street:
            phone = await street.newcomer("Somebody who thinks again")
            await attaches(phone, "voice", RECORDING)
            await all_kept(here, 1)
            await phone.say("/stop")
            await phone.tap("Delete it")

            async def gone() -> bool:
                return rows(here, "SELECT count(*) FROM files") == 0

            await until(gone)
            assert rows(here, "SELECT count(*) FROM file_chunks") == 0


async def test_a_thief_finds_neither_bytes_nor_names_nor_tickets_of_files(
    installed: Heard, tmp_path: Path
) -> None:
    with town(tmp_path, installed) as here:
        async with here.street() as street:
            await tells(street)
            await all_kept(here, 2)
        state = Haystack.of_folder(tmp_path, tmp_path / "secrets")
        assert here.heard.stop() == 0
        stopped = Haystack.of_folder(tmp_path, tmp_path / "secrets")
        for haystack in (state, stopped):
            for at in range(0, len(RECORDING) - 16, 250_000):
                assert not haystack.finds(forms_of_bytes("sound", RECORDING[at : at + 16]))
            for name in ("Reupholstered", "BQAC", "documents/file_"):
                assert not haystack.finds(forms_of_text(name)), name
