"""Whoever is to be kept out of a concern lives in a world in which it was never raised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from colleague import Colleague
from inside import Inside, Roles, found, inside, passphrase_of
from people import Phone
from sqlalchemy import func, select
from town import receipt

from bot.admin import exporting, keeping
from bot.turns.house import LANE_RECEIPT
from bot.turns.rendering import body
from storage import concerns, restore, wraps
from storage.outbox import NewMessage
from storage.schema import concerns as concern_rows
from storage.schema import draft_parts
from storage.schema import wraps as wrap_rows

ROLES: Roles = {
    "Priya Shah": (("rowan", "answerer"), ("rowan", "lead")),
    "Priya Nair": (("birch", "answerer"), ("*", "senior")),
    "Omar Bell": (("rowan", "answerer"), ("rowan", "lead")),
    "Tom Reyes": (("birch", "answerer"), ("birch", "lead")),
    "Grace Okafor": (("*", "senior"),),
    "Sam Lindqvist": (("*", "independent"),),
    "Ines Adair": (("*", "independent"),),
}
PRIYAS = ("Priya Shah", "Priya Nair")
OF_ALL = "The door of the bathroom does not lock."
OF_PRIYA = "Priya took my phone and laughed."
UNKNOWN = "H-0000-0000"


async def raise_concern(
    street_phone: Phone, words: str, place: str = "Rowan ward", kept_from: str = ""
) -> str:
    phone = street_phone
    await phone.say(words)
    await phone.tap("Send")
    await phone.tap(place)
    if not kept_from:
        await phone.tap("No, send it")
        return await receipt(phone)
    await phone.tap("Yes, choose")
    await phone.until("Who should not see it?")
    await phone.say(kept_from)
    await phone.tap("Send it")
    return await receipt(phone)


@dataclass
class World:
    """What the two who are kept out get to see of everything."""

    seen: dict[str, object]
    hidden: str = ""


async def views(here: Inside, phones: Mapping[str, Phone], reference: str) -> dict[str, object]:
    """Lists, counts, export and phone of each, with the one reference they may know as REF."""
    seen: dict[str, object] = {}
    ids = await here.staff_ids()
    for name in PRIYAS:
        colleague = await here.sign_in(name)
        seen[f"list of {name}"] = await colleague.listed()
        await colleague.close()
        ask = {"name": name, "passphrase": passphrase_of(name)}
        seen[f"export of {name}"] = await here.tell(exporting.export, **ask)
        async with here.heard.store.read() as conn:
            seen[f"counts of {name}"] = await concerns.counts(conn, ids[name])
            seen[f"waiting of {name}"] = len(await concerns.waiting(conn, ids[name]))
        if name in phones:
            seen[f"phone of {name}"] = await phones[name].heard()
    return {key: plain(value, reference) for key, value in seen.items()}


def plain(value: object, reference: str) -> str:
    """Without what differs between any two worlds: the reference, ids, ports, the second."""
    text = str(value).replace(reference, "REF")
    text = re.sub(r"127\.0\.0\.1:\d+", "HERE", text)
    return re.sub(r"(\d\d:\d\d):\d\d(\.\d+)?", r"\1", text)


async def same_as_nothing(here: Inside, hidden: str) -> None:
    """Every page and every form of the hidden concern answers as one that never was."""
    for name in PRIYAS:
        colleague = await here.sign_in(name)
        for path in ("", "/answer", "/outcome"):
            await same(colleague, "get", path, hidden)
        for path in ("/acknowledge", "/look-into", "/resume", "/answer", "/outcome"):
            await same(colleague, "act", path, hidden)
        await colleague.close()


async def same(colleague: Colleague, how: str, path: str, hidden: str) -> None:
    answers = []
    for reference in (hidden, UNKNOWN):
        where = f"/concerns/{reference}{path}"
        if how == "get":
            answer = await colleague.browser.get(where)
        else:
            answer = await colleague.browser.act(where, on="/me", do="send")
        answers.append((answer.status, answer.text.replace(reference, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


async def keyless(here: Inside, hidden: str) -> None:
    """No wrap of the hidden concern is theirs."""
    ids = await here.staff_ids()
    async with here.heard.store.read() as conn:
        row = (await concerns.by_reference(conn, [hidden]))[hidden]
        held = select(wrap_rows.c.reader_id).where(wrap_rows.c.concern_id == row.id)
        readers = set((await conn.execute(held)).scalars())
    assert not readers & {ids[name] for name in PRIYAS}
    assert ids["Sam Lindqvist"] in readers


async def two_months(folder: Path, *, with_hidden: bool) -> World:
    """Raised, passed on to everybody, silence, an outcome that does not answer, silence again."""
    code = await found(folder, ROLES)
    async with inside(folder) as here:
        phones = {name: await here.link(name) for name in PRIYAS}
        everyone = await here.street.newcomer("Ash")
        known = await raise_concern(everyone, OF_ALL)
        hidden = ""
        if with_hidden:
            author = await here.street.newcomer("Kit")
            hidden = await raise_concern(author, OF_PRIYA, kept_from="Priya")
            await author.until("Sent.")
            await pass_on_to_all(here, hidden)
        await here.move(60)
        if with_hidden:
            await an_outcome_that_does_not_answer(here, author, hidden)
            await pass_on_to_all(here, hidden)
        await here.move(5)
        seen = await views(here, phones, known)
        if with_hidden:
            await keyless(here, hidden)
            await same_as_nothing(here, hidden)
        for name in PRIYAS:  # the key of the highest drawer brings back no more than they had
            ask = {"name": name, "passphrase": passphrase_of(name), "code": code}
            await here.tell(keeping.recover, **ask)
        seen |= {f"recovered: {k}": v for k, v in (await views(here, {}, known)).items()}
        await here.tell(keeping.back_up, file=str(folder / "kept"))
        if with_hidden:
            await keyless(here, hidden)
        now = here.clock.now()
    other = folder / "restored"
    other.mkdir()
    where = (other / "heard.db", other / "secrets")
    await restore.restore(folder / "kept", code, *where, now, lost_draft)
    async with inside(other, now) as here:
        seen |= {f"restored: {k}": v for k, v in (await views(here, {}, known)).items()}
        if with_hidden:
            await keyless(here, hidden)
            await same_as_nothing(here, hidden)
    return World(seen, hidden)


def lost_draft(conversation_id: str) -> NewMessage:
    return NewMessage(f"c:{conversation_id}", LANE_RECEIPT, body("Your draft is lost."))


async def pass_on_to_all(here: Inside, hidden: str) -> None:
    ids = await here.staff_ids()
    private = await here.private_of("Sam Lindqvist")
    async with here.heard.store.write() as conn:
        row = (await concerns.by_reference(conn, [hidden]))[hidden]
        able = await wraps.pass_on(
            conn, row.id, ids["Sam Lindqvist"], private, frozenset(ids.values())
        )
    assert able == frozenset(ids.values()) - {ids[name] for name in PRIYAS}


async def an_outcome_that_does_not_answer(here: Inside, author: Phone, hidden: str) -> None:
    grace = await here.sign_in("Grace Okafor")
    await grace.acknowledge(hidden)
    sent = await grace.write(hidden, "outcome", result="not-changed")
    assert sent.status == 303, sent.text
    await grace.close()
    await here.move(0.5)
    while "Did this answer you?" not in " ".join(await author.heard()):
        await author.tap("Read it")
        await author.until("Did this answer you?")
    await author.tap("Not really")
    await author.until("What is still wrong?")
    await author.say("She still works there.")
    await author.until("I added that to")


async def test_those_who_are_kept_out_see_a_world_without_the_concern(tmp_path: Path) -> None:
    """Over two months of silence, passing on, an outcome, reopening, recovery and a restore."""
    world = await two_months(tmp_path / "one", with_hidden=True)
    without = await two_months(tmp_path / "other", with_hidden=False)
    assert world.seen.keys() == without.seen.keys()
    for key, seen in world.seen.items():
        assert seen == without.seen[key], key
        assert world.hidden not in str(seen)
    for what in ("list", "export", "phone", "recovered: list", "restored: export"):
        assert "REF" in str(world.seen[f"{what} of Priya Shah"])  # so there was something to see
    phone = str(world.seen["phone of Priya Shah"])
    assert "REF: OVERDUE" in phone and "Concerns on" in phone  # so the digests were real


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
