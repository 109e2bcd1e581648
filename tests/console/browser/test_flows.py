"""Every form of the console, filled in and sent: on a phone without script, at a desk with it."""

from __future__ import annotations

import pytest

from tests.console.browser import flows_of_concerns, flows_of_staff
from tests.console.browser.flows import DOOR, FLOWS, MAYA
from tests.console.browser.tabs import NARROW, WIDE, patterns, tab
from tests.console.test_handing import hire

assert {flows_of_concerns, flows_of_staff}  # importing them is what keeps their flows


async def test_every_form_is_sent(ward):
    """A new form has a flow, or this fails."""
    driven = set().union(*(posts for _, posts, _ in FLOWS.values()))
    assert set(patterns(ward.console(), "POST")) == driven


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(
    ("width", "script"), [(NARROW, False), (WIDE, True)], ids=["phone", "desk"]
)
async def test_the_flow_goes_through(chromium, ward, flow, width, script):
    walk, posts, who = FLOWS[flow]
    if who == MAYA:
        await hire(ward, MAYA, ("willow", "lead"), ("birch", "lead"), ("*", "senior"))
    async with tab(chromium, ward, script=script, width=width, who=who, folder="flow-") as one:
        await walk(one)
        went = {path for path, status in one.posted if status < 400}
        assert posts <= went, f"not posted: {posts - went}"
        assert went <= posts | DOOR, f"not said: {went - posts}"
