"""The phones in a real browser: a tiny bot on the real library answers what is typed and tapped."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import Forbidden

from bot.sandbox import Link, SandboxOptions

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWNERS = ("Service user", "Carer", "Member of staff")

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("CI") != "true", reason="needs Debian's chromium"
)


class Echo:
    """A bot that repeats, offers two buttons and says which was tapped."""

    KEYS = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Yes", callback_data="yes"),
                InlineKeyboardButton("No", callback_data="no"),
            ],
            [InlineKeyboardButton("Read more", url="https://www.nhs.uk/")],
        ]
    )

    def __init__(self, bot):
        self.bot = bot
        self.blocked_by = []

    async def run(self):
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=30):
                offset = update.update_id + 1
                with suppress(Forbidden):
                    await self.answer(update)

    async def answer(self, update):
        if update.my_chat_member:
            self.blocked_by.append(update.my_chat_member.chat.id)
        elif update.callback_query:
            await update.callback_query.answer("Saved, not sent yet")
            await update.callback_query.edit_message_text(
                f"You chose {update.callback_query.data}."
            )
        elif update.message and update.message.text == "/keys":
            keys = ReplyKeyboardMarkup([["Fine", "Not fine"]], one_time_keyboard=True)
            await update.message.reply_text("How is it?", reply_markup=keys)
        elif update.message and update.message.text == "Fine":
            await update.message.reply_text("Good.", reply_markup=ReplyKeyboardRemove())
        elif update.message:
            await update.message.reply_html(
                f"You said: <b>{update.message.text}</b>. Is that right?", reply_markup=self.KEYS
            )


@pytest.fixture
async def served(start_sandbox, clock):
    return await start_sandbox(
        SandboxOptions(
            people=OWNERS,
            clock=clock,
            limits=False,
            links=(
                Link("Staff console", "http://127.0.0.1:8081/", "For members of staff"),
                Link("How to sign in", "http://127.0.0.1:8081/help", "Name: Dana, passphrase: …"),
            ),
        )
    )


@pytest.fixture
async def echo(served):
    async with Bot("1000001:sandbox-token", base_url=f"{served.url}/bot") as bot:
        await bot.set_my_description("Tell us about your care. It is not an emergency service.")
        await bot.set_my_commands([BotCommand("keys", "Show answers")])
        echo = Echo(bot)
        task = asyncio.create_task(echo.run())
        yield echo
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def page(served):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = await browser.new_page(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else 0)
        await page.goto(served.url)
        yield page
        await browser.close()
    assert problems == []


async def picture(page, name):
    """Kept only when a folder is named, for people who want to look."""
    if folder := os.environ.get("HEARD_PICTURES"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)


async def test_a_conversation_with_the_mouse(page, echo):
    phone = page.get_by_role("region", name="Carer")
    await expect(phone).to_contain_text("It is not an emergency service.")
    await phone.get_by_role("button", name="Start").click()
    await phone.get_by_label("Message from Carer").fill("Nobody called back")
    await phone.get_by_role("button", name="Send").click()
    log = phone.get_by_role("log")
    await expect(log).to_contain_text("You said: Nobody called back. Is that right?")
    await expect(log.locator("strong", has_text="Nobody called back")).to_be_visible()
    await expect(log.get_by_role("link", name="Read more").last).to_have_attribute(
        "target", "_blank"
    )
    await picture(page, "wide")
    await log.get_by_role("button", name="Yes").last.click()
    await expect(log).to_contain_text("You chose yes.")
    await expect(log.locator(".meta").last).to_contain_text("edited")
    await expect(phone.locator(".toast")).to_have_text("Saved, not sent yet")
    await picture(page, "toast")


async def test_editing_clearing_and_blocking(page, echo):
    phone = page.get_by_role("region", name="Service user")
    await phone.get_by_role("button", name="Start").click()
    await phone.get_by_label("Message from Service user").fill("Teh food")
    await page.keyboard.press("Enter")
    log = phone.get_by_role("log")
    await log.get_by_role("button", name="Edit: Teh food").click()
    await phone.get_by_label("Message from Service user").fill("The food")
    await phone.get_by_role("button", name="Send").click()
    await expect(log).to_contain_text("The food")
    await expect(log).to_contain_text("You said: Teh food.")
    await phone.get_by_role("button", name="Menu, Service user").click()
    await picture(page, "menu")
    await phone.get_by_role("button", name="Block the bot").click()
    await expect(phone.get_by_role("button", name="Unblock", exact=True)).to_be_visible()
    await expect(phone.get_by_label("Message from Service user")).to_be_hidden()
    await phone.get_by_role("button", name="Unblock", exact=True).click()
    await phone.get_by_role("button", name="Menu, Service user").click()
    await phone.get_by_role("button", name="Clear this chat").click()
    await expect(log.locator(".message")).to_have_count(0)
    assert len(echo.blocked_by) == 2


async def test_what_the_bot_deletes_is_gone_from_the_phone_and_its_lock_screen(page, served, echo):
    phone = page.get_by_role("region", name="Carer")
    await phone.get_by_role("button", name="Start").click()
    log = phone.get_by_role("log")
    await expect(log.locator(".message")).to_have_count(2)
    carer = next(one.id for one in served.world.people.values() if one.name == "Carer")
    await page.reload()  # the phone lies on the table now
    await expect(log.locator(".message")).to_have_count(2)
    pushed = await echo.bot.send_message(carer, "There is news for you.")
    await expect(phone.locator(".lock")).to_contain_text("There is news for you.")
    kept = await echo.bot.send_message(carer, "Tap to read it.")
    await expect(phone.locator(".lock")).to_contain_text("Tap to read it.")
    numbers = [one for one in served.world.chats[carer].messages if one != pushed.message_id]
    assert await echo.bot.delete_messages(carer, numbers)
    await expect(log.locator(".message")).to_have_count(1)
    await expect(phone.locator(".lock")).to_be_hidden()
    assert kept.message_id in numbers


async def test_a_file_picked_on_this_computer_is_sent_with_its_caption(page, served, echo):
    phone = page.get_by_role("region", name="Carer")
    await phone.get_by_role("button", name="Start").click()
    await phone.get_by_label("Message from Carer").fill("their letter")
    async with page.expect_file_chooser() as chosen:
        await phone.get_by_role("button", name="Menu, Carer").click()
        await phone.get_by_role("button", name="Choose a file to send").click()
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 made up"}
    await (await chosen.value).set_files([letter])
    await expect(phone.get_by_role("log")).to_contain_text("File: letter.pdf")
    await expect(phone.get_by_role("log")).to_contain_text("their letter")
    await expect(phone.get_by_label("Message from Carer")).to_have_value("")
    await picture(page, "file")
    [kept] = served.world.files.by_id.values()
    assert kept.content == b"%PDF-1.7 made up"


async def test_a_conversation_with_the_keyboard_alone(page, echo):
    phone = page.get_by_role("region", name="Member of staff")
    await expect(phone.get_by_role("button", name="Start")).to_be_visible()
    await tab_to(page, phone.get_by_role("button", name="Start"))
    await page.keyboard.press("Enter")
    await expect(phone.get_by_label("Message from Member of staff")).to_be_focused()
    await page.keyboard.type("/keys")
    await page.keyboard.press("Enter")
    await expect(phone.get_by_role("button", name="Fine", exact=True)).to_be_visible()
    await tab_to(page, phone.get_by_role("button", name="Fine", exact=True), back=True)
    await picture(page, "keys")
    await page.keyboard.press("Space")
    await expect(phone.get_by_role("log")).to_contain_text("Good.")
    await expect(phone.get_by_role("button", name="Fine", exact=True)).to_be_hidden()
    await tab_to(page, phone.get_by_role("button", name="Menu, Member of staff"), back=True)
    await page.keyboard.press("Enter")
    await expect(phone.get_by_role("button", name="/keys: Show answers")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(phone.get_by_role("button", name="Menu, Member of staff")).to_be_focused()


async def tab_to(page, target, *, back=False):
    for _ in range(60):
        if await target.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail("the keyboard never gets there")


async def test_after_a_tap_the_focus_stays_in_the_conversation(page, echo):
    phone = page.get_by_role("region", name="Carer")
    await phone.get_by_role("button", name="Start").click()
    yes = phone.get_by_role("log").get_by_role("button", name="Yes")
    await yes.focus()
    await page.keyboard.press("Enter")
    await expect(phone.get_by_role("log")).to_contain_text("You chose yes.")
    await expect(phone.get_by_label("Message from Carer")).to_be_focused()


async def test_the_clock_moves_and_says_what_happened(page):
    clock = page.get_by_role("region", name="Clock")
    await expect(clock).to_contain_text("Tuesday 24 November 2026, 09:30")
    await clock.get_by_role("button", name="A day later").click()
    await expect(clock.get_by_role("status")).to_have_text(re.compile("The next event was"))
    await expect(clock).to_contain_text("Wednesday 25 November 2026, 09:30")
    await picture(page, "clock")
    await expect(page.get_by_role("link", name="Staff console")).to_be_visible()


async def test_another_phone_can_be_added(page):
    await page.get_by_label("Add another phone for").fill("Advocate")
    await page.get_by_role("button", name="Add", exact=True).click()
    phone = page.get_by_role("region", name="Advocate")
    await expect(phone.get_by_role("button", name="Start")).to_be_focused()


async def test_it_fits_a_narrow_screen(page, echo):
    await page.set_viewport_size({"width": 360, "height": 760})
    phone = page.get_by_role("region", name="Service user")
    await phone.get_by_role("button", name="Start").click()
    await phone.get_by_label("Message from Service user").fill("x" * 300)
    await page.keyboard.press("Enter")
    await expect(phone.get_by_role("log")).to_contain_text("Is that right?")
    await picture(page, "narrow")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide == 360


async def test_without_a_movable_clock_there_is_no_bar(start_sandbox, page):
    plain = await start_sandbox(SandboxOptions(people=("Sam",)))
    await page.goto(plain.url)
    await expect(page.get_by_role("region", name="Sam")).to_be_visible()
    await expect(page.get_by_role("region", name="Clock")).to_be_hidden()
    answer = await page.request.post(f"{plain.url}/clock/advance", data={"step": "day"})
    assert answer.status == 409


async def test_the_page_allows_no_script_or_style_from_elsewhere(people):
    async with people.session.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    async with people.session.get("/static/..%2fpage.py") as answer:
        assert answer.status == 404


async def test_lines_from_the_right_start_there_and_no_number_in_them_is_turned_round(page, served):
    """Urdu as the bot would send it: a mark before a Latin start, isolates round what has gaps."""
    phone = page.get_by_role("region", name="Carer")
    await phone.get_by_role("button", name="Start").click()
    async with Bot("1000001:sandbox-token", base_url=f"{served.url}/bot") as bot:
        (person,) = {update.effective_chat.id for update in await bot.get_updates()}
        text = "\u200fTelegram آپ کے لیے\n\u2068116 123\u2069 پر کال کریں\nیا 116 123 پر"
        await bot.send_message(person, text)
    words = phone.get_by_role("log").locator(".words").last
    await expect(words).to_contain_text("Telegram")
    first, isolated, bare = [
        await words.evaluate(PLACES, part)
        for part in (["Telegram", "آپ"], ["116", "123"], ["116", "123", "last"])
    ]
    assert first[0] > first[1]  # the line begins on the right, with its Latin word
    assert isolated[0] < isolated[1]
    assert bare[0] > bare[1]  # this is what the isolates are for


# Where each of these stands on the screen, from the left; the last of its kind if asked for.
PLACES = """(words, [one, other, last]) => {
  const whole = words.textContent;
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  const text = walker.nextNode();
  return [one, other].map((part) => {
    const at = last ? whole.lastIndexOf(part) : whole.indexOf(part);
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + part.length);
    return range.getBoundingClientRect().left;
  });
}"""
