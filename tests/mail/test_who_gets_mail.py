"""Whoever has no Telegram gets the same by e-mail, and whoever is kept out gets nothing of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from bot.digests.weekly import Weekly
from bot.mail.mailer import Mailer, Post
from bot.mail.server import MailServer
from bot.vouching import Vouching
from storage import meta, published, schema, staff
from storage.audit_heads import head_line, newest
from storage.published import Published
from tests.mail.post_office import PASSWORD, USER

ANN, BEN, DAVE_CHAT = 501, 502, 900
DAVE, RUTH, GRACE, HELEN, RITA = (
    "Dave Palmer",
    "Ruth Adeyemi",
    "Grace Okoro",
    "Helen Marsh",
    "Rita Reed",
)
TOMORROW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


async def addressed(world, *names: str) -> None:
    async with world.store.write() as conn:
        await meta.put(conn, meta.SENDS_MAIL, b"1")
        for name in names:
            to = f"{name.split()[0].lower()}@ward.example"
            await staff.set_email(conn, world.keys, world.ids[name], to)


async def posted(world, office) -> dict[str, list]:
    """What each address got since the last time."""
    office.got.clear()
    server = MailServer(
        "localhost",
        office.port,
        "heard@ashby.example",
        user=USER,
        password=PASSWORD,
        ca=office.papers.public,
    )
    post = Post(world.store, world.keys, world.clock.now)
    await Mailer(post, server, {True: "now", False: "some"}).round()
    found: dict[str, list] = {}
    for to, made in office.got:
        found.setdefault(to.partition("@")[0], []).append(made)
    return found


def weekly(world) -> Weekly:
    return Weekly(*world.parts())


async def kept_from(world, chat: int, name: str) -> None:
    await world.says(chat, "cold")
    await world.taps(chat, "Send", "Rowan Ward", "Yes, choose")
    await world.says(chat, name)
    await world.taps(chat, "Send it")


async def test_the_daily_list_by_mail_has_the_words_of_the_one_by_chat(world, office):
    await addressed(world, DAVE)
    await world.links(RUTH, DAVE_CHAT)
    row = await world.sends(ANN, "The heating is broken")
    world.clock.move_to(TOMORROW)
    await world.digests.send()
    ((mail,),) = (await posted(world, office)).values()
    (chat,) = [one for one in await world.hears(DAVE_CHAT) if one.text.startswith("Concerns on")]
    words, _, links = mail.get_content().partition("\n\n")
    assert words == chat.text
    assert row.reference in words
    assert links.rstrip().splitlines()[-1] == f"Open: {world.house.console_url}/concerns"
    assert f"{world.house.console_url}/concerns/{row.reference}" in links
    assert mail["Subject"] == "Heard: list for Thursday 26 November"
    assert "heating" not in mail.as_string()


async def test_whoever_linked_a_chat_gets_it_there_alone(world, office):
    await addressed(world, DAVE)
    await world.links(DAVE, DAVE_CHAT)
    world.clock.move_to(TOMORROW)
    assert await world.digests.send() == 1
    assert await posted(world, office) == {}


async def test_who_is_kept_out_gets_a_mail_of_a_day_without_concerns(world, office):
    await addressed(world, DAVE, RUTH)
    await kept_from(world, ANN, DAVE)
    world.clock.move_to(TOMORROW)
    await world.digests.send()
    got = await posted(world, office)
    assert "Nothing is open." in got["dave"][0].get_content()
    assert "H-" not in got["dave"][0].get_content()
    assert "Nothing is open." not in got["ruth"][0].get_content()


async def test_a_missed_date_is_told_to_the_lead_by_mail(world, office):
    await addressed(world, RUTH)
    row = await world.sends(ANN, "cold")
    await posted(world, office)
    for _ in range(2):
        world.clock.move_to((await world.row(row.reference)).due_at)
        await world.promises.keep()
    got = await posted(world, office)
    assert any(row.reference in one.get_content() for one in got["ruth"])
    assert all(one["Subject"] == "some" for one in got["ruth"])


# ---- every week ---------------------------------------------------------------------------------


async def test_heads_get_last_week_on_monday_once_and_nobody_else_does(world, office):
    await addressed(world, DAVE, RUTH, GRACE, HELEN, RITA)
    for moment, count in (
        (MONDAY - timedelta(days=1), 0),
        (MONDAY - timedelta(microseconds=1), 0),
        (MONDAY, 3),
        (MONDAY, 0),
        (MONDAY + timedelta(hours=5), 0),
        (MONDAY + timedelta(days=1), 0),
        (MONDAY + timedelta(days=7), 3),
    ):
        world.clock.move_to(moment)
        assert await weekly(world).send() == count
    assert set(await posted(world, office)) == {"ruth", "grace", "helen"}


async def test_it_says_what_was_promised_kept_late_and_changed(world, office):
    await addressed(world, RUTH)
    first = await world.sends(ANN, "cold")
    second = await world.sends(BEN, "loud")
    await world.answers(DAVE, first.reference)
    async with world.store.write() as conn:
        line = Published("p1", "rowan", "It is cold.", "New heaters.", world.clock.now(), "x", None)
        await published.add(conn, line)
    world.clock.move_to(MONDAY)
    await Vouching(world.store, world.keys, world.clock).look()
    await weekly(world).send()
    figures, record = (one.get_content() for one in (await posted(world, office))["ruth"])
    said = figures.splitlines()
    assert said[0].startswith("The week from Monday 23 November to Sunday 29 November")
    assert "Sent: 2. First answers: 1. Outcomes told: 1." in said
    assert "Changed: 1. Will change: 0. Not changed: 0." in said
    promised = next(one for one in said if one.startswith("Promises made: "))
    made, kept, broken = (int(word.rstrip(".")) for word in promised.split() if word[0].isdigit())
    assert made >= 4 and kept >= 1 and broken == 0
    assert "Late now: 0, of 2 that are open." in said
    assert f"• {second.reference}: not acknowledged, day 5." in said
    assert "New heaters." in record
    async with world.store.read() as conn:
        head = head_line(await newest(conn))
    assert head in record


async def test_what_is_late_is_said(world, office):
    await addressed(world, RUTH)
    row = await world.sends(ANN, "cold")
    for _ in range(2):
        world.clock.move_to((await world.row(row.reference)).due_at)
        await world.promises.keep()
    world.clock.move_to(MONDAY + timedelta(days=7))
    await weekly(world).send()
    (figures, _) = (one.get_content() for one in (await posted(world, office))["ruth"][-2:])
    assert "Late now: 1, of 1 that are open." in figures
    assert "Broken: " in figures


async def test_who_is_kept_out_sees_no_trace_of_it_in_their_week(world, office):
    await addressed(world, RUTH, GRACE)
    await kept_from(world, ANN, RUTH)
    world.clock.move_to(MONDAY)
    await weekly(world).send()
    got = await posted(world, office)
    hers, others = got["ruth"][0].get_content(), got["grace"][0].get_content()
    assert "Sent: 0." in hers and "Promises made: 0." in hers and "of 0 that" in hers
    assert "Nothing is open." in hers and "H-" not in hers
    assert "Sent: 1." in others


async def test_a_wrap_that_should_not_be_there_shows_nothing_in_the_week(world, office):
    await addressed(world, RUTH)
    row = await world.sends(ANN, "cold")
    table = schema.exclusions
    async with world.store.write() as conn:
        await conn.execute(table.insert().values(concern_id=row.id, staff_id=world.ids[RUTH]))
    world.clock.move_to(MONDAY)
    await weekly(world).send()
    hers = (await posted(world, office))["ruth"][0].get_content()
    assert "Sent: 0." in hers and "Promises made: 0." in hers and "H-" not in hers


async def test_however_much_waits_it_is_two_short_messages(world, office):
    await addressed(world, RUTH)
    for chat in range(600, 606):
        await world.sends(chat, "cold")
    async with world.store.write() as conn:
        for n in range(9):
            text = "x" * 200
            await published.add(
                conn, Published(f"p{n}", "rowan", text, text, world.clock.now(), "x", None)
            )
    world.clock.move_to(MONDAY)
    await weekly(world).send()
    figures, record = (one.get_content() for one in (await posted(world, office))["ruth"])
    assert figures.count("•") == 3 and len(figures.splitlines()) <= 14
    assert record.count("•") == 3 and len(record) < 4096 and "Published last week: 9." in record


async def test_it_is_the_same_by_chat(world):
    await world.links(RUTH, DAVE_CHAT)
    world.clock.move_to(MONDAY)
    await weekly(world).send()
    figures, record = (await world.hears(DAVE_CHAT))[-2:]
    assert figures.text.startswith("The week from")
    assert figures.buttons == {"Measures": f"{world.house.console_url}/measures"}
    assert "record" in record.text


async def test_whoever_left_gets_none(world, office):
    await addressed(world, RUTH)
    async with world.store.write() as conn:
        gone = update(schema.staff).where(schema.staff.c.id == world.ids[RUTH])
        await conn.execute(gone.values(active=False))
    world.clock.move_to(MONDAY)
    assert await weekly(world).send() == 0
