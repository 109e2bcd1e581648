"""Files in the background: whole, sealed, in bounded memory, and nobody waits for another's."""

from __future__ import annotations

import asyncio
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.channel.fetching import Fetching, fetching
from bot.channel.limits import Limits
from bot.dialogue.effects import DropDraft, Keep, KeepFile
from bot.turns.files import FilePart, file_in
from storage import files, rotation
from storage.files import FileState
from storage.schema import file_chunks
from storage.sealing import SealError, key_pair_from_seed, subkey
from storage.secrets import Purpose
from tests.storage.filing import content_of
from tests.turns.built import build, copied
from tests.turns.wanting import draft, sending, sent_parts, wants

MEGABYTE = 1024 * 1024
MOST = 20 * MEGABYTE


@pytest.fixture(scope="session")
def pattern(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trust")
    with ThreadPoolExecutor(1) as apart:  # pytest's own loop stays out of it
        apart.submit(asyncio.run, build(folder)).result()
    return folder


@pytest.fixture
async def world(pattern, tmp_path):
    async with copied(pattern, tmp_path / "trust") as world:
        yield world


@pytest.fixture
def fetcher(world, bot) -> Fetching:
    return fetching(world.parts(), bot, Limits(0))


@pytest.fixture
def attached(people, world):
    """Somebody sends a file from their phone, and the talk keeps it; the file, its part and who."""

    async def attach(kind="document", chat=None, **given):
        sam = chat or (await people.new())[0]
        await people.post(f"/people/{sam}/attach", kind=kind, **given)
        *_, file = people.world.files.by_id.values()
        await wants(world, sam, KeepFile(kind, file.file_id, len(file.content)))
        part = file_in((await draft(world, sam))[-1])
        return file, part, sam

    return attach


@pytest.fixture
def until(world, fetcher):
    """Wait until the fetcher has brought a file so far; `later` moves the clock past each wait."""

    async def wait(part, wanted, later=timedelta(0)):
        async with asyncio.timeout(60):
            while await state(world, part) is not wanted:
                if later:
                    world.clock.move_to(world.clock.now() + later)
                    fetcher.wake()
                await asyncio.sleep(0.02)

    return wait


async def state(world, part):
    async with world.store.read() as conn:
        return (await files.states(conn, [part.file_id])).get(part.file_id)


async def chunks_of(world, part):
    async with world.store.read() as conn:
        mine = file_chunks.c.file_id == part.file_id
        return (await conn.execute(select(func.count()).where(mine))).scalar()


async def half_way(world, *parts):
    async with asyncio.timeout(30):
        while not all([await chunks_of(world, part) for part in parts]):
            await asyncio.sleep(0.02)


async def content(world, part):
    return await content_of(world.store, part.file_id, part.seed)


async def test_a_letter_of_20_mb_is_kept_in_order_and_never_whole_in_memory(
    world, fetcher, running, attached, until
):
    letter, part, sam = await attached(size=MOST)
    ours = sending()
    await wants(world, sam, Keep("the letter they sent me"), ours)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    running(fetcher)
    await until(part, FileState.KEPT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - before < MOST / 3
    first, second = await sent_parts(world, ours.id)
    assert [first.kind, second.kind] == ["file", "words"]
    assert await content(world, FilePart.of(first.words)) == letter.content


async def test_a_voice_note_keeps_how_its_name_ends(world, fetcher, running, attached, until):
    note, part, _ = await attached("voice")
    running(fetcher)
    await until(part, FileState.KEPT)
    found = await files.open_file(world.store, part.file_id, part.seed)
    assert (found.about.size, found.about.ending) == (len(note.content), "oga")


# The library's own deprecation, met where it builds its error.
@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
@pytest.mark.parametrize(
    "fault",
    [
        {"method": "getFile", "kind": "status", "status": 500},
        {"method": "getFile", "kind": "drop"},
        {"method": "getFile", "kind": "status", "status": 429, "retry_after": 1},
        {"method": "download", "kind": "status", "status": 404},
        {"method": "download", "kind": "status", "status": 502},
        {"method": "download", "kind": "cut"},
        {"method": "download", "kind": "short"},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
async def test_a_bad_day_of_telegram_costs_time_and_no_byte(
    people, world, fetcher, running, attached, until, fault
):
    letter, part, _ = await attached(size=2 * MEGABYTE)
    await people.fault(**fault)
    running(fetcher)
    await until(part, FileState.KEPT, later=timedelta(seconds=2))
    assert await content(world, part) == letter.content
    assert await world.alarms() == []


async def test_a_file_that_is_too_big_is_told_at_once_and_is_nobodys_fault(
    people, world, fetcher, running, attached, until
):
    _, part, sam = await attached(size=MOST + 1)
    running(fetcher)
    await until(part, FileState.FAILED)
    [told] = await world.hears(sam)
    assert told.text.startswith("I am sorry. I could not keep a file you sent.")
    assert await world.alarms() == []
    assert await world.count("file_jobs", "file_chunks") == [0, 0]


async def test_a_file_that_telegram_does_not_know_is_given_up_told_and_alarmed(
    people, world, fetcher, running, attached, until
):
    voice, part, sam = await attached("voice")
    people.world.files.by_id.pop(voice.file_id)
    running(fetcher)
    await until(part, FileState.FAILED, later=timedelta(minutes=5))
    [told] = await world.hears(sam)
    assert "the voice message you sent" in told.text
    assert await world.alarms() == ["file-refused"]


async def test_after_half_a_day_without_telegram_the_person_is_told_by_day(
    people, world, fetcher, running, attached, until
):
    _, part, _ = await attached("photo")
    await people.fault(method="getFile", kind="status", status=500, count=10_000)
    running(fetcher)
    await until(part, FileState.FAILED, later=timedelta(minutes=31))
    [(row, told)] = await world.queued()
    assert "the photo you sent" in told.text
    assert row.due_at == world.house.calendar.by_day(world.clock.now())
    assert await world.alarms() == []


async def test_files_that_hang_hold_up_no_other(people, world, fetcher, running, attached, until):
    hanging = [(await attached(size=4 * MEGABYTE))[1] for _ in range(3)]
    await people.fault(method="download", kind="stall", count=3)
    running(fetcher)
    await half_way(world, *hanging)
    _, good, _ = await attached("voice")
    _, another, _ = await attached("photo")
    fetcher.wake()
    await until(good, FileState.KEPT)
    await until(another, FileState.KEPT)
    assert {await state(world, part) for part in hanging} == {FileState.PENDING}


async def test_a_stop_in_the_middle_means_to_start_over(
    people, world, bot, fetcher, attached, until, running
):
    letter, part, _ = await attached(size=4 * MEGABYTE)
    await people.fault(method="download", kind="stall")
    first = asyncio.create_task(fetcher.run())
    await half_way(world, part)
    await fetcher.stop()
    await first
    assert await state(world, part) is FileState.PENDING
    running(fetching(world.parts(), bot, Limits(0)))
    await until(part, FileState.KEPT)
    assert await content(world, part) == letter.content


async def test_a_killed_process_means_to_start_over(
    people, world, bot, fetcher, attached, until, running
):
    """What a kill leaves: rows of half a file, and a job that somebody seems to have."""
    letter, part, _ = await attached(size=4 * MEGABYTE)
    await people.fault(method="download", kind="stall")
    first = asyncio.create_task(fetcher.run())
    await half_way(world, part)
    left = await world.everything()
    second = fetching(world.parts(), bot, Limits(0))
    running(second)
    await until(part, FileState.KEPT)
    assert left["file_chunks"]
    assert await content(world, part) == letter.content
    await fetcher.stop()
    await first
    assert await content(world, part) == letter.content


async def test_a_draft_dropped_while_its_file_comes_leaves_nothing(
    people, world, fetcher, running, attached
):
    _, part, sam = await attached(size=4 * MEGABYTE)
    await people.fault(method="download", kind="stall")
    running(fetcher)
    await half_way(world, part)
    await wants(world, sam, DropDraft())
    assert await world.count("files", "file_jobs", "file_chunks") == [0, 0, 0]
    assert await world.hears(sam) == []


async def test_a_file_sent_before_it_had_come_opens_for_staff_and_with_no_key_of_ours(
    people, world, fetcher, running, attached, until
):
    letter, part, sam = await attached(size=MEGABYTE)
    ours = sending()
    await wants(world, sam, ours)
    await rotation.rotate(world.store, world.keys, world.clock.now())
    running(fetcher)
    await until(part, FileState.KEPT)
    await rotation.rotate(world.store, world.keys, world.clock.now())
    assert await world.count("draft_parts", "file_jobs") == [0, 0]
    assert await content(world, part) == letter.content
    keys = world.keys
    roots = [path.read_bytes() for path in keys.folder.rglob("*.key")]
    tried = {*roots, *(keys.key(one) for one in Purpose)}
    tried |= {subkey(root, one) for root in roots for one in Purpose}
    public = (keys.folder / "recovery.pub").read_bytes()
    tried |= {public[at : at + 32] for at in range(0, len(public) - 31, 16)}
    for key in tried:
        with pytest.raises(SealError):
            await files.open_file(world.store, part.file_id, key)
    stored = b"".join(path.read_bytes() for path in world.folder.glob("heard.db*"))
    secret = key_pair_from_seed(part.seed).private
    assert not any(one in stored for one in (part.seed, part.seed.hex().encode(), secret[:32]))


async def test_after_a_restore_a_sent_file_that_had_not_come_is_told_to_its_person(
    people, world, fetcher, running, attached, until
):
    """A backup has no epoch keys, so the job opens no more; its concern knows whom."""
    _, part, sam = await attached("voice")
    await wants(world, sam, sending())
    await world.hears(sam)
    world.keys.destroy_epochs(below=world.keys.new_epoch())
    running(fetcher)
    await until(part, FileState.FAILED)
    assert "a file you sent" in (await world.hears(sam))[-1].text
    assert await world.alarms() == ["file-job-damaged"]


async def test_no_log_line_and_no_row_holds_the_ticket_or_the_token(
    people, world, fetcher, running, attached, until, caplog
):
    caplog.set_level("DEBUG", "bot")
    voice, part, _ = await attached("voice")
    await people.fault(method="download", kind="cut", count=2)
    running(fetcher)
    await until(part, FileState.KEPT, later=timedelta(seconds=2))
    said = "".join(f"{one.getMessage()}{one.__dict__}" for one in caplog.records)
    stored = b"".join(path.read_bytes() for path in world.folder.glob("heard.db*"))
    for secret in (voice.file_id, "sandbox-token", voice.path):
        assert secret not in said
        assert secret.encode() not in stored
