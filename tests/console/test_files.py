"""Files in the console: heard and seen by those who may, never run, never half a file as whole."""

from __future__ import annotations

import os
import secrets

import pytest
from sqlalchemy import func, select, update

from bot.turns.files import FilePart
from storage import alarms, audit, concerns, file_jobs
from storage.concerns import NewPart
from storage.schema import file_chunks
from tests.console.annas_desk import MOTHER, PAGE, REFERENCE
from tests.storage.filing import LEASE, attach, claim, fill

SOUND = os.urandom(600_000)


@pytest.fixture
def sends(ward):
    """Somebody sends a file to the concern; its part's id and the seed that opens it."""

    async def send(kind, content=None, ending="", reference=REFERENCE):
        async with ward.store.read() as conn:
            concern = (await concerns.by_reference(conn, [reference]))[reference].id
        file_id, seed = await attach(ward.store, ward.keys, concern_id=concern)
        part = NewPart(
            secrets.token_hex(16), concern, "file", None, ward.clock.now(),
            FilePart(file_id, seed, kind).body(),
        )  # fmt: skip
        async with ward.store.write() as conn:
            await concerns.add_parts(conn, [part])
        if content is not None:
            [job] = await claim(ward.store, ward.keys, ward.clock.now())
            await fill(ward.store, job, content, ending)
        return part.id, seed

    return send


async def fetch(browser, part, **headers):
    where = f"{browser.url}{PAGE}/files/{part}"
    async with browser.http.get(where, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.read(), answer.headers


@pytest.mark.parametrize(
    ("kind", "ending", "content", "name", "shown"),
    [
        ("voice", "oga", "audio/ogg", "voice-3.oga", "<audio "),
        ("photo", "jpg", "image/jpeg", "photo-3.jpg", "<img "),
        ("video_note", "mp4", "video/mp4", "video-note-3.mp4", "<video "),
        ("document", "pdf", "application/octet-stream", "document-3.pdf", ""),
        ("audio", "mp3", "application/octet-stream", "audio-3.mp3", ""),
    ],
)
async def test_a_file_is_there_to_hear_see_or_save(ward, sends, kind, ending, content, name, shown):
    await ward.raise_concern(MOTHER)
    part, seed = await sends(kind, SOUND, ending)
    anna = await ward.signed_in("Anna Osei")
    page = await anna.get(PAGE)
    assert f'href="{PAGE}/files/{part}" download' in page.text
    assert shown in page.text
    assert seed.hex() not in page.text
    status, body, headers = await fetch(anna, part)
    assert (status, body) == (200, SOUND)
    assert headers["Content-Type"] == content
    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "media-src 'self'" in headers["Content-Security-Policy"]


async def test_an_ending_that_could_break_the_header_is_left_out(ward, sends):
    await ward.raise_concern(MOTHER)
    part, _ = await sends("document", b"x", 'p"\r\nX: y')
    _, _, headers = await fetch(await ward.signed_in("Anna Osei"), part)
    assert headers["Content-Disposition"] == 'attachment; filename="document-3"'
    assert "X" not in headers


async def test_a_player_gets_the_stretch_it_asks_for(ward, sends):
    await ward.raise_concern(MOTHER)
    part, _ = await sends("voice", SOUND)
    anna = await ward.signed_in("Anna Osei")
    for asked, first, last in [
        ("bytes=0-1", 0, 1),
        ("bytes=300000-", 300_000, 599_999),
        ("bytes=65530-262200", 65_530, 262_200),
        ("bytes=599999-900000", 599_999, 599_999),
    ]:
        status, body, headers = await fetch(anna, part, Range=asked)
        assert (status, body) == (206, SOUND[first : last + 1])
        assert headers["Content-Range"] == f"bytes {first}-{last}/600000"
    for asked in ("bytes=600000-", "bytes=5-2", "bytes=-5", "lines=1-2", "bytes=0-599999"):
        status, body, _ = await fetch(anna, part, Range=asked)
        assert (status, body) == (200, SOUND)


async def test_a_file_without_a_byte_is_a_file(ward, sends):
    await ward.raise_concern(MOTHER)
    part, _ = await sends("document", b"")
    status, body, _ = await fetch(await ward.signed_in("Anna Osei"), part)
    assert (status, body) == (200, b"")


async def test_a_file_that_has_not_come_or_could_not_be_kept_says_so(ward, sends):
    await ward.raise_concern(MOTHER)
    part, _ = await sends("voice")
    anna = await ward.signed_in("Anna Osei")
    page = await anna.get(PAGE)
    assert "The person sent: Voice message" in page.text
    assert "It is still on its way to us." in page.text
    assert (await fetch(anna, part))[0] == 404
    [job] = await claim(ward.store, ward.keys, ward.clock.now() + LEASE)
    async with ward.store.write() as conn:
        await file_jobs.give_up(conn, job)
    page = await anna.get(PAGE)
    assert "It could not be kept. The person was told." in page.text
    assert (await fetch(anna, part))[0] == 404


async def test_for_those_left_out_a_file_is_no_different_from_none(ward, sends):
    await ward.raise_concern(MOTHER, kept_from=["Cleo Hart"])
    part, _ = await sends("voice", SOUND)
    for name in ("Cleo Hart", "Dev Rao"):
        browser = await ward.signed_in(name)
        there = await browser.get(f"{PAGE}/files/{part}")
        nowhere = await browser.get(f"/concerns/ZZZZ-ZZZZ/files/{part}")
        assert there == nowhere
        assert there.status == 404
    outside = await ward.browser().get(f"{PAGE}/files/{part}")
    assert outside.status == 303


async def test_a_part_of_another_concern_or_of_words_is_no_file(ward, sends):
    await ward.raise_concern(MOTHER)
    await ward.raise_concern(MOTHER, reference="7RPD-W2HC")
    elsewhere, _ = await sends("voice", SOUND, reference="7RPD-W2HC")
    anna = await ward.signed_in("Anna Osei")
    async with ward.store.read() as conn:
        words = (await conn.execute(select(concerns.stored_parts.c.id))).scalars().first()
    assert (await fetch(anna, elsewhere))[0] == 404
    assert (await fetch(anna, words))[0] == 404
    assert (await fetch(anna, "0" * 32))[0] == 404


async def test_opening_a_file_is_noted(ward, sends):
    await ward.raise_concern(MOTHER)
    part, _ = await sends("voice", SOUND)
    anna = await ward.signed_in("Anna Osei")
    await fetch(anna, part)
    async with ward.store.read() as conn:
        [row] = (await concerns.by_reference(conn, [REFERENCE])).values()
        assert await audit.has(conn, ward.ids["Anna Osei"], "file-opened", row.id)


async def test_a_damaged_file_breaks_off_and_sounds_the_alarm(ward, sends, log):
    await ward.raise_concern(MOTHER)
    part, _ = await sends("document", SOUND)
    async with ward.store.write() as conn:
        last = (await conn.execute(select(func.max(file_chunks.c.n)))).scalar()
        forged = update(file_chunks).where(file_chunks.c.n == last)
        await conn.execute(forged.values(body=bytes(5000)))
    anna = await ward.signed_in("Anna Osei")
    with pytest.raises(Exception, match=r"payload|Payload|disconnected|[Cc]onnection"):
        await fetch(anna, part)
    assert "file-damaged" in log.getvalue()
    async with ward.store.read() as conn:
        assert [(one.kind, one.detail) for one in await alarms.unseen(conn)] == [
            ("file-damaged", part)
        ]


async def test_no_log_line_holds_a_key_of_a_file(ward, sends, log):
    await ward.raise_concern(MOTHER)
    part, seed = await sends("voice", SOUND)
    anna = await ward.signed_in("Anna Osei")
    await fetch(anna, part)
    assert seed.hex() not in log.getvalue()
