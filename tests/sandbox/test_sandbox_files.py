"""Files as a bot meets them: an id in a message, getFile, and an address that holds the token."""

from __future__ import annotations

import base64
import json

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.sandbox import SandboxOptions
from tests.sandbox.conftest import TOKEN

LETTER = bytes(range(256)) * 1000
MOST = 20 * 1024 * 1024


@pytest.fixture
async def bot(sandbox):
    urls = {"base_url": f"{sandbox.url}/bot", "base_file_url": f"{sandbox.url}/file/bot"}
    async with Bot(TOKEN, **urls) as bot:
        yield bot


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def received(take_all):
    [update] = await take_all()
    return update.message


async def test_a_document_that_somebody_picked_is_downloaded_byte_for_byte(people, bot, take_all):
    sam = await people.new()
    await take_all()
    fields = {"kind": "document", "name": "letter.PDF", "content": coded(LETTER), "caption": "see"}
    await people.post(f"/people/{sam}/attach", **fields)
    message = await received(take_all)
    assert (message.caption, message.document.file_name) == ("see", "letter.PDF")
    assert message.document.file_size == len(LETTER)
    file = await bot.get_file(message.document.file_id)
    assert file.file_path.endswith(f"/file/bot{TOKEN}/documents/file_0.PDF")
    assert bytes(await file.download_as_bytearray()) == LETTER


async def test_a_photo_comes_in_sizes_and_the_last_is_the_picture(people, bot, take_all):
    sam = await people.new()
    await take_all()
    await people.post(f"/people/{sam}/attach", kind="photo")
    message = await received(take_all)
    assert [one.width for one in message.photo] == [90, 320, 1280]
    picture = await (await bot.get_file(message.photo[-1].file_id)).download_as_bytearray()
    assert picture.startswith(b"\xff\xd8")
    assert len(picture) == message.photo[-1].file_size


@pytest.mark.parametrize("kind", ["voice", "audio", "video", "video_note", "animation", "sticker"])
async def test_every_kind_has_bytes_of_the_size_that_its_message_says(people, bot, take_all, kind):
    sam = await people.new()
    await take_all()
    await people.post(f"/people/{sam}/attach", kind=kind)
    told = getattr(await received(take_all), kind)
    content = await (await bot.get_file(told.file_id)).download_as_bytearray()
    assert len(content) == told.file_size


async def test_a_bot_gets_nothing_above_20_mb_and_no_file_it_made_up(people, bot, take_all):
    sam = await people.new()
    await take_all()
    await people.post(f"/people/{sam}/attach", kind="document", size=MOST + 1)
    message = await received(take_all)
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file(message.document.file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file_id"):
        await bot.get_file("made-up")


async def test_without_the_token_there_is_no_file(people, sandbox, bot, take_all):
    sam = await people.new()
    await take_all()
    await people.post(f"/people/{sam}/attach", kind="voice")
    file = await bot.get_file((await received(take_all)).voice.file_id)
    path = file.file_path.rpartition(f"bot{TOKEN}")[2]
    for token, status in (("1000001:another", 401), ("x", 404), (TOKEN, 200)):
        async with people.session.get(f"/file/bot{token}{path}") as answer:
            assert answer.status == status
    async with people.session.get(f"/file/bot{TOKEN}/voice/file_99.oga") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(("kind", "length"), [("cut", len(LETTER)), ("short", len(LETTER) // 2)])
async def test_a_download_can_break_off_or_be_half_of_what_was_said(
    people, bot, take_all, kind, length
):
    sam = await people.new()
    await take_all()
    await people.post(f"/people/{sam}/attach", kind="document", content=coded(LETTER))
    file = await bot.get_file((await received(take_all)).document.file_id)
    await people.post("/control/faults", kind=kind, method="download")
    async with people.session.get(file.file_path) as answer:
        assert answer.content_length == length
        if kind == "cut":
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.read()
        else:
            assert await answer.read() == LETTER[: len(LETTER) // 2]
    assert bytes(await file.download_as_bytearray()) == LETTER


async def test_content_that_is_no_base64_is_refused(people):
    sam = await people.new()
    asked = {"kind": "document", "content": "not base64!"}
    assert (await people.try_post(f"/people/{sam}/attach", **asked))[0] == 400


async def test_files_outlive_a_restart_that_keeps_the_state(start_sandbox, clock, tmp_path):
    options = SandboxOptions(clock=clock, state_file=tmp_path / "state.json", people=("Sam",))
    first = await start_sandbox(options)
    [sam] = first.world.people
    async with aiohttp.ClientSession(first.url) as session:
        fields = {"kind": "document", "content": coded(LETTER)}
        await session.post(f"/people/{sam}/attach", json=fields)
    await first.stop()
    assert json.loads((tmp_path / "state.json").read_text())["files"]
    second = await start_sandbox(options)
    [file] = second.world.files.by_id.values()
    assert file.content == LETTER
