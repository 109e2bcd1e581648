"""A nurse's whole way in a real browser without script: from the digest's link to the outcome."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
REFERENCE = "QK7M-4TXA"
MOTHER = (
    "My mum was left in the corridor for four hours last night. Nobody told us why.\n"
    "When I asked, the person at the desk laughed."
)
# In CI a missing browser is a failure, not a reason to skip: launching it says so.
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("CI") != "true", reason="needs Debian's chromium"
)


@pytest.fixture(params=[360, 1280])
async def tab(request):
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = await chromium.new_context(
            viewport={"width": request.param, "height": 800}, java_script_enabled=False
        )
        context.set_default_timeout(10_000)
        yield await context.new_page()
        await chromium.close()


async def shot(tab, folder: Path, name: str, heading: str) -> None:
    """Wait for the page, keep a picture, and check that nothing is cut off at the side."""
    await expect(tab.get_by_role("heading", level=1)).to_have_text(heading)
    picture = await tab.screenshot(path=folder / f"{name}.png", full_page=True)
    width = int.from_bytes(picture[16:20])  # a PNG's header says how wide the page became
    assert width == tab.viewport_size["width"], f"{name} is wider than the screen"


async def full_list(ward) -> None:
    """A list as it may look: one late, one due today, one new, one from elsewhere."""
    await ward.raise_concern("Nobody answers the phone.", reference="M3VX-9KQ4")
    ward.clock.move_to(ward.clock.now() + timedelta(days=2))
    await ward.raise_concern("The window does not close.", reference="B8TN-6JF2")
    ward.clock.move_to(ward.clock.now() + timedelta(hours=20))
    await ward.raise_concern(MOTHER, reference=REFERENCE, kept_from=["Cleo Hart"])


async def test_from_the_digests_link_to_an_outcome_without_script(ward, tab, tmp_path):
    await full_list(ward)
    await tab.goto(f"{ward.url}/concerns/{REFERENCE}")
    await shot(tab, tmp_path, "1-sign-in", "Sign in")
    await tab.get_by_label("Your name").fill("anna osei")
    await tab.get_by_label("Your passphrase").fill("wrong")
    await tab.get_by_role("button", name="Sign in").click()
    await expect(tab.get_by_role("alert")).to_contain_text("do not fit together")
    await shot(tab, tmp_path, "2-refused", "Sign in")
    await tab.get_by_label("Your name").fill("anna osei")
    await tab.get_by_label("Your passphrase").fill("quiet-otter-anna-lantern")
    await tab.get_by_role("button", name="Sign in").click()
    await tab.wait_for_url(f"{ward.url}/concerns/{REFERENCE}")

    await tab.get_by_role("link", name="Concerns", exact=True).click()
    await shot(tab, tmp_path, "3-list", "Concerns")
    await tab.get_by_role("link", name=REFERENCE).click()
    await expect(tab.get_by_text("left in the corridor")).to_be_visible()
    await shot(tab, tmp_path, "4-concern", "Concern QK7M-4TXA")
    await tab.get_by_role("button", name="Acknowledge it").click()
    await expect(tab.get_by_role("status")).to_have_text("Acknowledged. The person will be told.")
    await shot(tab, tmp_path, "5-acknowledged", "Concern QK7M-4TXA")

    await tab.get_by_role("link", name="Write the outcome").click()
    await tab.get_by_label("Something will change by a date").check()
    await tab.get_by_label("Your role").fill("Ward manager")
    await tab.get_by_role("button", name="See it as they will").click()
    await expect(tab.get_by_role("alert").get_by_role("link")).to_have_count(5)
    await shot(tab, tmp_path, "6-problems", "Write the outcome")
    await tab.get_by_label("Day").fill("14")
    await tab.get_by_label("Month").fill("12")
    await tab.get_by_label("Year").fill("2026")
    await tab.get_by_label("Thanks").fill("Thank you for telling us what happened to your mum.")
    await tab.get_by_label("Sorry, if it fits").fill("I am sorry. You should have been told.")
    await tab.get_by_label("What was done, or why not").fill(
        "I spoke with everyone who worked that night. The MDT has agreed how we tell families."
    )
    await tab.get_by_label("What happens next, and by when").fill(
        "From 14 December somebody comes to you every hour."
    )
    await tab.get_by_label("How to come back to you").fill("Ask for me at the desk, any weekday.")
    await tab.get_by_role("button", name="See it as they will").click()
    await shot(tab, tmp_path, "7-preview", "Check it, then send it")
    await expect(tab.get_by_text("Thank you for telling us")).to_be_visible()
    await tab.get_by_role("button", name="Send it to the person").click()
    await expect(tab.get_by_role("status")).to_contain_text("on its way to the person")
    await shot(tab, tmp_path, "8-sent", "Concern QK7M-4TXA")

    await tab.get_by_role("link", name="My page").click()
    await tab.get_by_role("button", name="Link my Telegram").click()
    await shot(tab, tmp_path, "9-my-page", "My page")
    await tab.get_by_role("button", name="Sign out").click()
    await expect(tab.get_by_role("status")).to_have_text("You are signed out.")


async def test_the_main_job_can_be_done_with_a_keyboard_alone(ward, tab):
    await ward.raise_concern(MOTHER)
    await tab.goto(f"{ward.url}/concerns/{REFERENCE}")
    await press_until(tab, "name")
    await tab.keyboard.type("Anna Osei")
    await tab.keyboard.press("Tab")
    await tab.keyboard.type("quiet-otter-anna-lantern")
    await tab.keyboard.press("Enter")
    await tab.wait_for_url(f"**/concerns/{REFERENCE}")
    acknowledge = tab.get_by_role("button", name="Acknowledge it")
    for _ in range(20):
        await tab.keyboard.press("Tab")
        if await acknowledge.and_(tab.locator(":focus")).count():
            break
    await tab.keyboard.press("Enter")
    await tab.wait_for_url("**done=acknowledge")


async def press_until(tab, name: str) -> None:
    for _ in range(10):
        await tab.keyboard.press("Tab")
        if await tab.locator(f":focus[name={name}]").count():
            return
    pytest.fail(f"{name} is not reached by Tab")
