"""The outbox: each line in order, live answers first, nothing lost and nothing doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from storage import concerns, conversations, outbox, staff
from storage.engine import BadRow, Store, StoreConflict
from storage.outbox import NewMessage
from storage.outbox_queries import claimable
from storage.schema import conversations as conversation_rows
from storage.schema import outbox as rows
from storage.sealing import Damaged
from tests.storage.builders import HOUR, NOW, new_concern, new_id

LEASE = timedelta(seconds=30)
SOON = NOW + timedelta(seconds=1)


@pytest.fixture
def put(store, secrets):
    async def given(*messages: NewMessage) -> None:
        async with store.write() as conn:
            await outbox.put(conn, secrets, messages, NOW)

    return given


@pytest.fixture
def claim(store, secrets):
    async def given(now=SOON, limit=10, skip=frozenset()) -> list[outbox.Claimed]:
        async with store.write() as conn:
            return await outbox.claim(conn, secrets, now, LEASE, limit, skip)

    return given


@pytest.fixture
def bodies(claim):
    async def given(**asked) -> list[bytes]:
        return [message.body for message in await claim(**asked)]

    return given


@pytest.fixture
async def people(greet) -> list[str]:
    return [f"c:{conversation_id}" for conversation_id in await greet(11, 22, 33)]


async def test_a_message_is_claimed_with_its_chat_and_body(put, claim, people):
    await put(NewMessage(people[1], 2, b"an answer"))
    (message,) = await claim()
    assert (message.recipient, message.chat_id, message.lane) == (people[1], 22, 2)
    assert (message.body, message.attempts, message.damaged) == (b"an answer", 0, False)


async def test_each_line_moves_one_message_at_a_time_in_order(store, put, claim, people):
    await put(*(NewMessage(people[0], lane, b"%d" % lane) for lane in (3, 0, 2)))
    said = []
    for _ in range(3):
        (message,) = await claim()
        assert await claim() == []
        said.append(message.body)
        async with store.write() as conn:
            await outbox.delivered(conn, [message.id])
    assert said == [b"3", b"0", b"2"]
    async with store.read() as conn:
        assert await outbox.waiting(conn) == {}


async def test_the_smallest_lane_in_a_line_decides_whose_turn_it_is(put, bodies, people):
    await put(
        NewMessage(people[0], 2, b"feedback"),
        NewMessage(people[1], 1, b"receipt"),
        NewMessage(people[2], 2, b"older of the third"),
        NewMessage(people[2], 0, b"live for the third"),
    )
    assert await bodies() == [b"older of the third", b"receipt", b"feedback"]


async def test_a_limit_takes_the_first_and_leaves_the_rest(put, bodies, people):
    await put(*(NewMessage(who, 1, who.encode()) for who in people))
    assert await bodies(limit=2) == [people[0].encode(), people[1].encode()]
    assert await bodies(limit=2) == [people[2].encode()]


async def test_a_backlog_does_not_delay_a_live_answer(put, bodies, greet, people):
    crowd = await greet(*range(1000, 1050))
    await put(*(NewMessage(f"c:{one}", 2, b"feedback") for one in crowd))
    await put(NewMessage(people[0], 0, b"live"))
    assert await bodies(limit=1) == [b"live"]


async def test_a_line_that_waits_takes_no_place_from_another(store, put, claim, bodies, people):
    await put(*(NewMessage(people[0], 0, b"%d" % n) for n in range(3)))
    (first,) = await claim()
    async with store.write() as conn:
        await outbox.retry(conn, first.id, NOW + HOUR)
    await put(NewMessage(people[1], 1, b"another"))
    assert await bodies(limit=1) == [b"another"]


async def test_recipients_in_flight_are_passed_over(put, bodies, people):
    await put(*(NewMessage(who, 1, who.encode()) for who in people))
    assert await bodies(skip=frozenset(people[:2])) == [people[2].encode()]


async def test_a_line_waits_whole_while_its_first_message_waits_for_another_try(
    store, put, claim, bodies, people
):
    await put(NewMessage(people[0], 1, b"first"), NewMessage(people[0], 0, b"second"))
    (first,) = await claim()
    async with store.write() as conn:
        await outbox.retry(conn, first.id, NOW + HOUR)
        assert await outbox.next_due(conn) == NOW + HOUR
    assert await bodies() == []
    (again,) = await claim(now=NOW + HOUR)
    assert (again.body, again.attempts) == (b"first", 1)


async def test_a_message_for_later_keeps_no_other_waiting(store, put, claim, bodies, people):
    await put(
        NewMessage(people[0], 2, b"by day", due_at=NOW + HOUR),
        NewMessage(people[0], 0, b"live"),
        NewMessage(people[0], 2, b"sooner", due_at=NOW + HOUR / 2),
    )
    (live,) = await claim()
    assert live.body == b"live"
    async with store.write() as conn:
        await outbox.delivered(conn, [live.id])
        assert await outbox.next_due(conn) == NOW + HOUR / 2
        assert await outbox.next_due(conn, by=SOON) is None
    assert await bodies() == []
    assert await bodies(now=NOW + HOUR) == [b"by day"]


async def test_a_message_for_later_goes_in_its_place_once_it_is_due(store, put, claim, people):
    await put(NewMessage(people[0], 2, b"by day", due_at=NOW + HOUR))
    await put(NewMessage(people[0], 0, b"in the night", due_at=NOW + HOUR))
    (first,) = await claim(now=NOW + HOUR)
    async with store.write() as conn:
        await outbox.retry(conn, first.id, NOW + 2 * HOUR)
        assert await outbox.next_due(conn) == NOW + 2 * HOUR
    assert first.body == b"by day"
    assert await claim(now=NOW + HOUR) == []


async def test_what_waits_for_another_try_holds_also_what_was_for_later(store, put, claim, people):
    await put(NewMessage(people[0], 0, b"tried"))
    (tried,) = await claim()
    async with store.write() as conn:
        await outbox.retry(conn, tried.id, NOW + 2 * HOUR)
    await put(NewMessage(people[0], 2, b"by day", due_at=NOW + HOUR))
    assert await claim(now=NOW + HOUR) == []
    async with store.read() as conn:
        assert await outbox.next_due(conn) == NOW + 2 * HOUR


async def test_words_of_one_row_do_not_open_in_another_of_the_same_person(
    store, secrets, put, claim, people
):
    held = new_id()
    await put(
        NewMessage(people[0], 2, b"words", about="k1", held_id=held),
        NewMessage(people[0], 2, b"notice", about="k2"),
        NewMessage(people[0], 2, b"notice", about="k3"),
    )
    async with store.write() as conn:
        words, *notices = (await conn.execute(select(rows).order_by(rows.c.id))).all()
        for notice in notices:
            # The last also takes the mark along; it still is no place for words that are held.
            moved = {"body": words.body, "about": words.about}
            moved |= {"mark": words.mark} if notice is notices[1] else {}
            await conn.execute(update(rows).where(rows.c.id == notice.id).values(moved))
        for notice in await conn.execute(select(rows).where(rows.c.id != words.id)):
            with pytest.raises(Damaged):
                outbox.open_about(secrets, notice)
    (found,) = await claim()
    assert (found.id, found.damaged, found.body) == (notices[0].id, True, b"")


async def test_what_was_claimed_comes_back_when_its_time_is_over(store, put, bodies, people):
    await put(NewMessage(people[0], 1, b"words"))
    assert await bodies() == [b"words"]
    async with store.read() as conn:
        assert await outbox.next_due(conn) == SOON + LEASE
    assert await bodies(now=SOON + LEASE - timedelta(microseconds=1)) == []
    assert await bodies(now=SOON + LEASE) == [b"words"]


async def test_a_start_takes_back_what_was_given_out(store, put, bodies, people):
    await put(NewMessage(people[0], 1, b"words"))
    assert await bodies() == [b"words"]
    async with store.write() as conn:
        await outbox.reset_claims(conn)
    assert await bodies() == [b"words"]


async def test_an_unreachable_person_is_left_in_peace_until_they_write(
    store, put, claim, bodies, people
):
    await put(NewMessage(people[0], 0, b"1"), NewMessage(people[0], 0, b"2"))
    await claim()
    async with store.write() as conn:
        await outbox.hold_back(conn, people[0], 1)
        assert await outbox.next_due(conn) is None
    assert await bodies(now=NOW + HOUR) == []
    async with store.write() as conn:
        await conversations.set_unreachable(conn, people[0][2:], False)
    assert await bodies() == [b"1"]


async def test_someone_who_wrote_while_an_older_message_was_refused_is_there(
    store, secrets, put, claim, bodies, people
):
    await put(NewMessage(people[0], 0, b"refused on its way"))
    (going,) = await claim()
    async with store.write() as conn:
        known = (await conversations.load(conn, secrets, [11]))[11]
        wrote = conversations.ConversationChange(known.id, 11, known.version, b"talk", b"own")
        await conversations.save(conn, secrets, [wrote], SOON)
        await outbox.hold_back(conn, people[0], going.version)
    (again,) = await claim()
    assert again.body == b"refused on its way"
    async with store.write() as conn:
        await outbox.hold_back(conn, people[0], again.version)
    assert await bodies(now=NOW + HOUR) == []


async def test_many_unreachable_people_do_not_hide_the_others(store, put, bodies, people):
    await put(*(NewMessage(who, 0, who.encode()) for who in people))
    async with store.write() as conn:
        for who in people[:2]:
            await outbox.hold_back(conn, who, 1)
    assert await bodies(limit=1) == [people[2].encode()]


async def test_staff_are_sent_to_in_the_chat_they_linked(store, secrets, put, claim, bodies, enrol):
    member, _ = await enrol()
    await put(NewMessage(f"s:{member}", 3, b"digest"))
    assert await claim() == []
    async with store.write() as conn:
        await staff.start_link(conn, secrets, member, "code", NOW + HOUR)
        await staff.finish_link(conn, secrets, "code", 77, NOW)
    (message,) = await claim()
    assert (message.chat_id, message.body) == (77, b"digest")
    async with store.write() as conn:
        await outbox.hold_back(conn, f"s:{member}", 0)
    assert await bodies() == []
    async with store.read() as conn:
        assert [row.linked for row in await staff.everyone(conn, secrets)] == [False]


async def test_a_new_prompt_takes_the_place_of_one_that_still_waits(put, bodies, people):
    await put(
        NewMessage(people[0], 0, b"old prompt", replaceable=True),
        NewMessage(people[0], 0, b"receipt"),
        NewMessage(people[1], 0, b"other's prompt", replaceable=True),
    )
    await put(NewMessage(people[0], 0, b"new prompt", replaceable=True))
    assert await bodies() == [b"receipt", b"other's prompt"]


async def test_of_several_prompts_in_one_set_the_last_is_kept(store, put, people):
    await put(
        NewMessage(people[0], 0, b"1", replaceable=True),
        NewMessage(people[0], 0, b"help"),
        NewMessage(people[0], 0, b"2", replaceable=True),
    )
    async with store.read() as conn:
        assert await outbox.waiting(conn) == {("queued", 0): 2}


async def test_a_prompt_that_is_on_its_way_is_not_taken_back(store, put, claim, people):
    await put(NewMessage(people[0], 0, b"going", replaceable=True))
    (going,) = await claim()
    await put(NewMessage(people[0], 0, b"next", replaceable=True))
    async with store.write() as conn:
        assert await outbox.waiting(conn) == {("queued", 0): 2}
        await outbox.delivered(conn, [going.id])
    assert [message.body for message in await claim()] == [b"next"]


async def test_held_words_go_when_their_own_recipient_asks_and_once(store, put, bodies, people):
    held = new_id()
    await put(NewMessage(people[0], 2, b"held", held_id=held), NewMessage(people[0], 2, b"notice"))
    assert await bodies() == [b"notice"]
    async with store.write() as conn:
        assert not await outbox.release(conn, people[1], held)
        assert not await outbox.release(conn, people[0], new_id())
        assert await outbox.release(conn, people[0], held)
        assert not await outbox.release(conn, people[0], held)
        assert await outbox.waiting(conn) == {("queued", 0): 1, ("queued", 2): 1}
    # The notice is still on its way; what was held is older and goes first after that.
    assert await bodies(now=SOON + LEASE) == [b"held"]


async def test_the_same_words_are_not_held_twice(put, people):
    held = new_id()
    await put(NewMessage(people[0], 2, b"held", held_id=held))
    with pytest.raises(StoreConflict):
        await put(NewMessage(people[0], 2, b"held", held_id=held))


async def test_a_refused_message_is_kept_and_its_line_goes_on(
    store, secrets, put, claim, bodies, people
):
    await put(NewMessage(people[0], 0, b"bad"), NewMessage(people[0], 0, b"good"))
    (bad,) = await claim()
    async with store.write() as conn:
        await outbox.refuse(conn, secrets, bad.id, "400")
        assert await outbox.waiting(conn) == {("refused", 0): 1, ("queued", 0): 1}
    assert await bodies() == [b"good"]


async def test_a_concern_whose_answer_was_refused_goes_back_to_staff(
    store, secrets, put, claim, people, enrol, send
):
    member, _ = await enrol()
    refused, other = [await send(new_concern([member], b"words")) for _ in range(2)]
    await put(NewMessage(people[0], 0, b"answer", about=refused))
    await put(NewMessage(people[1], 0, b"answer", about=other))
    first, _ = await claim()
    async with store.read() as conn:
        before = await concerns.load(conn, [refused])
    async with store.write() as conn:
        await outbox.refuse(conn, secrets, first.id, "malformed")
        found = await concerns.load(conn, [refused, other])
        assert [found[one].undelivered for one in (refused, other)] == [True, False]
    with pytest.raises(StoreConflict):
        async with store.write() as conn:
            await concerns.move(conn, list(before.values()))


async def test_a_damaged_body_or_chat_is_told_and_harms_no_other(store, put, claim, people):
    await put(*(NewMessage(who, 0, b"words") for who in people))
    async with store.write() as conn:
        await conn.execute(update(rows).where(rows.c.recipient == people[0]).values(body=b"spoilt"))
        await conn.execute(
            update(conversation_rows)
            .where(conversation_rows.c.id == people[1][2:])
            .values(chat_sealed=b"spoilt")
        )
    found = await claim()
    assert [(m.damaged, m.chat_id, m.body) for m in found] == [
        (True, 11, b""),
        (True, 0, b"words"),
        (False, 33, b"words"),
    ]


async def test_what_a_message_is_about_opens_with_the_delivery_key(store, secrets, put, people):
    await put(NewMessage(people[0], 2, b"words", about="a concern"))
    async with store.read() as conn:
        row = (await conn.execute(select(rows))).one()
    assert b"a concern" not in row.about
    assert outbox.open_about(secrets, row) == "a concern"


async def test_a_recipient_of_no_kind_is_refused(put):
    with pytest.raises(BadRow):
        await put(NewMessage("somebody", 0, b"words"))


async def test_numbers_of_delivered_messages_are_not_given_again(store, put, claim, people):
    await put(NewMessage(people[0], 0, b"1"))
    (first,) = await claim()
    async with store.write() as conn:
        await outbox.delivered(conn, [first.id])
    await put(NewMessage(people[0], 0, b"2"))
    (second,) = await claim()
    assert second.id > first.id


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_two_processes_never_take_the_same_message(url, secrets, store, put, people):
    await put(*(NewMessage(who, 0, who.encode()) for who in people))
    other = await Store.open(url)
    async with store.write() as mine, other.write() as theirs:
        first = await outbox.claim(mine, secrets, SOON, LEASE, 2)
        second = await outbox.claim(theirs, secrets, SOON, LEASE, 2)
    async with other.write() as conn:
        third = await outbox.claim(conn, secrets, SOON, LEASE, 2)
    taken = [message.body for message in first + second + third]
    assert sorted(taken) == sorted(who.encode() for who in people)
    await other.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_claiming_walks_an_index_and_sorts_nothing(store, people):
    query = claimable(SOON, 10, frozenset(people)).compile(
        store._writer.sync_engine, compile_kwargs={"literal_binds": True}
    )
    async with store.read() as conn:
        plan = await conn.execute(text(f"EXPLAIN QUERY PLAN {query}".replace(":", r"\:")))
        steps = [row.detail for row in plan]
    assert any("USING COVERING INDEX ix_outbox_lane" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN outbox")]
