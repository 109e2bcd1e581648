"""Files among the words: kept in their place, sent with their key, gone with their draft."""

from __future__ import annotations

from sqlalchemy import select

from bot.dialogue.effects import AddToConcern, DropDraft, DropLast, Keep, KeepFile
from bot.dialogue.inputs import Attached
from bot.turns.files import PART, FilePart, Task, file_in
from storage import file_jobs, schema
from tests.storage.filing import claim, content_of, fill
from tests.turns.wanting import draft, sending, sent_parts, wants

SAM = 4711
NOTE = KeepFile("voice", "ticket-of-a-note", 14_210)
LETTER = KeepFile("document", "ticket-of-a-letter", 84_123)


async def shown(world, chat=SAM):
    """The draft as somebody who can open it sees it."""
    parts = await draft(world, chat)
    return [found.kind if (found := file_in(one)) else one.decode() for one in parts]


async def fetched(world, content=b"spoken words"):
    jobs = await claim(world.store, world.keys, world.clock.now())
    for job in jobs:
        await fill(world.store, job, content)
    return jobs


async def test_a_file_stands_in_its_place_among_the_words(world):
    await wants(world, SAM, Keep("before"), NOTE)
    await wants(world, SAM, Keep("after"), LETTER)
    assert await shown(world) == ["before", "voice", "after", "document"]
    assert await world.count("files", "file_jobs") == [2, 2]


async def test_the_fetcher_is_told_the_ticket_and_whom_to_tell_but_no_key(world):
    await wants(world, SAM, NOTE)
    [job] = await claim(world.store, world.keys, world.clock.now())
    [part] = map(file_in, await draft(world, SAM))
    known = await world.conversation(SAM)
    assert Task.of(job.task) == Task("ticket-of-a-note", "voice", known.id)
    assert part.seed.hex().encode() not in job.task
    assert part.seed not in job.task


async def test_a_sent_file_is_opened_with_the_concern_and_in_order(world):
    await wants(world, SAM, Keep("before"), NOTE)
    await fetched(world)
    ours = sending()
    await wants(world, SAM, Keep("after"), ours)
    parts = await sent_parts(world, ours.id)
    assert [one.kind for one in parts] == ["words", "file", "words"]
    part = FilePart.of(parts[1].words)
    assert part.kind == "voice"
    assert await content_of(world.store, part.file_id, part.seed) == b"spoken words"
    assert await world.count("draft_parts") == [0]


async def test_a_concern_sent_before_its_file_has_come_gets_it_afterwards(world):
    ours = sending()
    await wants(world, SAM, NOTE, ours)
    [part] = [FilePart.of(one.words) for one in await sent_parts(world, ours.id)]
    assert await content_of(world.store, part.file_id, part.seed) == b""
    [job] = await fetched(world)
    assert job.concern_id == ours.id
    assert await content_of(world.store, part.file_id, part.seed) == b"spoken words"


async def test_a_file_added_to_a_sent_concern_goes_there(world):
    ours = sending()
    await wants(world, SAM, Keep("words"), ours)
    await wants(world, SAM, LETTER)
    await fetched(world)
    await wants(world, SAM, NOTE, AddToConcern(ours.id))
    await fetched(world)
    parts = await sent_parts(world, ours.id)
    assert [one.kind for one in parts] == ["words", "file", "file"]
    for one in parts[1:]:
        part = FilePart.of(one.words)
        assert await content_of(world.store, part.file_id, part.seed) == b"spoken words"


async def test_after_sending_nothing_stored_says_which_draft_a_file_was_in(world):
    await wants(world, SAM, NOTE)
    await wants(world, SAM, sending())
    async with world.store.read() as conn:
        [row] = (await conn.execute(select(schema.files))).all()
    assert row.owner_tag is None


async def test_two_concerns_of_one_chat_share_no_file(world):
    first, second = sending(), sending()
    await wants(world, SAM, NOTE, first, LETTER, second)
    async with world.store.read() as conn:
        rows = (await conn.execute(select(schema.files.c.concern_id))).scalars().all()
    assert sorted(rows) == sorted([first.id, second.id])
    kinds = [
        [FilePart.of(one.words).kind for one in await sent_parts(world, concern.id)]
        for concern in (first, second)
    ]
    assert kinds == [["voice"], ["document"]]


async def test_a_dropped_draft_leaves_nothing_of_its_files(world):
    await wants(world, SAM, NOTE)
    await fetched(world)
    await wants(world, SAM, LETTER)
    await wants(world, SAM, NOTE, DropDraft())
    assert await world.count("draft_parts", "files", "file_jobs", "file_chunks") == [0, 0, 0, 0]


async def test_a_file_sent_after_a_draft_was_dropped_is_kept(world):
    await wants(world, SAM, NOTE)
    await wants(world, SAM, DropDraft(), LETTER)
    assert await shown(world) == ["document"]
    assert await world.count("files") == [1]


async def test_dropping_the_last_part_drops_a_file_that_was_stored(world):
    await wants(world, SAM, Keep("stays"), NOTE)
    await fetched(world)
    await wants(world, SAM, DropLast())
    assert await shown(world) == ["stays"]
    assert await world.count("files", "file_chunks", "file_jobs") == [0, 0, 0]


async def test_dropping_the_last_part_drops_words_that_were_stored_and_no_file(world):
    await wants(world, SAM, NOTE, Keep("to the bot"))
    await wants(world, SAM, DropLast(), Keep("instead"))
    assert await shown(world) == ["voice", "instead"]
    assert await world.count("files") == [1]


async def test_dropping_the_last_part_takes_what_was_just_said_first(world):
    await wants(world, SAM, Keep("stored"))
    await wants(world, SAM, NOTE, DropLast())
    assert await shown(world) == ["stored"]
    await wants(world, SAM, Keep("one"), DropLast(), DropLast())
    assert await shown(world) == []
    assert await world.count("files") == [0]


async def test_a_part_that_was_dropped_is_not_sent(world):
    await wants(world, SAM, Keep("stays"), Keep("goes"))
    ours = sending()
    await wants(world, SAM, DropLast(), ours)
    assert [one.words for one in await sent_parts(world, ours.id)] == [b"stays"]


async def test_what_was_dropped_opens_no_more_with_the_key_of_the_draft(world):
    await wants(world, SAM, Keep("stays"), Keep("goes"))
    before = await world.everything()
    await wants(world, SAM, DropLast())
    after = await world.everything()
    assert not set(before["draft_parts"]) & set(after["draft_parts"])
    assert await shown(world) == ["stays"]


async def test_files_of_others_are_left_alone(world):
    await wants(world, SAM, NOTE)
    await wants(world, SAM + 1, LETTER)
    await wants(world, SAM, DropDraft())
    assert await shown(world, SAM + 1) == ["document"]
    async with world.store.read() as conn:
        assert await file_jobs.next_due(conn) is not None
    assert await world.count("files") == [1]


async def test_a_voice_note_about_danger_is_sealed_to_the_concern_and_leaves_no_draft(world):
    row = await world.sends(SAM, "My brother was sent home.")
    await world.taps(SAM, "Yes, in danger now")
    await world.turns.take([world.arrival(SAM, Attached("voice", "where", 5_000))])
    [job] = await fetched(world)
    [file] = [FilePart.of(one.words) for one in await sent_parts(world, row.id) if one.kind == PART]
    assert job.concern_id == row.id
    assert await content_of(world.store, file.file_id, file.seed) == b"spoken words"
    assert await shown(world) == []
    assert (await world.conversation(SAM)).due_kind is None
