"""Anna at her desk: what she writes, and what her browser and the ward then hold."""

from __future__ import annotations

import re
from html import unescape

from storage import concerns

MOTHER = "The night nurse shouted at my mother."
REFERENCE = "QK7M-4TXA"
PAGE = f"/concerns/{REFERENCE}"
WHOLE = {
    "first_name": "Anna",
    "role": "Ward manager",
    "thanks": "Thank you for telling us about your mother's night.",
    "sorry": "I am sorry. Nobody should be shouted at.",
    "done": "I spoke with the nurse and with everyone who was there.",
    "next": "Two people now work each night. I look at it again on 1 December.",
    "back": "Ask for me on the ward, or write here.",
}
COMPOSED = (
    "Thank you for telling us about your mother's night.\n\n"
    "I am sorry. Nobody should be shouted at.\n\n"
    "I spoke with the nurse and with everyone who was there.\n\n"
    "Two people now work each night. I look at it again on 1 December.\n\n"
    "Ask for me on the ward, or write here.\n\nAnna, Ward manager"
)


def hidden(page) -> dict[str, str]:
    """The fields that a page would post again by itself."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found}


def bubbles(page) -> list[str]:
    found = re.findall(r'<div class="bubble words" dir="auto">(.*?)</div>', page.text, re.DOTALL)
    return [unescape(one) for one in found]


async def post(browser, kind, do, **fields):
    page = await browser.get(f"{PAGE}/{kind}")
    return await browser.post(f"{PAGE}/{kind}", hidden(page) | {"do": do} | fields)


async def said(ward) -> list[tuple[str, str]]:
    """What the concern holds, as somebody else who may read it finds it."""
    page = await (await ward.signed_in("Cleo Hart")).get(PAGE)
    found = re.findall(
        r'<strong>([^<]*)</strong> <time.*?<div class="words" dir="auto">(.*?)</div>',
        page.text,
        re.DOTALL,
    )
    return [(unescape(label), unescape(words)) for label, words in found]


async def state(ward) -> str:
    async with ward.store.read() as conn:
        return (await concerns.by_reference(conn, [REFERENCE]))[REFERENCE].state
