"""Danger is said at three at night: phones ring, and the person hears the truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from inside import Inside, found, inside
from people import Phone

from storage import audit, concerns

NIGHT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
ROLES = {
    "Dana Hill": (("rowan", "answerer"),),
    "Olu Bello": (("*", "on-duty"),),
    "Ruth Adeyemi": (("rowan", "lead"), ("birch", "lead"), ("birch", "answerer")),
    "Grace Okoro": (("*", "senior"),),
    "Helen Marsh": (("*", "independent"),),
    "Tom Byrne": (("*", "independent"),),
}


@pytest.fixture
async def here(tmp_path):
    await found(tmp_path, ROLES)
    async with inside(tmp_path, NIGHT) as here:
        yield here


async def in_danger(here: Inside) -> tuple[Phone, str]:
    person = await here.street.newcomer("Sam")
    await person.say("They sent him home.")
    await person.tap("Send")
    team = here.settings.teams[0].name
    await person.tap(team)
    await person.tap("No, send it")
    receipt = await person.until("Your reference is")
    await person.tap("Yes, in danger now")
    return person, receipt["text"].partition("reference is ")[2][:11]


async def ten_minutes(here: Inside) -> None:
    here.clock.move_to(here.clock.now() + timedelta(minutes=10))
    await here.heard.ticks.look_now()


async def test_from_a_yes_at_night_to_seen_by_the_next_in_line(here):
    on_duty, lead = await here.link("Olu Bello"), await here.link("Ruth Adeyemi")
    person, reference = await in_danger(here)
    said = await person.until("I am telling staff now", "Call 999 first")
    assert "116 123" in said["text"]
    alert = await on_duty.until(reference, "someone is in danger now", "3am")
    assert "sent him home" not in alert["text"]
    assert not any(reference in one for one in await lead.heard())

    await ten_minutes(here)
    await person.until(reference, "nobody has answered yet", "call 999")
    await lead.until(reference, "someone is in danger now")

    await lead.tap("I have seen this", reference)
    await lead.until("noted that you have seen it")
    await person.until("a team lead has seen", "Only 999 can send help")
    await on_duty.tap("I have seen this", reference)
    await on_duty.until("does not run any more")

    before = await person.heard()
    await ten_minutes(here)
    assert await person.heard() == before
    async with here.heard.store.read() as conn:
        row = (await concerns.by_reference(conn, [reference]))[reference]
        lines = await audit.of_concern(conn, row.id)
    assert [
        (one.action, (one.at - NIGHT) // timedelta(minutes=1))
        for one in lines
        if one.action.startswith("alert-")
    ] == [
        ("alert-began", 0),
        ("alert-told", 0),
        ("alert-unanswered", 10),
        ("alert-told", 10),
        ("alert-seen", 10),
    ]


async def test_with_no_phone_linked_the_person_hears_that_nobody_was_alerted(here):
    person, _ = await in_danger(here)
    await person.until("Nobody has been alerted by this. Call 999.")
    assert not any("telling staff" in one for one in await person.heard())
