"""Staff: found by name whatever its capitals, opened by passphrase alone, linked by a code once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from storage import staff
from storage.engine import BadRow
from storage.errors import NameTaken
from storage.schema import staff as rows
from storage.sealing import Argon2Cost, WrongPassphrase, public_of
from tests.storage.builders import HOUR, NOW, new_id


async def test_a_member_is_found_by_name_and_opened_by_passphrase(store, secrets):
    member, teams = new_id(), (("*", "independent"), ("north", "lead"))
    async with store.write() as conn:
        await staff.add(conn, secrets, member, " Zoë  O'Neill ", "correct horse", teams, NOW)
    async with store.read() as conn:
        row = await staff.by_name(conn, secrets, "ZOE\N{COMBINING DIAERESIS} o'neill")
        assert [row] == await staff.everyone(conn, secrets)
        assert await staff.by_name(conn, secrets, "Zoe O'Neill") is None
    assert (row.id, row.name, row.memberships) == (member, "Zoë O'Neill", teams)
    assert (row.active, row.linked, row.damaged) == (True, False, False)
    assert public_of(staff.unlock(row, "correct horse")) == row.public_key
    with pytest.raises(WrongPassphrase):
        staff.unlock(row, "battery staple")


async def test_two_members_cannot_share_a_name(store, enrol, secrets):
    await enrol("Sam Reed")
    with pytest.raises(NameTaken):
        await enrol("sam  REED")
    with pytest.raises(BadRow):
        await enrol(" ", [])
    async with store.read() as conn:
        assert len(await staff.everyone(conn, secrets)) == 1


async def test_no_name_is_in_the_table(store, enrol):
    await enrol("Sam Reed")
    async with store.read() as conn:
        row = (await conn.execute(select(rows))).one()
    assert not any(b"reed" in bytes(v).lower() for v in row if isinstance(v, bytes))


async def test_a_name_that_does_not_open_harms_no_other(store, enrol, secrets):
    first, _ = await enrol("Sam Reed")
    await enrol("Ali Khan")
    async with store.write() as conn:
        await conn.execute(update(rows).where(rows.c.id == first).values(name_sealed=b"spoilt"))
        found = await staff.everyone(conn, secrets)
    assert [(row.name, row.damaged) for row in found] == [("", True), ("Ali Khan", False)]


async def test_teams_and_keys_can_be_replaced(store, enrol, secrets):
    member, _ = await enrol("Sam Reed", [("north", "lead"), ("south", "reader")])
    async with store.write() as conn:
        await staff.set_memberships(conn, member, (("south", "answerer"),))
        await staff.set_keys(conn, member, b"public", b"locked")
        await staff.set_active(conn, member, False)
        (row,) = await staff.everyone(conn, secrets)
    assert row.memberships == (("south", "answerer"),)
    assert (row.public_key, row.private_locked, row.active) == (b"public", b"locked", False)


@pytest.fixture
def link(store, secrets):
    async def given(code: str, chat_id: int, now=NOW) -> str | None:
        async with store.write() as conn:
            return await staff.finish_link(conn, secrets, code, chat_id, now)

    return given


@pytest.fixture
def expect(store, secrets):
    async def given(member: str, code: str) -> None:
        async with store.write() as conn:
            await staff.start_link(conn, secrets, member, code, NOW + HOUR)

    return given


async def linked(store, secrets) -> set[str]:
    async with store.read() as conn:
        return {row.id for row in await staff.everyone(conn, secrets) if row.linked}


async def test_a_code_links_a_chat_once(store, secrets, enrol, link, expect):
    member, _ = await enrol()
    await expect(member, "ABCD 2345")
    assert await link("wrong", 7) is None
    assert await link("abcd2345", 7) == member
    assert await link("ABCD 2345", 8) is None
    assert await linked(store, secrets) == {member}
    async with store.write() as conn:
        await staff.unlink(conn, member)
    assert await linked(store, secrets) == set()


async def test_a_code_that_is_late_or_was_replaced_links_nothing(
    store, secrets, enrol, link, expect
):
    member, _ = await enrol()
    await expect(member, "first")
    await expect(member, "second")
    assert await link("first", 7) is None
    assert await link("second", 7, NOW + HOUR) is None
    assert await linked(store, secrets) == set()


async def test_a_chat_belongs_to_whoever_linked_it_last(store, secrets, enrol, link, expect):
    (first, _), (second, _) = await enrol(), await enrol()
    await expect(first, "one")
    await expect(second, "two")
    await link("one", 7)
    assert await link("two", 7) == second
    assert await linked(store, secrets) == {second}


def test_many_passphrases_at_once_are_each_made_and_opened():
    """Two derivations at once used to fail, or to wait for each other for ever."""

    def one(number: int) -> bool:
        member, passphrase = new_id(), f"passphrase {number}"
        keys = staff.new_keys(member, passphrase, Argon2Cost(memory_kib=4096))
        row = staff.StaffRow(member, "", keys.public, keys.private_locked, True, False, ())
        return public_of(staff.unlock(row, passphrase)) == keys.public

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(one, range(16)))
