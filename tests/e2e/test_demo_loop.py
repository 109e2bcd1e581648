"""The whole way of a concern in the demo, by what people see: two phones, a console and a clock.

`HEARD_PICTURES=FOLDER make test TESTS=tests/e2e/test_demo_loop.py` keeps a picture of every step,
wide and narrow; docs/demo.png is the one named for-the-readme.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket

import pytest
from demo_driver import CHROMIUM, FLAGS, REFERENCE, TALL, WIDE, Clock, Demo, Desk, Phone, Pictures
from playwright.async_api import async_playwright, expect

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("CI") != "true", reason="needs Debian's chromium"
)
NEWS = "There is news for you. Tap to read it."
PROMISED = "We said that you would hear from us. Tap to read."


@pytest.fixture
async def demo(tmp_path):
    """A demo that has to end well, whatever was done with it."""
    demo = Demo(tmp_path)
    await demo.start()
    yield demo
    assert await demo.end() == 0
    assert demo.complained == ""
    assert "Traceback" not in demo.printed
    assert "Nothing is left behind." in demo.printed
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
async def browser():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser):
    """Opens pages, each with its own cookies; afterwards none may have complained."""
    problems = []

    async def open_one(address):
        page = await browser.new_page(viewport=WIDE, reduced_motion="reduce")
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else 0)
        await page.goto(address)
        return page

    yield open_one
    assert problems == []


async def test_a_service_user_is_heard_and_says_when_an_answer_was_none(demo, open_page):
    pictures = Pictures("service-user")
    page = await open_page(demo.phones)
    phone = Phone(page, "Service user")
    await pictures.take(page, "first")
    reference = await raise_in_words(phone, page, pictures)

    nurse = await sign_in(open_page, demo, "Priya Shah")
    await pictures.take(nurse.page, "list")
    await expect(nurse.row(reference)).to_contain_text("New")
    await nurse.open(reference)
    await expect(nurse.main).to_contain_text("They changed my tablets and nobody told me why.")
    await expect(nurse.main).to_contain_text("For themselves")
    await pictures.take(nurse.page, "concern")
    await nurse.press("Acknowledge it")
    await expect(nurse.main).to_contain_text("Acknowledged. The person will be told.")
    await phone.hears(NEWS)
    await pictures.take(page, "notice")
    await phone.tap("Read it")
    await phone.hears(f"Someone in the team has opened your concern {reference}.")

    await nurse.tell_outcome("Priya", "nurse", "Dr Lee can see you today at 3.", pictures)
    await read_outcome(phone, "Dr Lee can see you today at 3.")
    await phone.hears("Priya, nurse")
    await pictures.take(page, "outcome")

    await phone.tap("Not really")
    await phone.hears("It has gone to the person who leads the team.")
    await phone.hears("What is still wrong? You can skip this.")
    await phone.never_hears(f"I added that to {reference}.")
    await pictures.take(page, "not-really")
    await phone.write("I still do not know what the new ones are for.")
    await phone.hears(f"I added that to {reference}.")
    await expect(Phone(page, "Member of staff").heard(f"{reference} is open again")).to_be_visible()

    lead = await sign_in(open_page, demo, "Tom Reyes")
    await lead.look_at("For us", "Waiting for us")
    await lead.open(reference)
    await expect(lead.main).to_contain_text("With the team lead")
    await expect(lead.main).to_contain_text("I still do not know what the new ones are for.")
    await pictures.take(lead.page, "one-level-up")
    await lead.tell_outcome("Tom", "team lead", "They are for sleep. You can say no to them.")
    await read_outcome(phone, "They are for sleep. You can say no to them.")
    await phone.tap("Yes, it did")
    await phone.hears(f"You said that this answered you, so your concern {reference} is closed.")
    await pictures.take(page, "closed")
    await lead.page.reload()
    await lead.look_at("Closed", "Closed")
    await expect(lead.row(reference)).to_contain_text("Closed")
    await pictures.take(lead.page, "closed-list")


async def raise_in_words(phone, page, pictures):
    """From the first words to the receipt and the question after it; return the reference."""
    await phone.start()
    await phone.hears("This is not an emergency service.")
    await phone.hears("What happened, or what worries you")
    await pictures.take(page, "welcome")
    await phone.write("They changed my tablets and nobody told me why.")
    await phone.hears("Tap Send when you are ready.")
    await pictures.take(page, "saved")
    await phone.tap("Send")
    await phone.hears("Which place is this about?")
    await pictures.take(page, "place")
    await phone.tap("Rowan ward")
    await phone.hears("Should anyone be kept from seeing this?")
    await phone.never_hears("Sent.")
    await pictures.take(page, "kept-from")
    await phone.tap("No, send it")
    await phone.hears("If a date is missed, I will tell you here.")
    await phone.hears("Is someone in danger right now?")
    await pictures.take(page, "receipt")
    await phone.tap("No, not right now")
    await phone.tap("For me")
    reference = await phone.reference()
    await phone.hears("How should staff write to you?")
    return reference


async def read_outcome(phone, words):
    await phone.tap("Read it")
    await phone.hears(words)
    await expect(phone.heard(words)).to_contain_text("Did this answer you?")


async def test_a_carer_taps_and_is_told_honestly_that_nobody_answered(demo, open_page):
    pictures = Pictures("carer")
    page = await open_page(demo.phones)
    phone, staff, clock = Phone(page, "Carer"), Phone(page, "Member of staff"), Clock(page)
    answered = asyncio.create_task(somebody_who_is_answered(demo, open_page))
    reference = await raise_by_taps(phone, page, pictures)
    await answered

    digest = staff.heard("Concerns on").filter(has_text=f"{reference}: new, not acknowledged")
    await clock.move_until(digest)
    await pictures.take(page, "digest")
    await phone.heard("Your reference is").scroll_into_view_if_needed()
    await pictures.take(page, "for-the-readme", TALL)
    way_in = digest.get_by_role("link", name=re.compile(r"^Open\s*\("))
    assert (await way_in.get_attribute("href")).startswith(demo.console)
    lead = await sign_in(open_page, demo, "Tom Reyes", await way_in.get_attribute("href"))
    await expect(lead.row(reference)).to_contain_text("New")

    await clock.move("A day later")
    await phone.never_hears(PROMISED)
    await clock.move_until(phone.heard(PROMISED))
    promised = re.search(
        r"Staff should tell you by (\w+ \d+ \w+)", await phone.heard("Your reference").inner_text()
    )[1]
    assert (await clock.now()).startswith(promised), "silence is told on the promised day"
    await pictures.take(page, "silence")
    await phone.tap("Read it")
    await phone.hears(f"hear about your concern {reference} by {promised}.")
    await phone.hears("We have no news for you, and we are sorry.")
    # Nobody took it at two handovers, so that it was with the lead before the date passed.
    await phone.hears("It has now gone to senior staff above the team.")
    await staff.hears(f"{reference}: handovers have passed, and nobody has taken it.")
    await Phone(page, "Service user").never_hears(PROMISED)
    for one in (phone, staff):
        await one.stands_upright()
    await pictures.take(page, "told")
    await lead.page.reload()
    await expect(lead.row(reference)).to_contain_text("Overdue")
    await pictures.take(lead.page, "overdue")


async def somebody_who_is_answered(demo, open_page):
    """The service user, meanwhile, in a window of their own: what is kept silent is not theirs."""
    phone = Phone(await open_page(demo.phones), "Service user")
    await phone.start()
    await phone.write("My leave was stopped and nobody came to say why.")
    for label in ("Send", "Rowan ward", "No, send it", "Skip", "For me"):
        await phone.tap(label)
    reference = await phone.reference()
    nurse = await sign_in(open_page, demo, "Priya Shah")
    await nurse.open(reference)
    await nurse.tell_outcome("Priya", "nurse", "Your leave is back from today.")
    await read_outcome(phone, "Your leave is back from today.")


async def raise_by_taps(phone, page, pictures):
    """A whole concern without a word; return its reference."""
    await phone.start()
    await phone.tap("Choose from a list")
    await phone.hears("What is it about?")
    await pictures.take(page, "list")
    await phone.tap("Help stopped, late or missing")
    await phone.hears("You can add your own words, or send it as it is.")
    await phone.tap("Send")
    await phone.tap("Rowan ward")
    await phone.tap("No, send it")
    await phone.tap("Skip")
    await phone.tap("For someone else")
    reference = await phone.reference()
    await phone.hears("Do they know about this, and do they agree?")
    await pictures.take(page, "sent")
    return reference


async def sign_in(open_page, demo, name, address=None):
    desk = Desk(await open_page(address or demo.console))
    await desk.sign_in(name, demo.passphrase)
    return desk


async def test_a_kept_demo_goes_on_where_it_was(tmp_path, open_page):
    folder = tmp_path / "kept"
    demo = Demo(tmp_path, ("--keep", str(folder)))
    await demo.start()
    page = await open_page(demo.phones)
    phone, clock = Phone(page, "Carer"), Clock(page)
    await phone.start()
    await phone.write("Nobody rings us back.")
    await phone.hears("Tap Send when you are ready.")
    await ask_at_any_moment(phone, demo.printed)
    desk = await sign_in(open_page, demo, "Priya Shah")
    reference = REFERENCE.search(await desk.main.inner_text())[0]
    await clock.move("A day later")
    day = (await clock.now()).partition(",")[0]
    await page.goto("about:blank")
    assert await demo.end(signal.SIGHUP) == 0, "closing the window is no crash"

    await demo.start()
    page = await open_page(demo.phones)
    phone = Phone(page, "Carer")
    await phone.hears("This is not an emergency service.")
    await expect(phone.log).to_contain_text("Nobody rings us back.")
    assert (await Clock(page).now()).startswith(day)
    await phone.tap("Send")
    await phone.hears("Which place is this about?")
    desk = await sign_in(open_page, demo, "Priya Shah")
    await desk.open(reference)
    await expect(desk.main).to_contain_text("The showers on the ward do not lock")
    await page.goto("about:blank")
    assert await demo.end() == 0
    assert demo.complained == ""
    assert f"Kept in {folder}." in demo.printed
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]


async def ask_at_any_moment(phone, printed):
    """What the demo tells a newcomer to write, while words wait to be sent."""
    for asked, answered in {
        "who will see this?": "Before you send, I ask who should not see it.",
        "my concerns": "When you do, you can see here where it stands.",
        "my data": "You can have a copy of what is kept about you.",
    }.items():
        assert f"“{asked}”" in printed
        await phone.write(asked)
        await phone.hears(answered)
    await phone.tap("Not now")
    await phone.hears("When you do, you can see here where it stands.", times=2)
    await phone.tap("Get help now")
    await phone.hears("What you wrote is not lost.")
    await phone.hears("When you do, you can see here where it stands.", times=3)
    await phone.tap("Back")
    await expect(phone.log.locator(".message.theirs").last).to_contain_text("Tap Send")


async def test_a_taken_port_is_said_plainly_and_leaves_nothing(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AssertionError, match=f"Port {port} or {port + 1} is in use"):
            await Demo(tmp_path, ("--port", str(port))).start()
    assert list(tmp_path.iterdir()) == []
