"""OWASP: guessing passphrases, codes, links and recovery codes, and what the time of an answer
could tell; where a sign-in may lead to."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import replace

import pytest

from bot.console.halfway import TRIES
from bot.console.throttle import PER_CODE, PER_NAME
from bot.console.unlocking import Unlocking
from bot.desk.inviting import Inviting
from storage import staff
from tests.console.browsing import passphrase_of
from tests.console.matrix import ANYBODY, ROWS, WILLOW, furnished
from tests.console.phone import App
from tests.console.test_matrix import ask, stored

ANNA, CLEO = "Anna Osei", "Cleo Hart"


async def with_phone(ward, name=ANNA):
    """Set up a phone for codes; the app, and the recovery codes that are shown once."""
    browser = await ward.signed_in(name)
    page = await browser.get("/me/second-factor")
    app = App.from_page(page.text, ward.seconds)
    done = await browser.post("/me/second-factor", {"csrf": page.csrf, "code": app.code()})
    return browser, app, re.findall(r"<code>([^<]+)</code>", done.text)


async def guessed(browser, code):
    page = await browser.get("/sign-in/code")
    if page.status != 200:
        return page
    return await browser.post("/sign-in/code", {"csrf": page.csrf, "code": code})


async def test_guessing_a_passphrase_inside_a_session_is_slowed_as_at_the_door(ward):
    """Whoever finds a phone unlocked has a session, and must not get the passphrase with it."""
    anna = await ward.signed_in(ANNA)
    forms = ("/me/passphrase", "/me/new-keys")
    answers = []
    for n in range(PER_NAME.free + 3):
        path = forms[n % 2]
        given = {"old": "wrong", "passphrase": "wrong", "again": "wrong"}
        answers.append(await anna.act(path, path, **given))
    assert [one.status for one in answers] == [401] * PER_NAME.free + [429] * 3
    right = {"old": passphrase_of(ANNA), "passphrase": passphrase_of(ANNA)}
    assert (await anna.act(forms[1], forms[1], **right)).status == 429
    assert (await ward.browser().sign_in(ANNA)).status == 429


async def test_codes_can_be_guessed_a_few_times_and_then_the_passphrase_is_asked_for_again(ward):
    _, app, _ = await with_phone(ward)
    ward.seconds.now += 60
    browser = ward.browser()
    assert (await browser.sign_in(ANNA)).headers["Location"] == "/sign-in/code"
    statuses = [(await guessed(browser, app.wrong())).status for _ in range(TRIES)]
    assert statuses == [401] * (TRIES - 1) + [303]
    assert (await browser.get("/sign-in/code")).status == 303
    assert browser.token is None
    again = ward.browser()
    await again.sign_in(ANNA)
    slowed = await guessed(again, app.code())
    assert slowed.status == 429
    assert int(slowed.headers["Retry-After"]) >= PER_CODE.first - 1


async def test_recovery_codes_are_as_slow_to_guess_as_others_and_work_once(ward):
    _, _, codes = await with_phone(ward)
    ward.seconds.now += 60
    first = ward.browser()
    await first.sign_in(ANNA)
    assert (await guessed(first, codes[0])).status == 303
    assert first.token is not None
    used = ward.browser()
    await used.sign_in(ANNA)
    for code in (codes[0], *("".join(secrets.token_hex(5)) for _ in range(TRIES - 2))):
        assert (await guessed(used, code)).status == 401
    assert used.token is None
    assert len({*codes}) == len(codes) >= 8
    assert min(len(re.sub(r"\W", "", one)) for one in codes) >= 8


async def test_a_session_without_its_code_opens_nothing(ward):
    await furnished(ward, CLEO)
    await with_phone(ward)
    browser = ward.browser()
    await browser.sign_in(ANNA)
    before = await stored(ward)
    for row in ROWS:
        if row.method == "GET" and "{" not in row.path:
            answer = await browser.get(row.path)
            assert answer.status == 303, row.name
            assert answer.headers["Location"].startswith("/sign-in"), row.name
    assert await stored(ward) == before


async def test_links_of_invitations_are_too_long_to_guess_and_all_wrong_ones_look_alike(ward):
    made = await Inviting(ward.store, ward.keys).invite(
        "Jo Bell", (("willow", "reader"),), None, ward.clock.now()
    )
    assert len(made.token) >= 43  # 256 bits
    wrong = [secrets.token_urlsafe(32), made.token[:-1], made.token.swapcase(), "", "x" * 5000]
    pages = [await ward.browser().get(f"/join/{one}") for one in wrong if one]
    assert {one.status for one in pages} == {404}
    assert len({one.text for one in pages}) == 1
    assert (await ward.browser().get(f"/join/{made.token}")).status == 200


@pytest.mark.parametrize("state", ["unknown", "invited", "left", "working"])
async def test_signing_in_does_the_same_slow_work_for_every_name(ward, state):
    """Calls are counted, not seconds: one lock is tried with the passphrase, whoever it is."""
    name = {"unknown": "Nobody Known", "invited": "Jo Bell"}.get(state, ANNA)
    async with ward.store.write() as conn:
        if state == "left":
            await staff.set_active(conn, ward.ids[ANNA], False)
    if state == "invited":
        inviting = Inviting(ward.store, ward.keys)
        await inviting.invite(name, (("willow", "reader"),), None, ward.clock.now())
    tried: Counter[int] = Counter()

    def counting(row, passphrase):
        tried[len(row.private_locked)] += 1
        return staff.unlock(row, passphrase)

    await ward.server.stop()
    await ward.open_doors(replace(ward.console(), unlocking=Unlocking(counting)))
    answer = await ward.browser().sign_in(name, "wrong")
    assert answer.status == 401
    assert "do not fit together" in answer.text
    assert list(tried.values()) == [1]
    assert min(tried) > 100  # never the empty lock of somebody who has not come yet


async def test_no_route_leads_to_a_strangers_address_whatever_it_is_asked_with(ward):
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in("Grace Okoro")
    csrf = (await grace.get("/me")).csrf
    evil = "https://evil.example/"
    leads = {"next": evil, "url": evil, "to": evil, "return": evil, "after": evil}
    query = "&".join(f"{name}={value}" for name, value in leads.items())
    found = []
    for row in ROWS:
        where = f"{scene.address(row, WILLOW)}?{query}"
        if row.method == "GET":
            found.append(await grace.get(where))
        elif row.path != "/sign-out":
            found.append(await grace.post(where, {"csrf": csrf, **leads, **row.form}))
    stranger = ward.browser()
    found += [await ask(scene, stranger, row, WILLOW, "") for row in ROWS]
    found += [await stranger.get(f"{path}?{query}") for method, path in ANYBODY if method == "GET"]
    for path in ("//evil.example/", "//evil.example/concerns", "/concerns/", "/\\evil.example/"):
        found.append(await stranger.get(path, **{"X-Forwarded-Host": "evil.example"}))
    for answer in found:
        where = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\])", where) or where == "/"
        assert "evil" not in where
    assert sum("Location" in answer.headers for answer in found) > 20


async def test_only_kinds_of_files_that_are_meant_come_back_and_none_can_be_sent_in(ward):
    scene = await furnished(ward, CLEO)
    grace = await ward.signed_in("Grace Okoro")
    csrf = (await grace.get("/me")).csrf
    files = await grace.get(f"/concerns/{WILLOW}/files/{scene.parts[WILLOW]}")
    assert files.headers["Content-Type"] == "image/jpeg"
    assert files.headers["Content-Disposition"].startswith("attachment;")
    assert files.headers["X-Content-Type-Options"] == "nosniff"
    before = await stored(ward)
    body = f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n--x--'.encode()
    for row in ROWS:
        if row.method == "POST":
            kind = {"Content-Type": "multipart/form-data; boundary=x"}
            answer = await grace.post(scene.address(row, WILLOW), body, **kind)
            assert (row.name, answer.status) == (row.name, 415)
    assert await stored(ward) == before
