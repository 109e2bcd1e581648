"""Staff at the door, on their own page, and with their colleagues."""

from __future__ import annotations

from bot.desk.inviting import Inviting
from tests.console.browser.flows import ANNA, MAYA, drives
from tests.console.phone import App
from tests.console.test_handing import hire

PASSPHRASE, NEW = "quiet-otter-{}-lantern", "velvet harbour ninety quilt"


@drives("/sign-in", "/sign-out")
async def signing_in_and_out(one):
    await one.open("/sign-in")
    await one.fill(name=ANNA, passphrase="wrong")
    await one.press("Sign in")
    await one.sees("do not fit together")
    await one.look("sign-in-refused")
    await one.fill(name=ANNA, passphrase=PASSPHRASE.format("anna"))
    await one.press("Sign in")
    await one.press("Sign out")
    await one.sees("You are signed out.")
    await one.look("signed-out")


@drives("/sign-in/code", "/me/second-factor", "/me/second-factor/codes", "/me/second-factor/off")
async def a_phone_for_codes(one):
    ward = one.ward
    one_ = await ward.signed_in(ANNA)
    await one.page.context.add_cookies([{"name": "heard", "value": one_.token, "url": ward.url}])
    await one.open("/me/second-factor")
    await one.unfold("I cannot scan it")
    app = App.from_page(await one.page.content(), lambda: ward.seconds.now)
    await one.fill(code=app.wrong())
    await one.press("Set it up")
    await one.look("phone-wrong-code")
    await one.fill(code=app.code())
    await one.press("Set it up")
    await one.look("recovery-codes")
    ward.seconds.now += 60
    await one.press("Sign out")
    await one.fill(name=ANNA, passphrase=PASSPHRASE.format("anna"))
    await one.press("Sign in")
    await one.fill(code=app.code())
    await one.press("Sign in")
    ward.seconds.now += 60
    await one.open("/me/second-factor")
    await one.look("second-factor")
    await one.fill(code=app.code())
    await one.press("Get new recovery codes")
    await one.sees("recovery codes")
    ward.seconds.now += 60
    await one.open("/me/second-factor")
    await one.page.locator("#off-code").fill(app.code())
    await one.press("Take this phone off")
    await one.look("phone-taken-off")


@drives("/join/{token}")
async def joining_by_a_link(one):
    ward = one.ward
    desk = Inviting(ward.store, ward.keys)
    made = await desk.invite("Jo Bell", (("willow", "answerer"),), None, ward.clock.now())
    await one.open(f"/join/{made.token}")
    await one.fill(passphrase="short", again="short")
    await one.press("Set my passphrase")
    await one.look("join-refused")
    await one.fill(passphrase=NEW, again=NEW)
    await one.press("Set my passphrase")
    await one.fill(name="Jo Bell", passphrase=NEW)
    await one.press("Sign in")
    await one.look("joined")


@drives("/me/link", "/me/email", "/me/passphrase", who=ANNA)
async def ones_own_page(one):
    await one.open("/me")
    await one.press("Link my Telegram")
    await one.look("link-code")
    await one.fill(email="nobody")
    await one.press("Keep this address")
    await one.look("e-mail-refused")
    await one.fill(email="anna@example.org")
    await one.press("Keep this address")
    await one.look("e-mail-kept")
    await one.open("/me/passphrase")
    await one.fill(old="wrong", passphrase=NEW, again=NEW)
    await one.press("Change my passphrase")
    await one.look("passphrase-refused")
    await one.fill(old=PASSPHRASE.format("anna"), passphrase=NEW, again=NEW)
    await one.press("Change my passphrase")
    await one.look("passphrase-changed")


@drives("/me/new-keys", who=ANNA)
async def new_keys(one):
    await one.open("/me/new-keys")
    await one.fill(passphrase="wrong")
    await one.press("Get new keys")
    await one.look("new-keys-refused")
    await one.fill(passphrase=PASSPHRASE.format("anna"))
    await one.press("Get new keys")
    await one.look("new-keys")


@drives(
    *("/people/invite", "/people/invite/{colleague}/end", "/people/{staff}/leave"),
    *("/people/access", "/people/second-factor/{colleague}"),
    who=MAYA,
)
async def colleagues_come_and_go(one):
    ward = one.ward
    await one.open("/people/invite")
    await one.fill(name="Jo Bell")
    await one.press("Make the link")
    await one.look("invite-refused")
    await one.page.locator("[type=checkbox]").first.check()
    await one.press("Make the link")
    await one.look("invited")
    await one.open("/people/invite")
    await one.press("End the invitation of Jo Bell")
    await one.look("invitation-ended")
    await hire(ward, "Nia Pugh", ("willow", "reader"))
    await one.open("/people/access?team=willow")
    await one.choose("to")
    await one.press("Give them access")
    await one.look("access-given")
    ben = await ward.signed_in("Ben Marsh")
    page = await ben.get("/me/second-factor")
    app = App.from_page(page.text, lambda: ward.seconds.now)
    await ben.post("/me/second-factor", {"csrf": page.csrf, "code": app.code()})
    await one.open("/people/second-factor")
    await one.press("Ben Marsh")
    await one.press("I have spoken to them: take it off")
    await one.look("phone-off")
    await one.open(f"/people/{ward.ids['Ben Marsh']}/leave")
    await one.tick("I know that this cannot be undone")
    await one.press("End their access now")
    await one.look("left")
