"""One-time links: one works once, for a time, and what is kept of it opens nothing."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from storage import invites, staff, wraps
from storage.invites import Invite
from storage.schema import invites as rows
from storage.sealing import WrongPassphrase
from storage.staff import StaffRow
from tests.storage.builders import HOUR, NOW, new_concern, new_id


@pytest.fixture
async def jo(store, secrets):
    """Somebody who was invited and has not come."""
    row = StaffRow(new_id(), "Jo Bell", b"", b"", True, False, (("north", "answerer"),))
    async with store.write() as conn:
        await staff.add_with_keys(conn, secrets, row, NOW)
    return row


@pytest.fixture
def invite(store, jo):
    async def made(token: str, expires=NOW + HOUR) -> None:
        async with store.write() as conn:
            await invites.add(conn, token, Invite(jo.id, None, NOW, expires))

    return made


async def used(store, token: str, now=NOW) -> Invite | None:
    async with store.write() as conn:
        return await invites.use(conn, token, now)


async def test_a_link_is_found_as_often_as_one_likes_and_used_once(store, jo, invite):
    await invite("token")
    for _ in range(2):
        async with store.read() as conn:
            assert (await invites.find(conn, "token", NOW)).staff_id == jo.id
    assert await used(store, "wrong") is None
    assert (await used(store, "token")).staff_id == jo.id
    assert await used(store, "token") is None
    async with store.read() as conn:
        assert await invites.find(conn, "token", NOW) is None
        assert await invites.waiting(conn, NOW) == []


async def test_of_two_at_the_same_moment_one_gets_in(store, jo, invite):
    await invite("token")
    found = await asyncio.gather(*(used(store, "token") for _ in range(5)))
    assert sum(one is not None for one in found) == 1


async def test_a_link_is_void_when_it_is_old_replaced_or_ended(store, jo, invite):
    await invite("old")
    assert await used(store, "old", NOW + HOUR) is None
    await invite("new")
    assert await used(store, "old") is None
    async with store.write() as conn:
        assert len(await invites.waiting(conn, NOW)) == 1
        await invites.void(conn, jo.id)
    assert await used(store, "new") is None


async def test_the_table_does_not_hold_the_token(store, jo, invite):
    await invite("a token of one's own")
    async with store.read() as conn:
        row = (await conn.execute(select(rows))).one()
    assert not any(b"token" in bytes(v) for v in row if isinstance(v, bytes))


async def test_who_has_not_come_is_wrapped_nothing_and_opened_by_nothing(store, enrol, jo, send):
    member, _ = await enrol("Sam Reed")
    concern = await send(new_concern([member, jo.id], b"words"))
    async with store.read() as conn:
        assert (await wraps.readers(conn, [concern]))[concern] == {member}
    with pytest.raises(WrongPassphrase):
        staff.unlock(jo, "")


async def test_first_keys_are_given_once_and_never_over_others(store, secrets, jo, enrol):
    first, second = (staff.StaffKeys(one, one) for one in (b"first", b"second"))
    there, _ = await enrol("Sam Reed")
    async with store.write() as conn:
        assert await staff.join(conn, jo.id, first)
        assert not await staff.join(conn, jo.id, second)
        assert not await staff.join(conn, there, second)
        assert (await staff.by_name(conn, secrets, "Jo Bell")).public_key == b"first"


async def test_nobody_joins_who_left(store, secrets, jo):
    async with store.write() as conn:
        await staff.set_active(conn, jo.id, False)
        assert not await staff.join(conn, jo.id, staff.StaffKeys(b"public", b"locked"))


async def test_another_lock_goes_on_the_same_keys_only(store, secrets, enrol):
    member, private = await enrol("Sam Reed")
    async with store.write() as conn:
        before = await staff.by_name(conn, secrets, "Sam Reed")
        locked = staff.lock_again(member, "another passphrase", private)
        assert not await staff.relock(conn, member, b"other keys", locked)
        assert await staff.relock(conn, member, before.public_key, locked)
        after = await staff.by_name(conn, secrets, "Sam Reed")
    assert staff.unlock(after, "another passphrase") == private
    with pytest.raises(WrongPassphrase):
        staff.unlock(after, "a passphrase")


async def test_an_address_is_sealed_and_told_of_those_who_work_here(store, secrets, enrol):
    (sam, _), (ali, _) = await enrol("Sam Reed"), await enrol("Ali Khan")
    async with store.write() as conn:
        await staff.set_email(conn, secrets, sam, "sam@ward.example")
        await staff.set_email(conn, secrets, ali, "ali@ward.example")
        table = staff.staff
        kept = (await conn.execute(select(table.c.email_sealed))).scalars().all()
        assert not any(b"@" in one and b"example" in one for one in kept)
        assert await staff.emails(conn, secrets) == {
            sam: "sam@ward.example",
            ali: "ali@ward.example",
        }
        await staff.set_active(conn, ali, False)
        await staff.set_email(conn, secrets, sam, None)
        assert await staff.emails(conn, secrets) == {}
