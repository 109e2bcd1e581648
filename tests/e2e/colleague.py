"""Members of staff at their desks: a browser on the real console, a terminal for an export."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from heard_process import PASSPHRASE, Heard

from tests.console.browsing import Browser, Seen

ANSWER = {
    "role": "Ward manager",
    "thanks": "Thank you for telling us about this.",
    "sorry": "",
    "done": "I spoke with everyone who was there.",
    "next": "I look at it again on Monday.",
    "back": "Ask for me, or write here.",
}


@dataclass
class Colleague:
    """One member of staff, signed in."""

    name: str
    browser: Browser

    @classmethod
    async def sign_in(cls, url: str, name: str, passphrase: str = PASSPHRASE) -> Colleague:
        browser = Browser(url)
        seen = await browser.sign_in(name, passphrase)
        assert seen.status == 303, seen.text
        return cls(name, browser)

    async def close(self) -> None:
        await self.browser.http.close()

    async def read(self, reference: str) -> Seen:
        return await self.browser.get(f"/concerns/{reference}")

    async def acknowledge(self, reference: str) -> Seen:
        return await self._change(reference, "acknowledge")

    async def look_into(self, reference: str) -> Seen:
        return await self._change(reference, "look-into")

    async def write(self, reference: str, kind: str, do: str = "send", **words: str) -> Seen:
        """Fill in the form of an answer or an outcome."""
        path = f"/concerns/{reference}/{kind}"
        page = await self.browser.get(path)
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        hidden = {name: unescape(value) for name, value in found}
        filled = {"first_name": self.name.partition(" ")[0], **ANSWER, **words}
        return await self.browser.post(path, hidden | filled | {"do": do})

    async def listed(self) -> dict[str, str]:
        """Every tab of the list, as the browser gets it but for the token of this session."""
        tabs = ("now", "urgent", "mine", "new", "overdue", "us", "them", "closed")
        return {tab: await self.page(f"/concerns?show={tab}") for tab in tabs}

    async def page(self, path: str) -> str:
        page = await self.browser.get(path)
        assert page.status in {200, 403}, path  # a page that is not for them says so
        return re.sub(r'name="csrf" value="[^"]*"', "", page.text)

    async def _change(self, reference: str, what: str) -> Seen:
        done = await self.browser.act(f"/concerns/{reference}/{what}", on=f"/concerns/{reference}")
        assert done.status == 303, done.text
        return done


def exported(heard: Heard, name: str, passphrase: str = PASSPHRASE) -> list[dict[str, Any]]:
    words = ("export", "--reason", "inspection", "--staff", name, "--passphrase-stdin")
    done = heard.command(*words, given=passphrase + "\n")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def said(concern: dict[str, Any], *kinds: str) -> list[str]:
    """The person's own words in a line of an export."""
    return [one["text"] for one in concern["parts"] if one["kind"] in (kinds or ("words",))]
