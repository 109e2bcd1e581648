"""An alert in the console: who was alerted sees it by opening the concern, others by acting on it,
and every step shows with its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.alerts import Alerts
from bot.turns import alerting
from bot.turns.house import Scene
from bot.turns.people import working
from storage import alerts, concerns, staff
from tests.console.annas_desk import MOTHER, PAGE, REFERENCE


class _Chat:
    """A chat of which danger was just said about one concern."""

    def __init__(self, row) -> None:
        self.rows, self.flagged = {row.id: row}, {row.id}


@pytest.fixture
async def alerted(ward):
    """Cleo, who leads, and Ines, who is independent, have linked chats; ten minutes have passed."""
    await ward.raise_concern(MOTHER)
    await ward.mark(REFERENCE, in_danger=True)
    desk = ward.desk
    async with ward.store.write() as conn:
        for chat, name in enumerate(("Cleo Hart", "Ines Bell"), 10):
            code = f"CODE{chat}"
            await staff.start_link(
                conn, ward.keys, ward.ids[name], code, ward.clock.now() + timedelta(1)
            )
            await staff.finish_link(conn, ward.keys, code, chat, ward.clock.now())
        everyone = working(await staff.everyone(conn, ward.keys))
        row = (await concerns.by_reference(conn, [REFERENCE]))[REFERENCE]
        scene = Scene(desk.house, ward.clock.now(), everyone)
        assert len(await alerting.begin(conn, scene, [_Chat(row)])) == 1
    ward.clock.move_to(ward.clock.now() + timedelta(minutes=10))
    assert await Alerts(desk.store, desk.keys, desk.house, desk.clock, desk.wake).look() == 1
    return row


async def seen_by(ward, row):
    async with ward.store.write() as conn:
        return (await alerts.load(conn, [row.id]))[row.id].seen_by


async def test_a_list_is_no_opening_and_a_reader_sees_it_for_nobody(ward, alerted):
    anna = await ward.signed_in("Anna Osei")
    await anna.get("/concerns")
    ben = await ward.signed_in("Ben Marsh")
    page = await ben.get(PAGE)
    assert "Alert sent to the team&#39;s lead" in page.text
    assert "Alert seen" not in page.text
    assert await seen_by(ward, alerted) is None


async def test_a_colleague_who_only_looks_stops_nothing_and_acknowledging_says_it_was_seen(
    ward, alerted
):
    anna = await ward.signed_in("Anna Osei")
    assert "Alert seen" not in (await anna.get(PAGE)).text
    assert await seen_by(ward, alerted) is None
    assert (await anna.act(f"{PAGE}/acknowledge", PAGE)).status == 303
    assert "Alert seen by you" in (await anna.get(PAGE)).text
    assert await seen_by(ward, alerted) == ward.ids["Anna Osei"]
    told = [one for one in await ward.queued_texts() if "has seen that there is danger" in one]
    assert len(told) == 1
    assert "a member of staff has seen" in told[0]


async def test_whom_it_went_to_sees_it_by_opening_and_the_page_shows_each_step_with_its_time(
    ward, alerted
):
    cleo = await ward.signed_in("Cleo Hart")
    text = (await cleo.get(PAGE)).text
    steps = (
        "The person said that someone is in danger: an alert began",
        "Alert sent to the team&#39;s lead",
        "Nobody had said that they have seen the alert",
        "Alert sent to the independent staff",
        "Alert seen by you",
    )
    places = [text.index(one) for one in steps]
    assert places == sorted(places)
    assert text.count("2026-11-25T09:10") == 3
    assert await seen_by(ward, alerted) == ward.ids["Cleo Hart"]
    anna = await ward.signed_in("Anna Osei")
    assert "Alert seen by Cleo Hart" in (await anna.get(PAGE)).text
    told = [one for one in await ward.queued_texts() if "has seen that there is danger" in one]
    assert len(told) == 1
    assert "a team lead has seen" in told[0]


async def test_somebody_who_may_not_read_it_cannot_end_it(ward, alerted):
    dev = await ward.signed_in("Dev Rao")
    assert (await dev.get(PAGE)).status == 404
    assert await seen_by(ward, alerted) is None
