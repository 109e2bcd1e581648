"""Files: whole or refused, opened by their own key alone, and gone with their draft."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from storage import file_jobs, files, rotation
from storage.file_bytes import BODY_BYTES, FileOpener, FileSealer
from storage.file_jobs import FileState
from storage.schema import concerns as concern_rows
from storage.schema import file_chunks
from storage.schema import file_jobs as job_rows
from storage.schema import files as file_rows
from storage.sealing import SealError
from tests.storage.builders import NOW, new_concern, new_id
from tests.storage.filing import LEASE, TICKET, attach, claim, content_of, fill, keep

LETTER = os.urandom(3 * BODY_BYTES + 17)


async def state(store, file_id):
    async with store.read() as conn:
        return (await files.states(conn, [file_id])).get(file_id)


async def rows(store, table):
    async with store.read() as conn:
        return (await conn.execute(select(func.count()).select_from(table))).scalar()


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, BODY_BYTES, BODY_BYTES + 1, len(LETTER)])
def test_what_was_sealed_opens_byte_for_byte(size):
    key = files.new_file_key()
    sealer = FileSealer("f", key.public)
    bodies = [*sealer.feed(LETTER[: size // 2]), *sealer.feed(LETTER[size // 2 : size])]
    last, about = sealer.finish("pdf")
    opener = FileOpener("f", key.seed, about)
    opened = b"".join(opener.feed(body) for body in [*bodies, last]) + opener.finish()
    assert opened == LETTER[:size]
    assert (opener.about.size, opener.about.ending) == (size, "pdf")


def test_stored_bytes_do_not_tell_how_long_a_recording_is():
    sizes = set()
    for size in (1, 20_000, 60_000):
        sealer = FileSealer("f", files.new_file_key().public)
        sealer.feed(bytes(size))
        sizes.add(tuple(map(len, sealer.finish("oga"))))
    assert len(sizes) == 1


async def test_a_kept_file_reads_back_equal_and_its_job_is_gone(store, secrets):
    file_id, seed = await keep(store, secrets, LETTER)
    assert await state(store, file_id) is FileState.KEPT
    assert await content_of(store, file_id, seed) == LETTER
    assert await rows(store, job_rows) == 0


async def test_a_file_that_is_still_fetched_reads_as_nothing(store, secrets):
    file_id, seed = await attach(store, secrets)
    assert await state(store, file_id) is FileState.PENDING
    assert await files.open_file(store, file_id, seed) is None


async def test_another_key_opens_nothing(store, secrets):
    file_id, _ = await keep(store, secrets, LETTER)
    with pytest.raises(SealError):
        await files.open_file(store, file_id, os.urandom(32))


def flipped(body):
    return body[:-1] + bytes([body[-1] ^ 1])


async def damage(store, number, body):
    mine = file_chunks.c.n == number
    async with store.write() as conn:
        await conn.execute(update(file_chunks).where(mine).values(body=body))


async def bodies(store):
    async with store.read() as conn:
        found = await conn.execute(select(file_chunks.c.body).order_by(file_chunks.c.n))
        return list(found.scalars())


async def refused(store, file_id, seed):
    """Whatever came before the damage is genuine."""
    came = bytearray()

    async def read():
        async for piece in files.read(store, file_id, seed):
            came.extend(piece)

    with pytest.raises(SealError):
        await read()
    assert LETTER.startswith(came)


@pytest.mark.parametrize("number", [0, 1, 3])
async def test_a_flipped_bit_anywhere_is_refused(store, secrets, number):
    file_id, seed = await keep(store, secrets, LETTER)
    await damage(store, number, flipped((await bodies(store))[number]))
    await refused(store, file_id, seed)


async def test_rows_that_changed_places_are_refused(store, secrets):
    file_id, seed = await keep(store, secrets, LETTER)
    stored = await bodies(store)
    await damage(store, 1, stored[2])
    await damage(store, 2, stored[1])
    await refused(store, file_id, seed)


@pytest.mark.parametrize("number", [0, 2, 3])
async def test_a_missing_row_is_refused(store, secrets, number):
    file_id, seed = await keep(store, secrets, LETTER)
    async with store.write() as conn:
        await conn.execute(delete(file_chunks).where(file_chunks.c.n == number))
    await refused(store, file_id, seed)


async def test_the_rows_of_another_file_are_refused(store, secrets):
    file_id, seed = await keep(store, secrets, LETTER)
    other, _ = await keep(store, secrets, b"forged")
    async with store.write() as conn:
        await conn.execute(delete(file_chunks).where(file_chunks.c.file_id == file_id))
        await conn.execute(
            update(file_chunks).where(file_chunks.c.file_id == other).values(file_id=file_id)
        )
    await refused(store, file_id, seed)


async def test_a_draft_that_is_dropped_takes_its_files_with_it(store, secrets):
    gone, _ = await keep(store, secrets, LETTER)
    others, seed = await keep(store, secrets, b"of somebody else", conversation_id="c2")
    coming, _ = await attach(store, secrets)
    async with store.write() as conn:
        await files.drop_drafts(conn, secrets, ["c1"])
    assert [await state(store, one) for one in (gone, coming)] == [None, None]
    assert await content_of(store, others, seed) == b"of somebody else"
    assert await rows(store, job_rows) == 0
    assert await rows(store, file_chunks) == 1


async def test_a_sent_file_outlives_the_draft_and_goes_with_its_concern(
    store, secrets, enrol, send
):
    reader, _ = await enrol()
    concern_id = await send(new_concern([reader], b"words"))
    file_id, seed = await keep(store, secrets, LETTER)
    async with store.write() as conn:
        await files.adopt(conn, {file_id: concern_id})
        await files.drop_drafts(conn, secrets, ["c1"])
        await files.drop(conn, [file_id])
        await files.drop_unsent(conn)
    assert await content_of(store, file_id, seed) == LETTER
    async with store.write() as conn:
        assert (await conn.execute(select(file_rows.c.owner_tag))).scalar() is None
        await conn.execute(delete(concern_rows).where(concern_rows.c.id == concern_id))
    assert await rows(store, file_chunks) == 0


async def test_a_job_given_out_is_not_given_out_twice_until_its_lease_ends(store, secrets):
    file_id, _ = await attach(store, secrets)
    [job] = await claim(store, secrets)
    assert (job.file_id, job.task, job.attempts) == (file_id, TICKET, 1)
    assert await claim(store, secrets) == []
    async with store.read() as conn:
        assert await file_jobs.next_due(conn) == NOW + LEASE
    [again] = await claim(store, secrets, NOW + LEASE)
    assert again.attempts == 2


async def test_what_an_earlier_try_left_is_replaced_and_it_can_write_no_more(store, secrets):
    file_id, seed = await attach(store, secrets)
    [first] = await claim(store, secrets)
    async with store.write() as conn:
        assert await file_jobs.begin(conn, first)
        assert await file_jobs.append(conn, first, 0, [b"half", b"a file"], NOW + LEASE)
    [second] = await claim(store, secrets, NOW + 2 * LEASE)
    await fill(store, second, LETTER)
    async with store.write() as conn:
        assert not await file_jobs.append(conn, first, 2, [b"late"], NOW + LEASE)
        assert not await file_jobs.kept(conn, first, b"")
        assert not await file_jobs.give_up(conn, first)
    assert await content_of(store, file_id, seed) == LETTER


async def test_a_file_dropped_while_it_is_fetched_stays_dropped(store, secrets):
    file_id, _ = await attach(store, secrets)
    [job] = await claim(store, secrets)
    async with store.write() as conn:
        await files.drop(conn, [file_id])
    async with store.write() as conn:
        assert not await file_jobs.append(conn, job, 0, [b"x"], NOW + LEASE)
    assert await rows(store, file_chunks) == 0


async def test_a_file_given_up_leaves_nothing_but_that(store, secrets):
    file_id, seed = await attach(store, secrets)
    [job] = await claim(store, secrets)
    async with store.write() as conn:
        await file_jobs.append(conn, job, 0, [b"half"], NOW + LEASE)
        assert await file_jobs.give_up(conn, job)
    assert await state(store, file_id) is FileState.FAILED
    assert await files.open_file(store, file_id, seed) is None
    assert await rows(store, file_chunks) == await rows(store, job_rows) == 0


async def test_a_job_lives_through_rotations_but_never_opens_its_file(store, secrets):
    _, seed = await attach(store, secrets)
    for night in range(3):
        await rotation.rotate(store, secrets, NOW + timedelta(days=night))
    assert set(secrets.epochs) == {4}
    [job] = await claim(store, secrets)
    assert job.task == TICKET
    assert not job.damaged
    assert seed not in job.task + job.public


async def test_a_job_whose_epoch_is_gone_comes_back_as_damaged(store, secrets):
    await attach(store, secrets)
    new = secrets.new_epoch()
    secrets.destroy_epochs(below=new)
    [job] = await claim(store, secrets)
    assert job.damaged
    assert job.task == b""


async def test_rows_of_a_draft_name_neither_the_chat_nor_where_the_file_is(store, secrets):
    conversation = new_id()
    await attach(store, secrets, conversation_id=conversation)
    async with store.read() as conn:
        row = (await conn.execute(select(file_rows))).one()
        job = (await conn.execute(select(job_rows))).one()
    for stored in (*row, *job):
        raw = stored if isinstance(stored, bytes) else str(stored).encode()
        assert conversation.encode() not in raw
        assert TICKET not in raw
