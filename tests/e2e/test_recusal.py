"""Whoever is to be kept out of a concern lives in a world in which it was never raised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from asking import all_of
from colleague import Colleague
from inside import Inside, found, inside, passphrase_of
from kept_out import OF_PRIYA, PRIYAS, ROLES, raise_concern
from people import Phone
from sqlalchemy import select

from bot.admin import exporting, keeping
from bot.turns.files import PART
from bot.turns.house import LANE_RECEIPT
from bot.turns.rendering import body
from storage import concerns, restore, wraps
from storage.outbox import NewMessage
from storage.schema import parts
from storage.schema import wraps as wrap_rows

OF_ALL = "The door of the bathroom does not lock."
UNKNOWN = "H-0000-0000"
HALF_A_DAY = 0.5  # in which the outcome arrives
# Whatever else the console counts, lists and hands out.
PAGES = (
    "/audit",
    "/themes",
    "/measures",
    "/measures.csv",
    "/changes",
    "/people",
    "/take-out",
    "/concerns/search",
)


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
        for path in PAGES:
            seen[f"{path} of {name}"] = await colleague.page(path)
        await colleague.close()
        seen[f"export of {name}"] = await here.tell(exporting.export, **all_of(name))
        async with here.heard.store.read() as conn:
            seen[f"counts of {name}"] = await concerns.counts(conn, ids[name])
            seen[f"waiting of {name}"] = len(await concerns.waiting(conn, ids[name]))
        if name in phones:
            seen[f"phone of {name}"] = await phones[name].heard()
    return {key: plain(value, reference) for key, value in seen.items()}


def plain(value: object, reference: str) -> str:
    """Without what differs between any two worlds: the reference, ids, ports, the second, and the
    hash and signature of the record, which look like chance and count nothing."""
    text = str(value).replace(reference, "REF")
    text = re.sub(r"head [\w-]+, signature [\w-]+, key [\w-]+", "HEAD", text)
    text = re.sub(r"<code>[0-9A-Z]{4}-[0-9A-Z-]+</code>", "HEAD", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "HERE", text)
    return re.sub(r"(\d\d:\d\d):\d\d(\.\d+)?", r"\1", text)


async def same_as_nothing(here: Inside, hidden: str) -> None:
    """Every page, form and file of the hidden concern answers as one that never was."""
    async with here.heard.store.read() as conn:
        [file] = (await conn.execute(select(parts.c.id).where(parts.c.kind == PART))).scalars()
    for name in PRIYAS:
        colleague = await here.sign_in(name)
        for path in ("", "/answer", "/outcome", f"/files/{file}"):
            await same(colleague, "get", path, hidden)
        for path in ("/acknowledge", "/look-into", "/resume", "/answer", "/outcome", "/send-copy"):
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
        others = [await here.link(name) for name in ("Omar Bell", "Grace Okafor", "Ines Adair")]
        everyone = await here.street.newcomer("Ash")
        known = await raise_concern(everyone, OF_ALL)
        hidden = ""
        if with_hidden:
            author = await here.street.newcomer("Kit")
            await author.do("attach", kind="voice")
            await author.until("I will keep this with your words.")
            hidden = await raise_concern(author, OF_PRIYA, kept_from="Priya")
            await author.until("Sent.")
            await everything_else(author)
            await pass_on_to_all(here, hidden)
        await here.move(60)
        if with_hidden:
            await others_were_told(others, hidden)
            await an_outcome_that_does_not_answer(here, author, hidden)
            await pass_on_to_all(here, hidden)
        else:
            await here.move(HALF_A_DAY)
        await here.move(5)
        seen = await views(here, phones, known)
        if with_hidden:
            await keyless(here, hidden)
            await same_as_nothing(here, hidden)
        for name in PRIYAS:  # the key of the highest drawer brings back no more than they had
            ask = {"name": name, "passphrase": passphrase_of(name), "code": code}
            helper = "Sam Lindqvist"
            ask |= {"colleague": helper, "colleague_passphrase": passphrase_of(helper)}
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


async def others_were_told(others: Sequence[Phone], hidden: str) -> None:
    """What those who are kept out hear nothing of."""
    told = " ".join([one for phone in others for one in await phone.heard()])
    assert f"{hidden}: the person asked for a copy of their words." in told
    assert f"{hidden}: a copy of the person's words was to be sent by" in told
    assert "Copies of people's words to send: 1." in told


async def everything_else(author: Phone) -> None:
    """Danger, where that is, a copy that is due within the two months, and a complaint."""
    await author.tap("Yes, in danger now")
    await author.until("Who is in danger, where are they")
    await author.say("Me, in bay 3.")
    await author.until("If there is more about the danger")
    await author.tap("For me")
    await author.tap("Nothing needed")
    await author.tap("No, leave it here")
    await author.say("/mydata")
    await author.tap("Get my data")
    await author.until("I asked staff for a copy")
    await author.say("/mydata")
    await author.tap("Something is wrong with it")
    await author.until("What went wrong with your data?")
    await author.say("Priya Shah read my letters out loud.")
    await author.until("Its reference is D-")


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
    await here.move(HALF_A_DAY)
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
    assert "The week from" in phone and "Audit: HEAD" in phone
    assert "HEAD" in str(world.seen["/audit of Priya Shah"])
