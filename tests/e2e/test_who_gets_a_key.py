"""Who can open a concern: nobody who was kept out of it, however that was said."""

from __future__ import annotations

from pathlib import Path

import pytest
from inside import Inside, found, inside
from kept_out import OF_PRIYA, PRIYAS, ROLES, raise_concern
from sqlalchemy import func, select
from town import receipt

from storage import concerns, wraps
from storage.schema import concerns as concern_rows
from storage.schema import draft_parts
from storage.schema import wraps as wrap_rows

SEND = "No, send it"
STAFF_DID = "What a member of staff did"


@pytest.fixture
async def here(tmp_path: Path):
    await found(tmp_path / "here", ROLES)
    async with inside(tmp_path / "here") as made:
        yield made


async def readers_of(here: Inside, reference: str) -> set[str]:
    names = {id_: name for name, id_ in (await here.staff_ids()).items()}
    async with here.heard.store.read() as conn:
        row = (await concerns.by_reference(conn, [reference]))[reference]
        held = select(wrap_rows.c.reader_id).where(wrap_rows.c.concern_id == row.id)
        return {names.get(one, one) for one in (await conn.execute(held)).scalars()}


@pytest.mark.parametrize(
    ("kept_from", "readers"),
    [
        ("Priya", {"Omar Bell", "Grace Okafor", "Sam Lindqvist", "Ines Adair"}),
        ("Omar", {*PRIYAS, "Grace Okafor", "Sam Lindqvist", "Ines Adair"}),
        ("Ines Adair", {*PRIYAS, "Omar Bell", "Grace Okafor", "Sam Lindqvist"}),
        ("the tall man on nights", {"Sam Lindqvist", "Ines Adair"}),
        ("Omar and the tall man", {"Sam Lindqvist", "Ines Adair"}),
        ("Ines and the tall man", {"Sam Lindqvist"}),
        ("the Rowan team", {"Sam Lindqvist", "Ines Adair"}),
        ("Omar, Priya and Grace", {"Sam Lindqvist", "Ines Adair"}),
    ],
)
async def test_only_those_who_are_left_get_a_key(
    here: Inside, kept_from: str, readers: set[str]
) -> None:
    phone = await here.street.newcomer("Kit")
    reference = await raise_concern(phone, OF_PRIYA, kept_from=kept_from)
    assert await readers_of(here, reference) == readers | {wraps.RECOVERY}


async def test_the_button_for_a_whole_team_leaves_all_of_it_out(here: Inside) -> None:
    phone = await here.street.newcomer("Kit")
    await phone.say(OF_PRIYA)
    for label in ("Send", "Birch community team", "Yes, choose", "The whole team", "Send it"):
        await phone.tap(label)
    readers = await readers_of(here, await receipt(phone))
    assert readers == {"Sam Lindqvist", "Ines Adair", wraps.RECOVERY}


@pytest.mark.parametrize(
    "taps",
    [
        ("Choose what it is about", STAFF_DID, "Send", "Rowan ward", SEND),
        ("Send", "Back", "Choose what it is about", STAFF_DID, "Send", "Rowan ward", SEND),
        ("Send", "Rowan ward", "It is about staff there", "Send it"),
    ],
    ids=["the topic first", "the topic late", "at the question"],
)
async def test_what_a_member_of_staff_did_never_reaches_their_team(
    here: Inside, taps: tuple[str, ...]
) -> None:
    phone = await here.street.newcomer("Kit")
    await phone.say("They laughed at me when I cried.")
    for label in taps:
        await phone.tap(label)
    reference = await receipt(phone)
    assert await readers_of(here, reference) == {"Sam Lindqvist", "Ines Adair", wraps.RECOVERY}
    phones = {name: await here.link(name) for name in ("Omar Bell", "Sam Lindqvist")}
    await here.move(8)
    for name, of_staff in phones.items():
        colleague, may = await here.sign_in(name), name == "Sam Lindqvist"
        assert (reference in str(await colleague.listed())) is may
        assert ((await colleague.read(reference)).status == 200) is may
        assert (reference in " ".join(await of_staff.heard())) is may
        await colleague.close()


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("Not sure", "Sam and Ines"),
        ("Rowan ward", "Sam, Ines and the tall man"),
        ("Rowan ward", "Priya, Omar, Grace, Sam and Ines"),
    ],
)
async def test_where_nobody_is_left_nothing_is_sent_and_that_is_said(
    here: Inside, place: str, named: str
) -> None:
    phone = await here.street.newcomer("Kit")
    await phone.say(OF_PRIYA)
    for label in ("Send", place, "Yes, choose"):
        await phone.tap(label)
    await phone.until("Who should not see it?")
    await phone.say(named)
    await phone.until("I have not sent this.", "nobody is left to read it", "still saved")
    async with here.heard.store.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(concern_rows)) == 0
        assert await conn.scalar(select(func.count()).select_from(draft_parts)) == 1
    assert not any("Your reference is" in one for one in await phone.heard())
