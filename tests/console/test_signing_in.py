"""Signing in and out over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import replace

import pytest

from bot.console.sessions import ABSOLUTE_SECONDS, IDLE_SECONDS
from bot.console.throttle import PER_NAME
from bot.console.unlocking import AT_ONCE, MOST_WAITING, Unlocking
from storage import staff
from storage.sealing import Argon2Cost, WrongPassphrase

ANNA, PASSPHRASE = "Anna Osei", "quiet-otter-anna-lantern"


async def test_a_name_and_its_passphrase_open_the_list(ward):
    browser = ward.browser()
    answer = await browser.sign_in(ANNA)
    assert (answer.status, answer.headers["Location"]) == (303, "/concerns")
    assert (await browser.get("/concerns")).status == 200


async def test_names_are_known_whatever_their_capitals(ward):
    assert (await ward.browser().sign_in("  anna   OSEI ", PASSPHRASE)).status == 303


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [(ANNA, "wrong"), ("Nobody Known", "wrong"), (ANNA, ""), ("", ""), ("Ben Marsh", PASSPHRASE)],
)
async def test_what_does_not_fit_gets_one_answer(ward, name, passphrase):
    browser = ward.browser()
    answer = await browser.try_passphrase(await browser.get("/sign-in"), name, passphrase)
    assert answer.status == 401
    assert "do not fit together" in answer.text
    assert browser.token is None
    assert passphrase == "" or passphrase not in answer.text


async def test_an_unknown_name_costs_the_same_work_and_reads_the_same(ward):
    tried: Counter[str] = Counter()

    def counting(row, passphrase):
        tried[passphrase] += 1
        return staff.unlock(row, passphrase)

    await ward.server.stop()
    await ward.open_doors(replace(ward.console(), unlocking=Unlocking(counting)))
    answers = []
    for name, passphrase in ((ANNA, "wrong-1"), ("Nobody Known", "wrong-2")):
        browser = ward.browser()
        page = await browser.get("/sign-in")
        answer = await browser.try_passphrase(page, name, passphrase)
        answers.append(answer.text.replace(answer.csrf, "").replace(name, ""))
    assert tried == {"wrong-1": 1, "wrong-2": 1}
    assert answers[0] == answers[1]


async def test_the_right_passphrase_of_another_does_not_open_an_unknown_name(ward):
    for name in ward.ids:
        given = f"quiet-otter-{name.split()[0].lower()}-lantern"
        assert (await ward.browser().sign_in("Nobody Known", given)).status == 401


async def test_somebody_who_left_cannot_come_in_and_is_out_at_once(ward):
    browser = await ward.signed_in(ANNA)
    async with ward.store.write() as conn:
        await staff.set_active(conn, ward.ids[ANNA], False)
    answer = await browser.get("/concerns")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?next=/concerns")
    assert (await ward.browser().sign_in(ANNA)).status == 401


async def test_a_session_ends_when_its_member_gets_new_keys(ward):
    browser = await ward.signed_in(ANNA)
    pair = staff.new_keys(
        ward.ids[ANNA], "another one", Argon2Cost(memory_kib=1024, passes=1, lanes=1)
    )
    async with ward.store.write() as conn:
        await staff.set_keys(conn, ward.ids[ANNA], pair.public, pair.private_locked)
    assert (await browser.get("/concerns")).status == 303


@pytest.mark.parametrize("name", [ANNA, "Nobody Known"])
async def test_failures_by_name_bring_growing_delays_and_time_ends_them(ward, name):
    browser = ward.browser()
    page = await browser.get("/sign-in")
    for _ in range(PER_NAME.free):
        assert (await browser.try_passphrase(page, name, "wrong")).status == 401
    refused = await browser.try_passphrase(page, name, PASSPHRASE)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "2")
    ward.seconds.now += 2
    assert (await browser.try_passphrase(page, name, "wrong")).status == 401
    refused = await browser.try_passphrase(page, name.upper(), "wrong")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "4")
    assert (await ward.browser().sign_in("Cleo Hart")).status == 303


async def test_guessing_one_passphrase_at_many_names_is_slowed_too(ward):
    browser = ward.browser()
    page = await browser.get("/sign-in")
    statuses = [
        (await browser.try_passphrase(page, f"Name {number}", "wrong")).status
        for number in range(32)
    ]
    assert statuses == [401] * 30 + [429] * 2
    ward.seconds.now += 5
    assert (await ward.browser().sign_in(ANNA)).status == 303


async def test_a_token_from_before_signing_in_is_never_taken_over(ward):
    browser = ward.browser()
    page = await browser.get("/sign-in")
    browser.http.cookie_jar.update_cookies({"heard": "chosen-by-somebody-else"})
    await browser.try_passphrase(page, ANNA, PASSPHRASE)
    assert browser.token not in (None, "chosen-by-somebody-else")
    before = browser.token
    other = ward.browser()
    other.http.cookie_jar.update_cookies({"heard": "chosen-by-somebody-else"})
    assert (await other.get("/concerns")).status == 303
    await browser.http.get(f"{ward.url}/")
    again = await browser.act("/sign-out", "/concerns")
    assert again.status == 303
    await browser.sign_in(ANNA)
    assert browser.token != before


async def test_signing_out_ends_the_session_for_a_copied_token_too(ward):
    browser = await ward.signed_in(ANNA)
    thief = ward.browser()
    thief.http.cookie_jar.update_cookies({"heard": browser.token})
    assert (await thief.get("/concerns")).status == 200
    await browser.act("/sign-out", "/concerns")
    assert browser.token is None
    assert (await thief.get("/concerns")).status == 303


@pytest.mark.parametrize("seconds", [IDLE_SECONDS, ABSOLUTE_SECONDS])
async def test_an_old_session_is_over(ward, seconds):
    browser = await ward.signed_in(ANNA)
    step = IDLE_SECONDS if seconds == IDLE_SECONDS else IDLE_SECONDS - 1
    for _ in range(-(-seconds // step) - 1):
        ward.seconds.now += step
        assert (await browser.get("/me")).status == 200
    ward.seconds.now += step
    assert (await browser.get("/me")).status == 303


async def test_signing_in_leads_back_to_the_page_that_was_asked_for(ward):
    browser = ward.browser()
    asked = await browser.get("/concerns/QK7M-4TXA")
    assert asked.headers["Location"] == "/sign-in?next=/concerns/QK7M-4TXA"
    answer = await browser.sign_in(ANNA, after="/concerns/QK7M-4TXA")
    assert answer.headers["Location"] == "/concerns/QK7M-4TXA"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/concerns/../../x",
        "javascript:1",
    ],
)
async def test_signing_in_never_leads_to_a_strangers_page(ward, elsewhere):
    browser = ward.browser()
    page = await browser.get("/sign-in")
    fields = {"csrf": page.csrf, "name": ANNA, "passphrase": PASSPHRASE, "next": elsewhere}
    answer = await browser.post("/sign-in", fields)
    assert (answer.status, answer.headers["Location"]) == (303, "/concerns")


async def test_a_sign_in_form_of_another_site_or_another_day_is_refused(ward):
    browser = ward.browser()
    fields = {"name": ANNA, "passphrase": PASSPHRASE}
    assert (await browser.post("/sign-in", fields)).status == 403
    page = await browser.get("/sign-in")
    assert (await browser.post("/sign-in", {**fields, "csrf": "x"})).status == 403
    assert (await ward.browser().post("/sign-in", {**fields, "csrf": page.csrf})).status == 403
    foreign = await browser.post(
        "/sign-in", {**fields, "csrf": page.csrf}, **{"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status == 403
    assert browser.token is None


async def test_many_at_once_wait_their_turn_and_too_many_are_sent_away(ward):
    at_work, together = 0, []
    go = threading.Event()

    def slow(_row, _passphrase):
        nonlocal at_work
        at_work += 1
        together.append(at_work)
        go.wait(10)
        at_work -= 1
        raise WrongPassphrase("no")

    unlocking = Unlocking(slow)
    async with ward.store.read() as conn:
        row = await staff.by_name(conn, ward.keys, ANNA)
    waiting = [asyncio.create_task(unlocking.run(row, "")) for _ in range(AT_ONCE + MOST_WAITING)]
    await asyncio.sleep(0)
    assert unlocking.full
    await ward.server.stop()
    await ward.open_doors(replace(ward.console(), unlocking=unlocking))
    assert (await ward.browser().sign_in(ANNA)).status == 503
    go.set()
    assert await asyncio.gather(*waiting) == [None] * len(waiting)
    assert max(together) <= AT_ONCE
    assert not unlocking.full


async def test_staff_are_told_while_the_words_are_not_reviewed_by_people_with_lived_experience(
    ward,
):
    line = "The words of this service are not yet reviewed by people with lived experience."
    assert line in (await ward.browser().get("/sign-in")).text
    reviewed = replace(ward.settings, wording_reviewed=True)
    await ward.server.stop()
    await ward.open_doors(replace(ward.console(), settings=reviewed))
    assert line not in (await ward.browser().get("/sign-in")).text
