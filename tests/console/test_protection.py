"""What every answer carries and every request must pass."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from bot.console.app import ConsoleError, application
from bot.console.protection import BODY_LIMIT

WORDS = "the night nurse shouted at my mother"
REFERENCE = "QK7M-4TXA"


async def test_every_page_carries_the_headers_and_is_never_kept(ward):
    await ward.raise_concern(WORDS)
    browser = await ward.signed_in("Anna Osei")
    for path in ("/sign-in", "/concerns", f"/concerns/{REFERENCE}", "/me", "/nowhere", "/"):
        answer = await browser.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        for part in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert part in policy
        assert f"script-src {ward.url}/console.js;" in policy  # and no other script
        assert policy.count("script") == 1
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


async def test_the_style_sheet_may_be_kept_and_nothing_comes_from_elsewhere(ward):
    browser = ward.browser()
    sheet = await browser.get("/console.css")
    assert sheet.headers["Cache-Control"] == "max-age=3600"
    assert "url(" not in sheet.text
    page = (await browser.get("/sign-in")).text
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


async def over_https(ward):
    settings = replace(ward.settings, console_url="https://heard.example")
    app = application(replace(ward.console(), settings=settings))
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="https://heard.example")


async def test_over_https_cookies_are_bound_to_this_host_and_browsers_told_to_stay(ward):
    async with await over_https(ward) as browser:
        page = await browser.get("/sign-in")
        assert page.headers["Strict-Transport-Security"].startswith("max-age=")
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        fields = {"csrf": csrf, "name": "Anna Osei", "passphrase": "quiet-otter-anna-lantern"}
        answer = await browser.post("/sign-in", data=fields)
        session = next(c for c in answer.headers.get_list("set-cookie") if "heard=" in c)
    flags = {part.strip() for part in session.split(";")[1:]}
    assert session.startswith("__Host-heard=")
    assert flags == {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}


async def test_on_this_machine_without_https_the_cookie_is_plain_but_closed_to_scripts(ward):
    browser = ward.browser()
    answer = await browser.sign_in("Anna Osei")
    cookie = answer.cookies["heard"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert not cookie["secure"]
    assert not cookie["domain"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("url", ["http://heard.example", "http://10.0.0.5:8100", "ftp://localhost"])
async def test_an_address_without_https_that_is_not_this_machine_is_refused(ward, url):
    with pytest.raises(ConsoleError):
        application(replace(ward.console(), settings=replace(ward.settings, console_url=url)))


async def test_another_host_name_is_not_answered_except_to_probes(ward):
    browser = ward.browser()
    assert (await browser.get("/sign-in", Host="evil.example")).status == 400
    health = await browser.get("/health", Host="10.0.0.7:8100")
    assert (health.status, health.text) == (200, "ok")


async def test_health_says_when_the_database_is_away_and_pages_say_nothing_was_done(ward):
    browser = await ward.signed_in("Anna Osei")
    await ward.store.close()
    assert (await browser.get("/health")).status == 503
    answer = await browser.get("/concerns")
    assert answer.status == 503
    assert "Nothing could be saved just now" in answer.text


async def test_a_body_that_is_too_long_is_refused_with_and_without_its_length(ward):
    browser = ward.browser()

    async def endless():
        for _ in range(BODY_LIMIT // 1000 + 2):
            yield b"a=" + b"x" * 998

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await browser.post("/sign-in", b"x" * (BODY_LIMIT + 1), **kind)).status == 413
    assert (await browser.post("/sign-in", endless(), **kind)).status == 413


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"name=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"--x--", "multipart/form-data; boundary=x", 415),
    ],
)
async def test_forms_that_no_browser_of_ours_sends_are_refused(ward, body, kind, status):
    assert (await ward.browser().post("/sign-in", body, **{"Content-Type": kind})).status == status


@pytest.mark.parametrize(
    "path",
    ["/sign-out", "/me/link"]
    + [
        f"/concerns/{REFERENCE}/{act}"
        for act in ("acknowledge", "look-into", "resume", "answer", "outcome")
    ],
)
async def test_nothing_is_posted_without_the_sessions_own_token(ward, path):
    await ward.raise_concern(WORDS)
    anna, cleo = await ward.signed_in("Anna Osei"), await ward.signed_in("Cleo Hart")
    other = (await cleo.get("/me")).csrf
    for wrong in ({}, {"csrf": ""}, {"csrf": "é"}, {"csrf": other}):
        assert (await anna.post(path, wrong)).status == 403
    assert (await anna.get("/me")).status == 200


async def test_a_fault_of_ours_shows_nothing_and_logs_no_words(ward, log):
    class Broken:
        def __init__(self, desk):
            self.house = desk.house

        async def open(self, *_asked):
            raise RuntimeError(WORDS)

    await ward.server.stop()
    await ward.open_doors(replace(ward.console(), desk=Broken(ward.desk)))
    await ward.raise_concern(WORDS)
    browser = await ward.signed_in("Anna Osei")
    answer = await browser.get(f"/concerns/{REFERENCE}")
    assert answer.status == 500
    assert "It is our fault" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "console-request-failed RuntimeError[" in log.getvalue()
    for hidden in (WORDS, "Anna"):
        assert hidden not in log.getvalue() + answer.text
