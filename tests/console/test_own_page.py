"""What members change about themselves: passphrase and e-mail address."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import staff
from storage.schema import audit
from tests.console.annas_desk import MOTHER, PAGE
from tests.console.browsing import passphrase_of

ANNA, OLD, NEW = "Anna Osei", "quiet-otter-anna-lantern", "velvet harbour ninety quilt"


async def change(browser, old=OLD, new=NEW, again=None):
    return await browser.act(
        "/me/passphrase", "/me/passphrase", old=old, passphrase=new, again=again or new
    )


async def actions(ward):
    async with ward.store.read() as conn:
        return (await conn.execute(select(audit.c.action).order_by(audit.c.id))).scalars().all()


async def test_a_new_passphrase_opens_what_the_old_one_opened(ward):
    await ward.raise_concern(MOTHER)
    here, there = await ward.signed_in(ANNA), await ward.signed_in(ANNA)
    answer = await change(here)
    assert (answer.status, answer.headers["Location"]) == (303, "/me?done=passphrase")
    assert (await here.get(PAGE)).status == 200
    assert (await there.get(PAGE)).status == 303
    assert (await ward.browser().sign_in(ANNA, OLD)).status == 401
    again = ward.browser()
    assert (await again.sign_in(ANNA, NEW)).status == 303
    assert MOTHER[:20] in (await again.get(PAGE)).text
    assert "passphrase-changed" in await actions(ward)


@pytest.mark.parametrize(
    ("old", "new", "again", "status", "said"),
    [
        ("wrong", NEW, NEW, 401, "not your passphrase now"),
        (OLD, NEW, NEW + "s", 422, "not the same"),
        (OLD, "owl lamp", "owl lamp", 422, "too short"),
        (OLD, "anna osei anna osei", "anna osei anna osei", 422, "soon guessed"),
    ],
)
async def test_what_does_not_fit_changes_nothing(ward, old, new, again, status, said):
    browser = await ward.signed_in(ANNA)
    answer = await change(browser, old, new, again)
    assert answer.status == status
    assert said in answer.text
    assert new not in answer.text
    assert (await ward.browser().sign_in(ANNA, OLD)).status == 303
    assert "passphrase-changed" not in await actions(ward)


async def test_guessing_the_old_passphrase_from_an_open_session_is_slowed(ward):
    browser = await ward.signed_in(ANNA)
    for _ in range(5):
        assert (await change(browser, "wrong")).status == 401
    held = await change(browser)
    assert held.status == 429
    assert int(held.headers["Retry-After"]) > 0
    assert (await ward.browser().sign_in(ANNA, OLD)).status == 429


async def test_keys_that_were_replaced_meanwhile_are_not_overwritten(ward):
    await ward.raise_concern(MOTHER)
    browser = await ward.signed_in(ANNA)
    page = await browser.get("/me/passphrase")
    await ward.give_new_keys(ANNA, "QK7M-4TXA")
    fields = {"csrf": page.csrf, "old": OLD, "passphrase": NEW, "again": NEW}
    answer = await browser.post("/me/passphrase", fields)
    assert answer.headers["Location"].startswith("/sign-in")
    assert (await ward.browser().sign_in(ANNA, passphrase_of(ANNA))).status == 303


async def test_the_form_needs_the_sessions_token(ward):
    browser = await ward.signed_in(ANNA)
    fields = {"old": OLD, "passphrase": NEW, "again": NEW}
    for path in ("/me/passphrase", "/me/email", "/me/second-factor"):
        assert (await browser.post(path, {"csrf": "forged", **fields})).status == 403


async def test_an_address_is_kept_shown_and_removed(ward):
    browser = await ward.signed_in(ANNA)
    await browser.act("/me/email", "/me", email=" anna.osei@trust.example ")
    assert 'value="anna.osei@trust.example"' in (await browser.get("/me?done=email")).text
    async with ward.store.read() as conn:
        assert await staff.emails(conn, ward.keys) == {ward.ids[ANNA]: "anna.osei@trust.example"}
    await browser.act("/me/email", "/me", email="")
    async with ward.store.read() as conn:
        assert await staff.emails(conn, ward.keys) == {}
    assert [one for one in await actions(ward) if "email" in one] == ["email-set", "email-removed"]


@pytest.mark.parametrize(
    "wrong",
    [
        "anna",
        "anna@",
        "anna@trust",
        "a b@trust.example",
        "a@b.example,c@d.example",
        "Anna <anna@trust.example>",
        "anna@trust.example\nBcc: x@y.example",
        "a" * 65 + "@trust.example",
        "a@" + "b" * 250 + ".example",
    ],
)
async def test_what_is_no_address_is_refused(ward, wrong):
    browser = await ward.signed_in(ANNA)
    answer = await browser.act("/me/email", "/me", email=wrong)
    assert answer.status == 422
    assert "such as" in answer.text
    async with ward.store.read() as conn:
        assert await staff.emails(conn, ward.keys) == {}


async def test_the_sign_in_page_says_what_to_do_when_a_passphrase_is_lost(ward):
    text = (await ward.browser().get("/sign-in")).text
    assert "I have lost my passphrase" in text
    assert "recovery key" in text
