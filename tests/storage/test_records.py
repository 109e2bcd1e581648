"""The small tables: updates seen, alarms, audit, digests, drafts of answers, what was set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from storage import alarms, answer_drafts, audit, digests, meta, quarantine, seen
from storage.engine import BadRow, StoreConflict
from storage.errors import DamagedRow
from storage.schema import answer_drafts as draft_rows
from tests.storage.builders import HOUR, NOW, new_concern, new_id


async def test_updates_are_remembered_by_bot_and_number(store):
    async with store.write() as conn:
        await seen.remember(conn, 1, [9, 3, 3], NOW)
        assert await seen.unseen(conn, 1, [3, 4, 9, 4]) == {4}
        assert await seen.unseen(conn, 2, [3]) == {3}
        assert await seen.unseen(conn, 1, []) == set()


async def test_an_update_is_turned_by_one_process_alone(store):
    async with store.write() as conn:
        await seen.remember(conn, 1, [3], NOW)
    with pytest.raises(StoreConflict):
        async with store.write() as conn:
            await seen.remember(conn, 1, [4, 3], NOW)
    async with store.read() as conn:
        assert await seen.unseen(conn, 1, [4]) == {4}


async def test_old_updates_are_forgotten(store):
    async with store.write() as conn:
        await seen.remember(conn, 1, [1], NOW)
        await seen.remember(conn, 1, [2], NOW + HOUR)
        assert await seen.prune(conn, NOW + HOUR) == 1
        assert await seen.unseen(conn, 1, [1, 2]) == {1}


async def test_alarms_stay_until_they_are_seen(store):
    first, second = new_id(), new_id()
    async with store.write() as conn:
        await alarms.sound(conn, second, NOW + HOUR, "damaged", "conversation 1")
        await alarms.sound(conn, first, NOW, "refused", "message 2")
        assert [alarm.id for alarm in await alarms.unseen(conn)] == [first, second]
        await alarms.mark_seen(conn, [first])
        assert await alarms.unseen(conn) == [
            alarms.Alarm(second, NOW + HOUR, "damaged", "conversation 1")
        ]


async def test_the_audit_keeps_the_order_of_deeds(store):
    async with store.write() as conn:
        for action, who in (("opened", "a"), ("acknowledged", "a"), ("told", None)):
            await audit.note(conn, NOW, who, action, "concern")
        await audit.note(conn, NOW, "a", "signed-in", None)
        assert [deed.action for deed in await audit.of_concern(conn, "concern")] == [
            "opened",
            "acknowledged",
            "told",
        ]
        assert await audit.has(conn, "a", "opened", "concern")
        assert not await audit.has(conn, "b", "opened", "concern")
        assert not await audit.has(conn, "a", "opened", "other")


async def test_a_digest_is_sent_once_a_day_to_each(store, enrol):
    (first, _), (second, _) = await enrol(), await enrol()
    asked = [(first, 1), (first, 1), (second, 1), (first, 2)]
    async with store.write() as conn:
        got = [await digests.claim(conn, who, date(2026, 11, day), NOW) for who, day in asked]
    assert got == [True, False, True, True]


async def test_each_handover_of_a_day_has_a_digest_of_its_own(store, enrol):
    (member, _), day = await enrol(), date(2026, 11, 1)
    later = NOW + 6 * HOUR
    async with store.write() as conn:
        for slot, at in (("07:30 UTC", NOW), ("07:30 UTC", NOW), ("13:30 UTC", later)):
            await digests.claim(conn, member, day, at, slot)
        await digests.claim(conn, member, day, later + HOUR, "weekly")
        made = await digests.made(conn, [day])
        assert await digests.last(conn, member) == later
    assert made == {(member, day, slot) for slot in ("07:30 UTC", "13:30 UTC", "weekly")}


async def test_a_draft_of_an_answer_opens_for_its_writer_alone(store, enrol, send):
    (writer, private), (other, others) = await enrol(), await enrol()
    concern_id = await send(new_concern([writer, other]))
    async with store.write() as conn:
        await answer_drafts.save(conn, concern_id, writer, b"Dear", NOW)
        await answer_drafts.save(conn, concern_id, writer, b"Thank you", NOW)
        assert await answer_drafts.load(conn, concern_id, writer, private) == b"Thank you"
        assert await answer_drafts.load(conn, concern_id, other, others) is None
        with pytest.raises(DamagedRow):
            await answer_drafts.load(conn, concern_id, writer, others)
        await answer_drafts.drop(conn, concern_id, writer)
        assert await answer_drafts.load(conn, concern_id, writer, private) is None
        with pytest.raises(BadRow):
            await answer_drafts.save(conn, concern_id, new_id(), b"Dear", NOW)


async def test_a_draft_cannot_be_moved_to_another_concern(store, enrol, send):
    writer, private = await enrol()
    first, second = new_concern([writer]), new_concern([writer])
    await send(first, second)
    async with store.write() as conn:
        await answer_drafts.save(conn, first.id, writer, b"Dear", NOW)
        await conn.execute(update(draft_rows).values(concern_id=second.id))
        with pytest.raises(DamagedRow):
            await answer_drafts.load(conn, second.id, writer, private)


async def test_what_was_set_aside_opens_with_the_recovery_key_alone(store, recovery, enrol):
    _, private = await enrol()
    async with store.write() as conn:
        public = await meta.get(conn, meta.RECOVERY_PUBLIC)
        await quarantine.put(conn, public, "one", NOW, "unreadable", b'{"text": "words"}')
        (entry,) = await quarantine.everything(conn)
    assert (entry.id, entry.at, entry.reason) == ("one", NOW, "unreadable")
    assert b"words" not in entry.body
    assert quarantine.open_body(entry, recovery.private) == b'{"text": "words"}'
    for wrong in (replace(entry, id="two"), replace(entry, body=entry.body[:-1])):
        with pytest.raises(DamagedRow):
            quarantine.open_body(wrong, recovery.private)
    with pytest.raises(DamagedRow):
        quarantine.open_body(entry, private)
