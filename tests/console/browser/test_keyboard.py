"""The main job with a keyboard alone, and one can always see where one is."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.console.annas_desk import MOTHER, REFERENCE, WHOLE, state
from tests.console.browser.tabs import NARROW, WIDE, tab

MOST_TABS = 40
SEEN = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one), at = one.getBoundingClientRect();
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && at.bottom > 0 && at.top < innerHeight;
}"""


async def reach(one, selector: str) -> None:
    """Tab to it. Every stop on the way shows where it is."""
    for _ in range(MOST_TABS):
        await one.page.keyboard.press("Tab")
        assert await one.page.evaluate(SEEN), await one.page.locator(":focus").evaluate(
            "one => one.outerHTML.slice(0, 120)"
        )
        if await one.page.locator(":focus").and_(one.page.locator(selector)).count():
            return
    pytest.fail(f"{selector} is not reached by Tab")


async def press(one, selector: str, heading: str) -> None:
    await reach(one, selector)
    await one.page.keyboard.press("Enter")
    await expect(one.page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("width", [NARROW, WIDE])
async def test_from_signing_in_to_a_sent_answer(chromium, ward, width):
    await ward.raise_concern(MOTHER)
    concern = f"Concern {REFERENCE}"
    async with tab(chromium, ward, script=True, width=width) as one:
        await one.open("/")
        await reach(one, "[name=name]")
        await one.page.keyboard.type("Anna Osei")
        await reach(one, "[name=passphrase]")
        await one.page.keyboard.type("quiet-otter-anna-lantern")
        await press(one, "button", "Concerns")
        await press(one, f"a[href$='{REFERENCE}']", concern)
        await press(one, "form[action$=acknowledge] button", concern)
        await press(one, "a[href$=answer]", "Write an answer")
        for name in ("role", "thanks", "done", "next", "back"):
            await reach(one, f"[name={name}]")
            await one.page.keyboard.type(WHOLE[name])
        await press(one, "[value=preview]", "Check it, then send it")
        await press(one, "[value=send]", concern)
        await expect(one.page.get_by_role("status")).to_contain_text("on its way to the person")
    assert await state(ward) == "acknowledged"


async def test_the_first_stop_leads_past_the_menu(chromium, ward):
    async with tab(chromium, ward, script=True, width=NARROW, who="Anna Osei") as one:
        await one.open("/concerns")
        await reach(one, ".skip")
        await one.page.keyboard.press("Enter")
        await reach(one, "main a")
