"""Files in the day in which Heard opens everything: made, fetched as far as one can, and heard."""

from __future__ import annotations

from datetime import timedelta

from bot.channel.fetching import fetching
from bot.channel.limits import Limits
from bot.turns.files import FilePart, Task
from storage import concerns, file_jobs, files
from storage.errors import DamagedRow
from storage.file_bytes import FileSealer
from storage.sealing import SealError


async def attach(made, day, row) -> None:
    """To one concern: a recording that is kept, and one that is still to be fetched."""
    now = day.clock.now()
    async with day.store.write() as conn:
        for n in (1, 2):
            key, file_id = files.new_file_key(), f"{row.id[:31]}{n}"
            task = Task("ticket", "voice", made.chats[made.raised[row.reference]]).body()
            new = files.NewFile(file_id, key.public, task, "", row.id)
            await files.add(conn, day.keys, [new], now)
            said = FilePart(file_id, key.seed, "voice").body()
            part = concerns.NewPart(f"{row.id[:30]}f{n}", row.id, "file", None, now, said)
            await concerns.add_parts(conn, [part])
            made.files[file_id] = row.reference
            if n == 1:
                jobs = await file_jobs.claim(conn, day.keys, now, timedelta(0), 50)
                [job] = [one for one in jobs if one.file_id == file_id]
                sealer = FileSealer(file_id, key.public)
                full = sealer.feed(b"they shouted")
                last, about = sealer.finish("oga")
                assert await file_jobs.append(conn, job, 0, [*full, last], now)
                assert await file_jobs.kept(conn, job, about)
                made.heard_in[row.reference] = part.id


async def fetch(day) -> None:
    """As far as one gets without Telegram."""
    async with day.store.write() as conn:
        jobs = await file_jobs.claim(conn, day.keys, day.clock.now(), timedelta(0), 50)
    for job in jobs:
        if job.damaged:
            await fetching(day.ours, None, Limits(0))._fetch(None, job)
        else:
            day.works[f"fetching for {day.sealed.files[job.file_id]}"] += 1


async def hear(day, member, reference: str) -> None:
    """A file, to its end, as the console gives it."""
    private, part = day.sealed.privates[member.name], day.sealed.heard_in[reference]
    try:
        found = await day.desk.open_file(member, private, reference, part)
        if found is not None:
            sound = b"".join([piece async for piece in found.file.pieces])
            day.works[f"{member.name} hears {sound!r} in {reference}"] += 1
    except DamagedRow:
        return
    except SealError:
        await day.desk.file_damaged(part)
