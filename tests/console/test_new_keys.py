"""New keys for oneself, from My page: the same concerns, and every other session ends."""

from __future__ import annotations

from sqlalchemy import select

from storage import staff
from storage.schema import audit
from tests.console.annas_desk import MOTHER, PAGE

ANNA, HERS = "Anna Osei", "quiet-otter-anna-lantern"


async def ask(browser, passphrase=HERS):
    return await browser.act("/me/new-keys", "/me/new-keys", passphrase=passphrase)


async def public(ward):
    async with ward.store.read() as conn:
        return (await staff.by_name(conn, ward.keys, ANNA)).public_key


async def actions(ward):
    async with ward.store.read() as conn:
        return (await conn.execute(select(audit.c.action).order_by(audit.c.id))).scalars().all()


async def test_she_reads_on_with_new_keys_and_is_signed_out_everywhere_else(ward):
    await ward.raise_concern(MOTHER)
    before = await public(ward)
    here, there = await ward.signed_in(ANNA), await ward.signed_in(ANNA)
    answer = await ask(here)
    assert (answer.status, answer.headers["Location"]) == (303, "/me?done=new-keys")
    assert await public(ward) != before
    assert MOTHER[:20] in (await here.get(PAGE)).text
    assert (await there.get(PAGE)).status == 303
    again = ward.browser()
    assert (await again.sign_in(ANNA, HERS)).status == 303
    assert MOTHER[:20] in (await again.get(PAGE)).text
    assert "keys-replaced" in await actions(ward)
    assert "You have new keys." in (await here.get("/me?done=new-keys")).text


async def test_an_open_session_alone_is_not_enough(ward):
    before = await public(ward)
    browser = await ward.signed_in(ANNA)
    assert (await ask(browser, "wrong")).status == 401
    for _ in range(4):
        await ask(browser, "wrong")
    held = await ask(browser)
    assert (held.status, int(held.headers["Retry-After"]) > 0) == (429, True)
    assert await public(ward) == before
    assert "keys-replaced" not in await actions(ward)
