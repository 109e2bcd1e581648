"""Tabs of a real browser on the console: pressed as people press, looked at as people look."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from starlette.routing import Match, Route

from bot.console.app import routes

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
WIDE, NARROW = 1280, 360
# Where pictures of the pages go, for somebody to look at; none are made without it.
PICTURES = os.environ.get("HEARD_PICTURES", "")
AXE = Axe()


def patterns(console, method: str) -> list[str]:
    """Every address of the console that answers to a method, as its routes spell it."""
    found = [one for one in routes(console) if isinstance(one, Route)]
    return [one.path for one in found if method in (one.methods or ())]


def pattern_of(console, method: str, url: str) -> str:
    scope = {"type": "http", "method": method, "path": urlsplit(url).path}
    for one in routes(console):
        if one.matches(scope)[0] is Match.FULL:
            return one.path
    return ""


class Tab:
    """One tab. `posted` holds what its forms posted: method pattern, status of the answer."""

    def __init__(self, ward, page, *, script: bool, width: int, folder: str = "") -> None:
        self.ward, self.page, self.script, self.width = ward, page, script, width
        self.folder = folder
        self.posted: list[tuple[str, int]] = []
        self.broken: list[str] = []
        console = ward.console()
        page.on("response", lambda answer: self._note(console, answer))
        page.on("console", self._complained)

    def _note(self, console, answer) -> None:
        if answer.request.method == "POST":
            self.posted.append((pattern_of(console, "POST", answer.url), answer.status))

    def _complained(self, message) -> None:
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.broken.append(message.text)

    async def open(self, path: str) -> None:
        await self.page.goto(self.ward.url + path)

    async def press(self, name: str, nth: int = 0) -> None:
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        await button.or_(link).nth(nth).click()

    async def unfold(self, summary: str) -> None:
        await self.page.locator("summary", has_text=summary).first.click()

    async def fill(self, **by_name: str) -> None:
        for name, text in by_name.items():
            await self.page.locator(f"[name={name}]:visible").first.fill(text)

    async def write(self, kind: str, **by_name: str) -> None:
        """Fill in a letter; with script, wait until it was looked at while it was written."""
        if self.script:
            async with self.page.expect_response(f"**/{kind}/check"):
                await self.fill(**by_name)
        else:
            await self.fill(**by_name)
            self.posted.append((f"/concerns/{{reference}}/{kind}/check", 200))  # for the script

    async def tick(self, label: str) -> None:
        await self.page.get_by_label(label).first.check()

    async def choose(self, name: str, nth: int = 1) -> None:
        await self.page.locator(f"select[name={name}]").first.select_option(index=nth)

    async def sees(self, text: str) -> None:
        await expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    async def look(self, name: str) -> None:
        """One main heading, nothing cut off at the side, nothing that axe finds (with script: it
        is one), and a picture if somebody wants to look as well. Phones light, desks dark."""
        await expect(self.page.get_by_role("heading", level=1)).to_have_count(1)
        if PICTURES and self.script:
            file = f"{PICTURES}/{self.folder}{name}-{self.width}.png"
            await self.page.screenshot(path=file, full_page=True)
        wide = await self.page.locator("html").evaluate("one => one.scrollWidth")
        assert wide <= self.width, f"{name} is {wide} wide"
        if self.script:
            found = (await AXE.run(self.page)).response["violations"]
            faults = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
            assert not faults, f"{name}: {faults}"


@asynccontextmanager
async def tab(chromium, ward, *, script: bool, width: int, who: str = "", folder: str = ""):
    """A tab of a browser of its own; `who` is signed in already."""
    context = await chromium.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        color_scheme="light" if width == NARROW else "dark",
    )
    context.set_default_timeout(10_000)
    if who:
        token = (await ward.signed_in(who)).token
        await context.add_cookies([{"name": "heard", "value": token, "url": ward.url}])
    one = Tab(ward, await context.new_page(), script=script, width=width, folder=folder)
    try:
        yield one
        assert not one.broken, one.broken
    finally:
        await context.close()
