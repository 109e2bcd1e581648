"""What goes by e-mail waits in the same outbox, and only the one who mails takes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import meta, outbox, outbox_mail, staff
from storage.errors import BadRow
from storage.outbox import NewMessage
from tests.storage.builders import NOW

LEASE = timedelta(minutes=15)


@pytest.fixture
async def anna(store, secrets, enrol):
    member, _ = await enrol("Anna")
    async with store.write() as conn:
        await staff.set_email(conn, secrets, member, "anna@ward.example")
        await outbox.put(
            conn,
            secrets,
            [
                NewMessage(f"e:{member}", 3, b"list"),
                NewMessage(f"e:{member}", 0, b"alert"),
                NewMessage(f"e:{member}", 0, b"morning", due_at=NOW + timedelta(hours=9)),
            ],
            NOW,
        )
    return member


async def test_the_most_urgent_goes_first_and_each_once(store, secrets, anna):
    async with store.write() as conn:
        found = await outbox_mail.claim(conn, secrets, NOW, LEASE, 9)
        again = await outbox_mail.claim(conn, secrets, NOW, LEASE, 9)
    assert [(one.body, one.address) for one in found] == [
        (b"alert", "anna@ward.example"),
        (b"list", "anna@ward.example"),
    ]
    assert again == []
    async with store.write() as conn:
        later = await outbox_mail.claim(conn, secrets, NOW + LEASE, LEASE, 9)
        assert [one.mark for one in later] == [one.mark for one in found]  # as before a crash
        await outbox_mail.give_back(conn, [one.id for one in later])
        assert len(await outbox_mail.claim(conn, secrets, NOW, LEASE, 1)) == 1
        assert await outbox_mail.waiting(conn) == 3


async def test_telegrams_sender_takes_none_of_them(store, secrets, anna):
    async with store.write() as conn:
        assert await outbox.claim(conn, secrets, NOW, LEASE, 9) == []
        assert await outbox.next_due(conn) is None


async def test_no_address_no_mail(store, secrets, anna, enrol):
    other, _ = await enrol("Ben")
    async with store.write() as conn:
        await staff.set_email(conn, secrets, anna, None)
        await outbox.put(conn, secrets, [NewMessage(f"e:{other}", 0, b"x")], NOW)
        assert await outbox_mail.claim(conn, secrets, NOW, LEASE, 9) == []
        await staff.set_email(conn, secrets, anna, "anna@ward.example")
        assert await outbox_mail.claim(conn, secrets, NOW, LEASE, 9) == []
        await staff.set_active(conn, other, False)
        await staff.set_email(conn, secrets, other, "ben@ward.example")
        assert await outbox_mail.claim(conn, secrets, NOW, LEASE, 9) == []


async def test_an_address_that_does_not_open_comes_back_as_damaged(store, secrets, anna, enrol):
    other, _ = await enrol("Ben")
    async with store.write() as conn:
        rows = (await conn.execute(staff.staff.select())).all()
        sealed = next(row.email_sealed for row in rows if row.id == anna)
        known = staff.staff.c.id == other
        await conn.execute(staff.staff.update().where(known).values(email_sealed=sealed))
        await outbox.put(conn, secrets, [NewMessage(f"e:{other}", 0, b"x")], NOW)
        found = await outbox_mail.claim(conn, secrets, NOW, LEASE, 9)
    assert [(one.damaged, one.address) for one in found if one.damaged] == [(True, "")]
    assert len(found) == 3


async def test_an_address_makes_mailed_only_where_mail_is_sent(store, secrets, anna):
    for sends in (False, True, False):
        async with store.write() as conn:
            await (
                meta.put(conn, meta.SENDS_MAIL, b"1") if sends else meta.drop(conn, meta.SENDS_MAIL)
            )
            (row,) = await staff.everyone(conn, secrets)
            assert row.mailed is sends
            assert (await staff.by_id(conn, secrets, anna)).mailed is sends
            assert (await staff.by_name(conn, secrets, "Anna")).mailed is sends


async def test_other_recipients_are_refused(store, secrets):
    async with store.write() as conn:
        with pytest.raises(BadRow):
            await outbox.put(conn, secrets, [NewMessage("x:1", 0, b"x")], NOW)
