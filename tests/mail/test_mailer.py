"""Mail to staff: through a real server with TLS and a password, at least once, never unsafely."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.mail.mailer import LAST_RETRY, TICK, Mailer, Post
from bot.mail.server import MailServer, reach
from bot.turns.rendering import body
from config import kinds
from storage import meta, outbox, outbox_mail, staff
from storage.outbox import NewMessage
from tests.mail.post_office import PASSWORD, USER, certificate

DAVE, RUTH = "Dave Palmer", "Ruth Adeyemi"
SENDER = "heard@ashby.example"
SUBJECTS = {True: "Heard: please open this now", False: "Heard: something to look at"}
ROWS = [
    [{"label": "Take it", "data": "s:H-1:take"}, {"label": "Open", "url": "http://x.example/c"}],
]


def server_at(office, **other) -> MailServer:
    known = {"user": USER, "password": PASSWORD, "ca": office.papers.public}
    return MailServer("localhost", office.port, SENDER, **(known | other))


def mailer(world, server: MailServer) -> Mailer:
    return Mailer(Post(world.store, world.keys, world.clock.now), server, SUBJECTS)


async def has_address(world, name: str, address: str | None) -> None:
    async with world.store.write() as conn:
        await meta.put(conn, meta.SENDS_MAIL, b"1")
        await staff.set_email(conn, world.keys, world.ids[name], address)


async def queue(world, name: str, *texts: str, lane: int = 3, subject: str | None = None) -> None:
    messages = [
        NewMessage(f"e:{world.ids[name]}", lane, body(text, ROWS, subject)) for text in texts
    ]
    async with world.store.write() as conn:
        await outbox.put(conn, world.keys, messages, world.clock.now())


async def left(world) -> list[tuple[str, int]]:
    return [(row.state, row.attempts) for row, _ in await world.queued()]


@pytest.fixture
async def dave(world):
    await has_address(world, DAVE, "dave@ward.example")
    return world


async def test_it_goes_through_tls_and_a_password_and_says_the_same_words(dave, office):
    await queue(dave, DAVE, "Concerns on Monday", subject="Heard: list for 23 November")
    await mailer(dave, server_at(office)).round()
    ((to, made),) = office.got
    assert (to, made["To"], made["From"]) == (
        "dave@ward.example",
        "dave@ward.example",
        f"Heard <{SENDER}>",
    )
    assert made["Subject"] == "Heard: list for 23 November"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made.get_content_type() == "text/plain"
    assert made.get_content().split("\n\n") == ["Concerns on Monday", "Open: http://x.example/c\n"]
    assert await left(dave) == []


async def test_what_cannot_wait_goes_first_and_its_subject_says_nothing_of_it(dave, office):
    await queue(dave, DAVE, "H-1: news")
    await queue(dave, DAVE, "H-2: someone is in danger", lane=0)
    await mailer(dave, server_at(office)).round()
    assert [made["Subject"] for _, made in office.got] == [SUBJECTS[True], SUBJECTS[False]]
    assert "H-2" in office.texts()[0]


async def test_one_connection_carries_several_mails(dave, office):
    await has_address(dave, RUTH, "ruth@ward.example")
    await queue(dave, DAVE, "one", "two")
    await queue(dave, RUTH, "three")
    await mailer(dave, server_at(office)).round()
    assert len(office.got) == 3
    assert office.connections == 2  # before and after it went over to TLS


async def test_a_grey_list_is_met_with_patience(dave, office):
    office.says_to_address = ["450 4.2.0 come back later"]
    office.says = ["451 4.3.0 and again"]
    await queue(dave, DAVE, "one")
    one = mailer(dave, server_at(office))
    for tries in (1, 2):
        await one.round()
        assert await left(dave) == [("queued", tries)]
        await one.round()
        assert office.got == []  # not before its time
        dave.clock.move_to(dave.clock.now() + timedelta(seconds=LAST_RETRY))
    await one.round()
    assert len(office.got) == 1
    assert await dave.alarms() == []


async def test_what_is_put_off_for_days_is_given_up_and_somebody_is_told(dave, office):
    office.says = ["450 later"]
    await queue(dave, DAVE, "one")
    dave.clock.move_to(dave.clock.now() + timedelta(days=4, hours=2))
    await mailer(dave, server_at(office)).round()
    assert await left(dave) == [("refused", 0)]
    assert await dave.alarms() == ["mail-given-up"]


@pytest.mark.parametrize("where", ["says", "says_to_address"])
async def test_a_refusal_for_good_is_kept_and_sounds_an_alarm_and_stops_nobody_else(
    dave, office, where
):
    setattr(office, where, ["550 5.1.1 no such mailbox"])
    await queue(dave, DAVE, "one", "two")
    await mailer(dave, server_at(office)).round()
    assert [text[:3] for text in office.texts()] == ["two"]
    assert await left(dave) == [("refused", 0)]
    assert await dave.alarms() == ["mail-refused"]


async def test_while_the_server_is_down_all_waits_and_nothing_is_lost(dave, office):
    office.stop()
    await queue(dave, DAVE, "one", "two")
    one = mailer(dave, server_at(office))
    pauses = [await one.round() for _ in range(3)]
    assert pauses == [5.0, 10.0, 20.0]
    assert await left(dave) == [("queued", 0), ("queued", 0)]
    assert await dave.alarms() == ["mail-unreachable"]
    office.start()
    assert await one.round() == TICK
    assert len(office.got) == 2


async def test_a_server_that_hangs_up_half_way_gets_the_rest_on_the_next_connection(dave, office):
    office.hangs_up_after = 2
    await queue(dave, DAVE, "one", "two", "three")
    one = mailer(dave, server_at(office))
    await one.round()
    await one.round()
    assert {text.split()[0] for text in office.texts()} == {"one", "two", "three"}
    ids = [made["Message-ID"] for _, made in office.got]
    assert len(ids) == 4  # it was not known whether "two" had arrived ...
    assert len(set(ids)) == 3  # ... and whoever gets it twice can tell
    assert await left(dave) == []


async def test_a_process_that_dies_after_sending_sends_the_same_mail_again(dave, office):
    await queue(dave, DAVE, "one")
    post = Post(dave.store, dave.keys, dave.clock.now)
    for _ in range(2):
        async with dave.store.write() as conn:
            await outbox.reset_claims(conn)
            (letter,) = await outbox_mail.claim(
                conn, dave.keys, dave.clock.now(), timedelta(minutes=5), 9
            )
        smtp = await server_at(office).connect()
        await Mailer(post, server_at(office), SUBJECTS)._send(smtp, letter)
        await smtp.quit()
    first, second = (made["Message-ID"] for _, made in office.got)
    assert first == second


async def test_nothing_is_sent_where_anybody_could_listen(dave, office, papers):
    office.stop()
    office.tls = False
    office.start()
    await queue(dave, DAVE, "one")
    assert await mailer(dave, server_at(office)).round() == LAST_RETRY
    assert office.got == []
    assert await dave.alarms() == ["mail-not-safe"]
    assert "STARTTLS" in await reach(server_at(office))
    here = server_at(office, security=kinds.NO_TLS, user="", password="")
    await mailer(dave, here).round()
    assert len(office.got) == 1


async def test_a_server_that_cannot_show_who_it_is_gets_nothing(dave, office, tmp_path):
    stranger = certificate(tmp_path, "elsewhere.example")
    await queue(dave, DAVE, "one")
    for ca in (None, stranger.public):
        assert "not one that this machine trusts" in await reach(server_at(office, ca=ca))
        await mailer(dave, server_at(office, ca=ca)).round()
    assert office.got == []
    assert await left(dave) == [("queued", 0)]


async def test_a_wrong_password_is_somebodys_to_mend_and_loses_nothing(dave, office):
    await queue(dave, DAVE, "one")
    assert await mailer(dave, server_at(office, password="wrong")).round() == LAST_RETRY
    assert await dave.alarms() == ["mail-sign-in"]
    assert "HEARD_SMTP_PASSWORD" in await reach(server_at(office, password="wrong"))
    assert await reach(server_at(office)) is None
    await mailer(dave, server_at(office)).round()
    assert len(office.got) == 1


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: x@y.example", "a@b.example, x@y.example", "not one", "@", ""]
)
async def test_an_address_that_is_none_reaches_nobody(world, office, address):
    await has_address(world, DAVE, address or "x")
    await queue(world, DAVE, "one")
    await mailer(world, server_at(office)).round()
    assert office.got == []
    assert await left(world) == [("refused", 0)]


async def test_words_cannot_become_headers(dave, office):
    await queue(dave, DAVE, "Bcc: x@y.example\r\n\r\nhello", subject="a\r\nBcc: x@y.example")
    await queue(dave, DAVE, "Bcc: x@y.example\r\n.\r\nMAIL FROM:<x@y.example>")
    await mailer(dave, server_at(office)).round()
    ((to, made),) = office.got  # the first has no subject that can be one
    assert to == "dave@ward.example"
    assert made["Bcc"] is None
    assert "MAIL FROM" in made.get_content()


async def test_a_changed_address_gets_it_and_one_taken_back_gets_nothing(dave, office):
    await queue(dave, DAVE, "one")
    await has_address(dave, DAVE, "new@ward.example")
    await mailer(dave, server_at(office)).round()
    assert [to for to, _ in office.got] == ["new@ward.example"]
    await queue(dave, DAVE, "two")
    await has_address(dave, DAVE, None)
    assert await left(dave) == []
    await queue(dave, DAVE, "three")
    await mailer(dave, server_at(office)).round()
    assert len(office.got) == 1


async def test_telegrams_sender_and_the_mailer_never_take_each_others(dave, office):
    await queue(dave, DAVE, "by mail")
    async with dave.store.write() as conn:
        assert await outbox.claim(conn, dave.keys, dave.clock.now(), timedelta(1), 9) == []
        assert await outbox.next_due(conn) is None
    await dave.links(DAVE, 501)
    async with dave.store.write() as conn:
        chat = NewMessage(f"s:{dave.ids[DAVE]}", 3, body("by chat"))
        await outbox.put(conn, dave.keys, [chat], dave.clock.now())
    await mailer(dave, server_at(office)).round()
    assert [text.split("\n")[0] for text in office.texts()] == ["by mail"]
    assert [seen.text for seen in await dave.hears(501)] == ["by chat"]


async def test_it_runs_until_it_is_stopped_and_is_woken_by_news(dave, office):
    one = mailer(dave, server_at(office))
    task = asyncio.create_task(one.run())
    await queue(dave, DAVE, "one")
    one.wake()
    while not office.got:
        await asyncio.sleep(0.01)
    await one.stop()
    await task


async def test_an_address_counts_only_where_mail_is_sent(dave):
    assert (await dave.member(DAVE)).mailed
    async with dave.store.write() as conn:
        await meta.drop(conn, meta.SENDS_MAIL)
    assert not (await dave.member(DAVE)).mailed
    assert not replace(await dave.member(DAVE), linked=False).mailed
