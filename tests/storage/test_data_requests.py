"""Copies that are owed, and people who are forgotten, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from storage import (
    chat_messages,
    concerns,
    conversations,
    data_requests,
    forgetting,
    outbox,
    schema,
)
from storage.outbox import NewMessage
from tests.storage.builders import HOUR, NOW, new_chat, new_concern

DUE = date(2026, 12, 25)
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
async def reader(enrol):
    member, _ = await enrol()
    return member


@pytest.fixture
async def sent(store, secrets, reader):
    """A concern in a chat that exists."""
    chat = new_chat(5)
    concern = new_concern([reader], b"words", conversation_id=chat.id)
    async with store.write() as conn:
        await conversations.save(conn, secrets, [chat], NOW)
        await concerns.send(conn, secrets, [concern])
    return chat.id, concern.id


async def ask(store, concern, day=DUE, on=TODAY):
    async with store.write() as conn:
        await data_requests.ask(conn, {concern: day}, on)


async def row_of(store, concern):
    async with store.read() as conn:
        return (await concerns.load(conn, [concern]))[concern]


async def test_a_request_shows_on_its_concern_until_it_is_answered_once(store, sent):
    _, concern = sent
    await ask(store, concern)
    assert (await row_of(store, concern)).data_due == "2026-12-25"
    async with store.write() as conn:
        assert await data_requests.asked_on(conn, concern) == TODAY
        assert await data_requests.answer(conn, concern, NOW + HOUR)
        assert not await data_requests.answer(conn, concern, NOW + HOUR)
        assert await data_requests.asked_on(conn, concern) is None
    assert (await row_of(store, concern)).data_due is None


async def test_asking_twice_keeps_the_first_date_and_asking_after_an_answer_begins_again(
    store, sent
):
    _, concern = sent
    await ask(store, concern)
    await ask(store, concern, DUE + 3 * DAY, TODAY + DAY)
    assert (await row_of(store, concern)).data_due == "2026-12-25"
    async with store.write() as conn:
        await data_requests.answer(conn, concern, NOW + HOUR)
    await ask(store, concern, DUE + 30 * DAY, TODAY + 2 * DAY)
    assert (await row_of(store, concern)).data_due == "2027-01-24"


async def test_each_is_told_of_once_at_each_stage(store, sent):
    _, concern = sent
    await ask(store, concern)
    async with store.write() as conn:
        assert await data_requests.due(conn, DUE - DAY, 0, 9) == []
        assert await data_requests.due(conn, DUE, 0, 9) == [(concern, DUE, 0)]
        assert await data_requests.tell(conn, [(concern, 0, 1)])
        assert await data_requests.due(conn, DUE, 0, 9) == []
        assert await data_requests.due(conn, DUE, 1, 9) == [(concern, DUE, 1)]
        assert not await data_requests.tell(conn, [(concern, 0, 1)])


async def test_moving_a_concern_changes_neither_its_kind_nor_what_is_owed(store, sent):
    _, concern = sent
    await ask(store, concern)
    row = await row_of(store, concern)
    async with store.write() as conn:
        await concerns.move(conn, [replace(row, kind="other", data_due=None, in_danger=True)])
    after = await row_of(store, concern)
    assert (after.kind, after.data_due, after.in_danger) == ("concern", "2026-12-25", True)


async def test_a_concern_without_dates_is_still_waited_for_while_a_copy_is_owed(
    store, sent, reader
):
    _, concern = sent
    async with store.write() as conn:
        await conn.execute(update(schema.concerns).values(due_at=None, due_kind=None))
        assert await concerns.waiting(conn, reader) == []
    await ask(store, concern)
    async with store.read() as conn:
        assert [one.id for one in await concerns.waiting(conn, reader)] == [concern]


async def leave(conn, chat):
    known = schema.conversations.c.id == chat
    values = {"due_kind": forgetting.LEAVING}
    await conn.execute(update(schema.conversations).where(known).values(values))


async def test_forgetting_takes_the_way_back_the_line_the_numbers_and_the_requests(
    store, secrets, sent
):
    chat, concern = sent
    await ask(store, concern)
    async with store.write() as conn:
        held = NewMessage(f"c:{chat}", 2, b"words", about=concern, held_id="h")
        await outbox.put(conn, secrets, [held, NewMessage(f"c:{chat}", 0, b"more")], NOW)
        await chat_messages.remember(conn, [(chat, 7)], NOW)
        await forgetting.forget(conn, chat, [concern])
        assert await concerns.return_addresses(conn, secrets, [concern]) == {}
        for table in (schema.outbox, schema.chat_messages, schema.data_requests):
            assert (await conn.execute(select(table))).all() == []


async def test_only_whoever_is_leaving_departs_and_only_with_an_empty_line(store, secrets, sent):
    chat, _ = sent
    async with store.write() as conn:
        await forgetting.depart(conn, [chat], [chat])
        assert await conversations.load_ids(conn, secrets, [chat])
        await leave(conn, chat)
        await outbox.put(conn, secrets, [NewMessage(f"c:{chat}", 0, b"goodbye")], NOW)
        await forgetting.depart(conn, [chat], [])
        assert await conversations.load_ids(conn, secrets, [chat])
        await forgetting.depart(conn, [], [chat])
        assert await conversations.load_ids(conn, secrets, [chat]) == {}


@pytest.mark.parametrize("unreachable", [True, False])
async def test_whoever_cannot_be_told_goes_after_a_while(store, secrets, sent, unreachable):
    chat, _ = sent
    async with store.write() as conn:
        await leave(conn, chat)
        await outbox.put(conn, secrets, [NewMessage(f"c:{chat}", 0, b"goodbye")], NOW)
        assert await forgetting.sweep(conn, NOW - HOUR) == 0
        await conversations.set_unreachable(conn, chat, unreachable)
        later = NOW - HOUR if unreachable else NOW + HOUR
        assert await forgetting.sweep(conn, later) == 1
        assert await conversations.load_ids(conn, secrets, [chat]) == {}
