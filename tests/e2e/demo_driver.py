"""The demo as a newcomer meets it: a command in a terminal, phones and a console in a browser."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Locator, Page, ViewportSize, expect

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE: ViewportSize = {"width": 1280, "height": 900}
TALL: ViewportSize = {"width": 1280, "height": 1150}
NARROW: ViewportSize = {"width": 360, "height": 760}
REFERENCE = re.compile(r"H-\w{4}-\w{4}")
MOST_MOVES = 30  # of the clock, before something that should have come is missed
MOVE_MS = 30_000  # a clock that moves waits for what falls due to be delivered, a second apart
READY = "Ctrl-C stops it."


@dataclass
class Demo:
    """`heard demo` as a process, and what it printed. `temp` is where its temporary folder goes."""

    temp: Path
    options: tuple[str, ...] = ()
    process: asyncio.subprocess.Process | None = None
    printed: str = ""
    complained: str = ""

    async def start(self) -> None:
        """Wait for the last line of its welcome, or fail with what it said instead."""
        command = ["-m", "bot", "demo", "--port", "0", *self.options]
        env = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
        self.printed = self.complained = ""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env=env | {"TMPDIR": str(self.temp)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        while READY not in self.printed:
            line = await self.process.stdout.readline()
            if not line:
                await self._end()
                raise AssertionError(self.printed + self.complained)
            self.printed += line.decode()

    async def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, or what a closed terminal window sends; return its exit status."""
        self.process.send_signal(how)
        return await self._end()

    async def _end(self) -> int:
        printed, complained = await asyncio.wait_for(self.process.communicate(), 30)
        self.printed += printed.decode()
        self.complained += complained.decode()
        return self.process.returncode

    @property
    def phones(self) -> str:
        return self._told("Phones")

    @property
    def console(self) -> str:
        return self._told("Staff console")

    @property
    def passphrase(self) -> str:
        return re.search(r"Passphrase\s+(.+)", self.printed)[1].strip()

    def _told(self, what: str) -> str:
        return re.search(rf"{what}\s+(http://\S+)", self.printed)[1]


@dataclass
class Pictures:
    """Kept only when a folder is named in HEARD_PICTURES, for people who want to look."""

    story: str
    taken: int = field(default=0)

    async def take(self, page: Page, name: str, size: ViewportSize = WIDE) -> None:
        """The page at this size, and whole on a narrow screen."""
        folder = os.environ.get("HEARD_PICTURES")
        if not folder:
            return
        self.taken += 1
        stem = f"{folder}/{self.story}-{self.taken:02}-{name}"
        await page.set_viewport_size(size)
        await page.screenshot(path=f"{stem}.png")
        await page.set_viewport_size(NARROW)
        await page.screenshot(path=f"{stem}-narrow.png", full_page=True)
        await page.set_viewport_size(WIDE)


class Phone:
    """One phone on the page, used as its owner would."""

    def __init__(self, page: Page, owner: str) -> None:
        self.owner = owner
        self.whole = page.get_by_role("region", name=owner, exact=True)
        self.log = self.whole.get_by_role("log")

    async def start(self) -> None:
        await self.whole.get_by_role("button", name="Start", exact=True).click()

    async def write(self, words: str) -> None:
        box = self.whole.get_by_label(f"Message from {self.owner}")
        await box.fill(words)
        await box.press("Enter")

    async def tap(self, label: str) -> None:
        """The newest button of that name."""
        await self.log.get_by_role("button", name=label, exact=True).last.click()

    async def hears(self, words: str, *, times: int = 1) -> None:
        """So many messages from Heard hold these words."""
        await expect(self.heard(words)).to_have_count(times)

    async def never_hears(self, words: str) -> None:
        await self.hears(words, times=0)

    def heard(self, words: str) -> Locator:
        return self.log.locator(".message.theirs").filter(has_text=words)

    async def stands_upright(self) -> None:
        """Its head and its foot are both there."""
        await expect(
            self.whole.get_by_role("button", name=f"Menu, {self.owner}")
        ).to_be_in_viewport()
        await expect(self.whole.get_by_label(f"Message from {self.owner}")).to_be_in_viewport()

    async def reference(self) -> str:
        """The reference in the newest receipt."""
        receipt = await self.heard("Your reference is").last.inner_text()
        return REFERENCE.search(receipt)[0]


class Clock:
    """The bar that moves time."""

    def __init__(self, page: Page) -> None:
        self.bar = page.get_by_role("region", name="Clock")

    async def now(self) -> str:
        return await self.bar.get_by_role("time").inner_text()

    async def move(self, label: str) -> str:
        """Press one of its buttons; return what it says when it is done."""
        button = self.bar.get_by_role("button", name=label, exact=True)
        before = await self.now()
        await button.click()
        moved = self.bar.get_by_role("time")
        await expect(moved).not_to_have_text(before, timeout=MOVE_MS)
        await expect(button).not_to_have_attribute("aria-disabled", "true")
        return await self.bar.get_by_role("status").inner_text()

    async def move_until(self, arrived: Locator) -> None:
        """To the next event, and the next, until it has come."""
        for _ in range(MOST_MOVES):
            await self.move("To the next event")
            if await arrived.count():
                return
        raise AssertionError(f"nothing had come by {await self.now()}")


class Desk:
    """The console, as one member of staff uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")

    async def sign_in(self, name: str, passphrase: str) -> None:
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_label("Your passphrase").fill(passphrase)
        await self.press("Sign in")
        await expect(self.page.get_by_role("heading", name="Concerns", exact=True)).to_be_visible()

    def row(self, reference: str) -> Locator:
        return self.main.get_by_role("listitem").filter(has_text=reference)

    async def look_at(self, label: str, heading: str) -> None:
        """One of the lists."""
        await self.page.get_by_role("link", name="Concerns", exact=True).click()
        await (
            self.page.get_by_role("navigation", name="Lists")
            .get_by_role("link", name=label)
            .click()
        )
        await expect(self.page.get_by_role("heading", name=heading)).to_be_visible()

    async def open(self, reference: str) -> None:
        await self.main.get_by_role("link", name=reference).click()
        await expect(self.page.get_by_role("heading", name=f"Concern {reference}")).to_be_visible()

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()

    async def tell_outcome(
        self, name: str, role: str, done: str, pictures: Pictures | None = None
    ) -> None:
        """Fill in the form, look at what the phone will show, and send it."""
        await self.page.get_by_role("link", name="Write the outcome").click()
        await self.page.get_by_role("radio", name="Something has changed").check()
        for label, words in {
            "Your first name": name,
            "Your role": role,
            "Thanks": "Thank you for telling us.",
            "Sorry, if it fits": "I am sorry that nobody explained it.",
            "What was done, or why not": done,
            "What happens next, and by when": "I will ask you on Friday how it went.",
            "How to come back to you": "Ask for me at the desk, or write here.",
        }.items():
            await self.page.get_by_label(label, exact=True).fill(words)
        if pictures:
            await pictures.take(self.page, "form")
        await self.press("See it as they will")
        preview = self.page.get_by_role("group", name="As the phone shows it")
        await expect(preview).to_contain_text(done)
        if pictures:
            await pictures.take(self.page, "preview")
        await self.press("Send it to the person")
        await expect(self.main).to_contain_text("The outcome is on its way to the person.")
