"""From the daily list on a phone to what the person reads, in a real browser: taps are counted."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from inside import found, inside, passphrase_of
from kept_out import ROLES, raise_concern
from people import until
from playwright.async_api import async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
MORNING, TEN = datetime(2026, 11, 24, 8, 30, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)
# A newcomer's whole answer. The name is there already.
SCRIPT = {
    "role": "Ward manager",
    "thanks": "Thank you for telling us how cold it is.",
    "done": "I asked for the heating to be mended. It was done this morning.",
    "next": "I look at it again on Monday.",
    "back": "Ask for me at the desk, or write here.",
}
LETTERS = 3.0  # a second: 36 words a minute on a phone (Palin and others, 2019, 37,370 people)
A_TAP = 3.0  # seconds to find and touch it, with reading
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("CI") != "true", reason="needs Debian's chromium"
)


class Thumb:
    """A phone's browser whose taps and letters are counted."""

    def __init__(self, page) -> None:
        self.page, self.taps, self.letters, self.fields = page, 0, 0, 0

    async def follow(self, address: str) -> None:
        self.taps += 1
        await self.page.goto(address)

    async def tap(self, name: str) -> None:
        self.taps += 1
        button = self.page.get_by_role("button", name=name, exact=True)
        await button.or_(self.page.get_by_role("link", name=name, exact=True)).first.click()

    async def write(self, name: str, text: str) -> None:
        self.taps, self.fields = self.taps + 1, self.fields + 1
        self.letters += len(text)
        await self.page.locator(f"[name={name}]").fill(text)


async def test_an_acknowledgement_in_three_taps_and_an_answer_in_two_minutes(tmp_path):
    """Signing in is not counted: it happened before, once a shift."""
    await found(tmp_path, ROLES)
    async with inside(tmp_path, MORNING.replace(hour=7)) as here, async_playwright() as playwright:
        person = await here.street.newcomer("Ann")
        reference = await raise_concern(person, "It is cold in here.")
        omar = await here.link("Omar Bell")
        for moment in (MORNING, TEN):
            here.clock.move_to(moment)
            await here.heard.ticks.look_now()
            here.heard.sender.wake()
            await until(here.nothing_to_send)
        listed = await omar.until("Concerns on Tuesday 24 November", reference)
        buttons = {one["text"]: one for row in listed["buttons"] for one in row}
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = await chromium.new_page(viewport={"width": 360, "height": 800})
        await page.goto(here.console_url)
        await page.fill("[name=name]", "Omar Bell")
        await page.fill("[name=passphrase]", passphrase_of("Omar Bell"))
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Concerns")

        began, thumb = time.monotonic(), Thumb(page)
        await thumb.follow(buttons[f"Open {reference[-4:]}"]["url"])
        await expect(page.get_by_text("It is cold in here.")).to_be_visible()
        await thumb.tap("Acknowledge it")
        await expect(page.get_by_role("status")).to_contain_text("Acknowledged.")
        acknowledged = thumb.taps
        await thumb.tap("Write an answer")
        for name, text in SCRIPT.items():
            await thumb.write(name, text)
        await thumb.tap("See it as they will")
        await expect(page.get_by_text("This could be plainer")).to_have_count(0)
        await thumb.tap("Send it to the person")
        await expect(page.get_by_role("status")).to_contain_text("on its way to the person")
        by_hand = thumb.letters / LETTERS + thumb.taps * A_TAP
        print(
            f"\nacknowledged: {acknowledged} taps; answered: {thumb.taps} taps, {thumb.fields}"
            f" fields, {thumb.letters} letters: about {by_hand:.0f} s by hand;"
            f" the machine took {time.monotonic() - began:.1f} s"
        )
        assert acknowledged <= 3
        assert thumb.fields <= len(SCRIPT)
        assert by_hand <= 120
        await chromium.close()
        await person.tap("Read it")
        await person.until(SCRIPT["done"])
