"""The code of a phone at sign-in: set up, asked for, guessed at, replayed, lost."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.console.halfway import LASTS_SECONDS, MOST, TRIES, Halfway
from storage import staff
from storage.schema import alarms, audit, second_factors
from tests.console.phone import App

ANNA, BEN, CLEO = "Anna Osei", "Ben Marsh", "Cleo Hart"
SET_UP = "/me/second-factor"


async def set_up(ward, browser) -> tuple[App, list[str]]:
    """A phone for whoever is signed in; its app and the recovery codes."""
    page = await browser.get(SET_UP)
    app = App.from_page(page.text, lambda: ward.seconds.now)
    answer = await browser.post(SET_UP, {"csrf": page.csrf, "code": app.code()})
    assert answer.status == 200, answer.text
    ward.seconds.now += 60  # the code of this moment is used
    return app, re.findall(r"<code>([0-9A-Z-]{14})</code>", answer.text)


async def give(browser, code: str):
    page = await browser.get("/sign-in/code")
    return await browser.post("/sign-in/code", {"csrf": page.csrf, "code": code})


async def actions(ward) -> list[str]:
    async with ward.store.read() as conn:
        return list((await conn.execute(select(audit.c.action).order_by(audit.c.id))).scalars())


@pytest.fixture
async def insisting(ward):
    """The same ward, where nobody works without a phone."""
    await ward.server.stop()
    ward.settings = replace(ward.settings, second_factor="required")
    await ward.open_doors()
    return ward


@pytest.fixture
async def phone(ward):
    """Anna has set up her phone, and is not signed in."""
    browser = await ward.signed_in(ANNA)
    app, codes = await set_up(ward, browser)
    await browser.act("/sign-out", "/concerns")
    return app, codes


async def test_where_it_is_required_every_page_leads_to_the_set_up_first(insisting):
    browser = await insisting.signed_in(ANNA)
    for path in ("/concerns", "/me", "/concerns/QK7M-4TXA", "/me/passphrase"):
        answer = await browser.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, SET_UP)
    page = await browser.get(SET_UP)
    refused = await browser.post("/me/link", {"csrf": page.csrf})
    assert (refused.status, refused.headers["Location"]) == (303, SET_UP)
    await set_up(insisting, browser)
    assert (await browser.get("/concerns")).status == 200


async def test_whoever_must_set_up_a_phone_can_sign_out_instead(insisting):
    browser = await insisting.signed_in(ANNA)
    assert (await browser.act("/sign-out", SET_UP)).headers["Location"] == "/sign-in?signed=out"


async def test_where_it_is_offered_the_pages_open_without(ward):
    browser = await ward.signed_in(ANNA)
    assert (await browser.get("/concerns")).status == 200
    assert "Set up my phone" in (await browser.get("/me")).text


async def test_the_set_up_shows_one_secret_as_picture_and_text_until_a_phone_has_it(ward):
    browser = await ward.signed_in(ANNA)
    first, second = await browser.get(SET_UP), await browser.get(SET_UP)
    assert first.text.count("<svg") == 1
    assert "style=" not in first.text
    assert {k.lower(): v for k, v in first.headers.items()}["cache-control"] == "no-store"
    app, again = (App.from_page(page.text, lambda: ward.seconds.now) for page in (first, second))
    assert app.secret == again.secret
    refused = await browser.post(SET_UP, {"csrf": first.csrf, "code": app.wrong()})
    assert refused.status == 422
    assert App.from_page(refused.text, app.seconds).secret == app.secret
    assert (await ward.browser().sign_in(ANNA)).headers["Location"] == "/concerns"


async def test_recovery_codes_are_shown_once(ward):
    browser = await ward.signed_in(ANNA)
    _, codes = await set_up(ward, browser)
    assert len(set(codes)) == 10
    for path in (SET_UP, "/me"):
        text = (await browser.get(path)).text
        assert not any(code in text for code in codes)
        assert "10 recovery codes" in text
        assert "<svg" not in text


async def test_setting_up_twice_keeps_the_first_phone(ward):
    browser = await ward.signed_in(ANNA)
    page = await browser.get(SET_UP)
    app = App.from_page(page.text, lambda: ward.seconds.now)
    fields = {"csrf": page.csrf, "code": app.code()}
    first, second = await asyncio.gather(browser.post(SET_UP, fields), browser.post(SET_UP, fields))
    assert sum("not shown again" in answer.text for answer in (first, second)) == 1
    assert (await actions(ward)).count("second-factor-set") == 1


async def test_a_phone_that_was_set_up_ends_the_other_sessions(ward):
    here, there = await ward.signed_in(ANNA), await ward.signed_in(ANNA)
    other = await ward.signed_in(BEN)
    await set_up(ward, here)
    assert (await here.get("/concerns")).status == 200
    assert (await there.get("/concerns")).status == 303
    assert (await other.get("/concerns")).status == 200


async def test_the_passphrase_alone_opens_nothing_any_more(ward, phone):
    app, _ = phone
    browser = ward.browser()
    answer = await browser.sign_in(ANNA, after="/me")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in/code")
    assert browser.token is None
    assert (await browser.get("/concerns")).headers["Location"].startswith("/sign-in")
    entered = await give(browser, app.code())
    assert (entered.status, entered.headers["Location"]) == (303, "/me")
    assert (await browser.get("/me")).status == 200
    assert entered.cookies["heard"]["httponly"]
    assert entered.cookies["heard-code"].value == ""


async def test_whether_there_is_a_phone_is_told_only_after_the_right_passphrase(ward, phone):
    answers = []
    for name in (ANNA, BEN, "Nobody Known"):
        answer = await ward.browser().sign_in(name, "wrong")
        answers.append((answer.status, answer.text.replace(name, "")))
        assert "heard-code" not in answer.cookies
    assert {status for status, _ in answers} == {401}
    bodies = {re.sub(r'name="csrf" value="[^"]*"', "", text) for _, text in answers}
    assert len(bodies) == 1


async def test_a_code_works_once(ward, phone):
    app, _ = phone
    code, first, second = app.code(), ward.browser(), ward.browser()
    for browser in (first, second):
        await browser.sign_in(ANNA)
    assert (await give(first, code)).status == 303
    replayed = await give(second, code)
    assert replayed.status == 401
    assert second.token is None


async def test_of_the_same_code_sent_many_times_at_once_one_gets_in(ward, phone):
    app, _ = phone
    browsers = [ward.browser() for _ in range(4)]
    for browser in browsers:
        await browser.sign_in(ANNA)
    pages = [await browser.get("/sign-in/code") for browser in browsers]
    await asyncio.gather(
        *(
            browser.post("/sign-in/code", {"csrf": page.csrf, "code": app.code()})
            for browser, page in zip(browsers, pages, strict=True)
        )
    )
    assert sum(browser.token is not None for browser in browsers) == 1


async def test_after_five_wrong_codes_the_passphrase_is_asked_for_again(ward, phone, log):
    app, _ = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    for _ in range(TRIES - 1):
        assert (await give(browser, app.wrong())).status == 401
    last = await give(browser, app.wrong())
    assert (last.status, last.headers["Location"]) == (303, "/sign-in?signed=tries")
    assert "wrong code too often" in (await browser.get("/sign-in?signed=tries")).text
    assert log.getvalue().count("second-factor-refused") == TRIES
    # Starting again gains nothing: the right code has to wait as well.
    await browser.sign_in(ANNA)
    held = await give(browser, app.code())
    assert held.status == 429
    assert 0 < int(held.headers["Retry-After"]) <= 30
    ward.seconds.now += 31
    await browser.sign_in(ANNA)
    assert (await give(browser, app.code())).status == 303


async def test_many_guesses_at_once_count_each(ward, phone):
    app, _ = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    page = await browser.get("/sign-in/code")
    fields = {"csrf": page.csrf, "code": app.wrong()}
    answers = await asyncio.gather(*(browser.post("/sign-in/code", fields) for _ in range(12)))
    looked_at = [one for one in answers if one.status == 401 or "tries" in str(one.headers)]
    assert len(looked_at) <= TRIES


async def test_half_a_sign_in_ends_after_five_minutes_and_its_key_is_wiped(ward, phone):
    app, _ = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    page = await browser.get("/sign-in/code")
    halfway = ward.server._app.state.console.halfway
    (half,) = halfway._waiting.values()
    ward.seconds.now += LASTS_SECONDS
    answer = await browser.post("/sign-in/code", {"csrf": page.csrf, "code": app.code()})
    assert answer.headers["Location"] == "/sign-in?signed=late"
    assert (len(halfway), set(half.private)) == (0, {0})


async def test_a_cookie_that_we_did_not_give_leads_back_to_the_start(ward, phone):
    app, _ = phone
    browser = ward.browser()
    page = await browser.get("/sign-in")
    for cookie in ("", "forged", "x" * 2000):
        fields = {"csrf": page.csrf, "code": app.code()}
        answer = await browser.post("/sign-in/code", fields, Cookie=f"heard-code={cookie}")
        assert answer.headers["Location"] == "/sign-in?signed=late"
        assert browser.token is None


async def test_a_planted_half_sign_in_lets_only_its_own_form_through(ward, phone):
    """Somebody puts their own cookies into another's browser: the form of one fits no other."""
    app, _ = phone
    theirs, planted = ward.browser(), ward.browser()
    for browser in (theirs, planted):
        await browser.sign_in(ANNA)
    page = await theirs.get("/sign-in/code")
    answer = await planted.post("/sign-in/code", {"csrf": page.csrf, "code": app.code()})
    assert answer.status == 403
    assert planted.token is None
    entered = await give(planted, app.code())
    halves = {one.value for one in planted.http.cookie_jar if one.key == "heard-code"}
    assert entered.status == 303
    assert planted.token not in halves


async def test_a_recovery_code_works_once_and_is_noted(ward, phone):
    _, codes = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    assert "recovery codes" in (await browser.get("/sign-in/code?paper=1")).text
    assert (await give(browser, codes[0].lower())).status == 303
    assert "9 recovery codes" in (await browser.get("/me")).text
    assert "recovery-code-used" in await actions(ward)
    again = ward.browser()
    await again.sign_in(ANNA)
    assert (await give(again, codes[0])).status == 401
    assert (await give(again, codes[1])).status == 303


async def test_new_recovery_codes_need_a_code_and_end_the_old_ones(ward, phone):
    app, codes = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    await give(browser, app.code())
    refused = await browser.act(f"{SET_UP}/codes", SET_UP, code=app.wrong())
    assert refused.status == 422
    ward.seconds.now += 60
    made = await browser.act(f"{SET_UP}/codes", SET_UP, code=app.code())
    new = re.findall(r"<code>([0-9A-Z-]{14})</code>", made.text)
    assert len(new) == 10
    assert not set(new) & set(codes)
    again = ward.browser()
    await again.sign_in(ANNA)
    assert (await give(again, codes[0])).status == 401
    assert (await give(again, new[0])).status == 303


async def test_guessing_from_an_open_session_is_slowed_as_at_the_door(ward, phone):
    app, _ = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    await give(browser, app.code())
    for _ in range(5):
        await browser.act(f"{SET_UP}/off", SET_UP, code=app.wrong())
    assert (await browser.act(f"{SET_UP}/off", SET_UP, code=app.wrong())).status == 429


async def test_a_phone_taken_off_is_asked_for_no_more(ward, phone):
    app, codes = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    await give(browser, app.code())
    answer = await browser.act(f"{SET_UP}/off", SET_UP, code=codes[0])
    assert answer.headers["Location"] == "/me?done=phone-off"
    assert (await ward.browser().sign_in(ANNA)).headers["Location"] == "/concerns"


async def test_another_phone_is_set_up_at_once_where_one_is_required(insisting):
    browser = await insisting.signed_in(ANNA)
    old, codes = await set_up(insisting, browser)
    answer = await browser.act(f"{SET_UP}/off", SET_UP, code=codes[0])
    assert answer.headers["Location"] == SET_UP
    assert (await browser.get("/concerns")).headers["Location"] == SET_UP
    new, _ = await set_up(insisting, browser)
    assert new.secret != old.secret
    assert (await browser.get("/concerns")).status == 200


async def test_a_lead_takes_a_lost_phone_off_and_it_is_noted(ward, phone):
    held = ward.browser()
    await held.sign_in(ANNA)
    await give(held, phone[0].code())
    cleo = await ward.signed_in(CLEO)
    where = f"/people/second-factor/{ward.ids[ANNA]}"
    assert where in (await cleo.get("/people/second-factor")).text
    assert "only if you have spoken to them" in (await cleo.get(where)).text
    assert "second-factor-removed" not in await actions(ward)
    assert (await cleo.act(where, where)).status == 303
    assert (await held.get("/concerns")).status == 303
    assert (await ward.browser().sign_in(ANNA)).headers["Location"] == "/concerns"
    async with ward.store.read() as conn:
        removed = select(audit).where(audit.c.action == "second-factor-removed")
        line = (await conn.execute(removed)).one()
    assert line.staff_id == ward.ids[CLEO]
    assert line.detail == f"of:{ward.ids[ANNA]}"


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        (BEN, ANNA, 403),  # a reader
        (ANNA, ANNA, 403),  # an answerer, their own
        (CLEO, CLEO, 403),  # a lead, their own
        ("Dev Rao", ANNA, 403),  # a lead of another team
        (CLEO, "Ines Bell", 403),  # a lead, somebody above teams
        ("Ines Bell", ANNA, 403),
        (CLEO, "nobody", 404),
    ],
)
async def test_nobody_else_takes_a_phone_off(ward, phone, log, who, whose, status):
    browser = await signed_in_by_any_means(ward, phone[0], who)
    where = f"/people/second-factor/{ward.ids.get(whose, 'nobody')}"
    csrf = (await browser.get("/me")).csrf
    assert (await browser.get(where)).status == status
    assert (await browser.post(where, {"csrf": csrf})).status == status
    assert status == 404 or "not-allowed" in log.getvalue()
    assert (await ward.browser().sign_in(ANNA)).headers["Location"] == "/sign-in/code"


async def signed_in_by_any_means(ward, app, who):
    browser = ward.browser()
    answer = await browser.sign_in(who)
    if answer.headers["Location"] == "/sign-in/code":
        assert (await give(browser, app.code())).status == 303
    return browser


async def test_a_damaged_factor_lets_nobody_in_and_sounds_an_alarm(ward, phone):
    async with ward.store.write() as conn:
        await conn.execute(update(second_factors).values(body=b"\x01\x02" + b"x" * 2000))
    browser = ward.browser()
    await browser.sign_in(ANNA)
    assert (await give(browser, phone[0].code())).status == 409
    assert browser.token is None
    async with ward.store.read() as conn:
        assert (await conn.execute(select(alarms.c.kind))).scalars().all() == [
            "second-factor-damaged"
        ]


async def test_new_keys_end_half_a_sign_in(ward, phone):
    await ward.raise_concern("words")
    browser = ward.browser()
    await browser.sign_in(ANNA)
    await ward.give_new_keys(ANNA, "QK7M-4TXA")
    entered = await give(browser, phone[0].code())
    assert entered.status == 303
    assert (await browser.get("/concerns")).headers["Location"].startswith("/sign-in")


async def test_no_code_or_secret_is_in_the_log(ward, phone, log):
    app, codes = phone
    browser = ward.browser()
    await browser.sign_in(ANNA)
    sent = [app.wrong(), app.code()]
    for code in sent:
        await give(browser, code)
    assert "signed-in" in log.getvalue()
    assert not any(code in log.getvalue() for code in (*sent, *codes))


def test_half_sign_ins_are_bounded_and_the_oldest_goes_first():
    halfway = Halfway(lambda: 0.0, lambda _seconds, _call: None)
    tokens = [halfway.begin("anna", b"public", b"private", "/") for _ in range(MOST + 1)]
    assert len(halfway) == MOST
    assert halfway.find(tokens[0]) is None
    assert b"private" not in repr(halfway.find(tokens[-1])).encode()
    halfway.end_all_of("anna")
    assert len(halfway) == 0


async def test_who_has_no_keys_yet_cannot_sign_in_and_the_time_does_not_tell(ward):
    row = staff.StaffRow("a" * 32, "Jo Bell", b"", b"", True, False, (("willow", "reader"),))
    async with ward.store.write() as conn:
        await staff.add_with_keys(conn, ward.keys, row, ward.clock.now())
    for passphrase in ("", "wrong"):
        assert (await ward.browser().sign_in("Jo Bell", passphrase or " ")).status == 401
