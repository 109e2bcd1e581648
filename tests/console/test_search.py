"""Search: what it finds, for whom, and what is left of it nowhere."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.console.inbox import folding, looking
from bot.console.inbox.looking import Search
from bot.console.sessions import IDLE_SECONDS
from bot.console.shelf import Held, Question, Room, Shelf
from storage import audit as audit_lines
from storage import concerns, staff
from storage.concerns import NewPart
from storage.inbox import Filters
from storage.schema import audit, exclusions
from tests.console.annas_desk import MOTHER
from tests.console.browsing import passphrase_of

SEARCH = "/concerns/search"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "%",
    "_",
    ".*",
    "\u202eabc",
    "\x00\x01 a",
    "a" * 5000,
    "\u0301\u0301",
    "😀",
)


async def look(browser, words, **also):
    """Ask, and follow to what was found."""
    answer = await browser.act(SEARCH, SEARCH, words=words, **also)
    if answer.status != 303:
        return answer
    return await browser.get(answer.headers["Location"])


def found(page) -> list[str]:
    return re.findall(r'<a class="ref" href="/concerns/([^"]+)"', page.text)


def marked(page) -> list[str]:
    return [unescape(one) for one in re.findall(r"<mark>(.*?)</mark>", page.text)]


async def lines(ward, *actions):
    async with ward.store.read() as conn:
        rows = await conn.execute(select(audit).order_by(audit.c.id))
        return [row for row in rows if row.action in actions]


def sessions(ward):
    """The live sessions behind the console."""
    return list(ward.open_console.sessions._live.values())


def stored(ward) -> bytes:
    """Every byte of the database and its log."""
    folder = Path(ward.store._writer.url.database).parent
    return b"".join(file.read_bytes() for file in folder.glob("heard.db*") if file.is_file())


@pytest.fixture
async def library(ward):
    ward.open_console = ward.console()
    await ward.server.stop()
    await ward.open_doors(ward.open_console)
    await ward.raise_concern(MOTHER, reference="AAAA-AAAA")
    await ward.raise_concern(
        "Le café était froid. The nurse didn\u2019t come.", reference="BBBB-BBBB"
    )
    await ward.raise_concern("Nobody shouted at my brother.", reference="CCCC-CCCC", team="birch")
    await ward.raise_concern(
        "The nurse shouted again.", reference="DDDD-DDDD", kept_from=["Anna Osei"]
    )
    return ward


async def test_every_word_must_occur_whatever_its_capitals_and_accents(library) -> None:
    anna = await library.signed_in("Anna Osei")
    assert set(found(await look(anna, "nurse"))) == {"AAAA-AAAA", "BBBB-BBBB"}
    assert found(await look(anna, "NURSE mother")) == ["AAAA-AAAA"]
    assert found(await look(anna, "cafe etait")) == ["BBBB-BBBB"]
    assert found(await look(anna, "didn't")) == ["BBBB-BBBB"]
    assert found(await look(anna, "nurse helicopter")) == []


async def test_a_result_shows_reference_state_date_and_the_words_marked(library) -> None:
    page = await look(await library.signed_in("Anna Osei"), "CAFE nurse")
    assert marked(page) == ["café", "nurse"]
    assert "Nobody has acknowledged it yet" in page.text
    assert "Wednesday 25 November 2026 at 09:00" in page.text
    assert page.headers["Cache-Control"] == "no-store"


async def test_a_reference_is_found_with_and_without_its_dash(library) -> None:
    anna = await library.signed_in("Anna Osei")
    for asked in ("aaaa-aaaa", "AAAAAAAA"):
        assert found(await look(anna, asked)) == ["AAAA-AAAA"]


async def test_nobody_finds_what_they_hold_no_key_to_or_are_kept_from(library) -> None:
    anna, dev = await library.signed_in("Anna Osei"), await library.signed_in("Dev Rao")
    assert found(await look(anna, "shouted")) == ["AAAA-AAAA"]
    assert "1 concern found" in (await look(anna, "shouted")).text
    assert found(await look(dev, "shouted")) == ["CCCC-CCCC"]
    assert found(await look(anna, "DDDD")) == []


async def test_whoever_is_left_out_later_finds_nothing_though_it_was_read_before(library) -> None:
    anna = await library.signed_in("Anna Osei")
    assert found(await look(anna, "mother")) == ["AAAA-AAAA"]
    async with library.store.write() as conn:
        row = (await concerns.by_reference(conn, ["AAAA-AAAA"]))["AAAA-AAAA"]
        await conn.execute(
            insert(exclusions).values(concern_id=row.id, staff_id=library.ids["Anna Osei"])
        )
    page = await look(anna, "mother")
    assert found(page) == [] and "Nothing found" in page.text
    [session] = sessions(library)
    assert session.shelf.held(row.id) is None


async def test_words_added_since_are_found_too(library) -> None:
    anna = await library.signed_in("Anna Osei")
    assert found(await look(anna, "bathroom")) == []
    async with library.store.write() as conn:
        row = (await concerns.by_reference(conn, ["AAAA-AAAA"]))["AAAA-AAAA"]
        cleo, words = library.ids["Cleo Hart"], b"It was in the bathroom."
        note = NewPart("n" * 32, row.id, "staff-note", cleo, row.sent_at, words)
        await concerns.add_parts(conn, [note])
    page = await look(anna, "bathroom mother")
    assert found(page) == ["AAAA-AAAA"]


async def test_a_search_leaves_no_word_in_address_log_audit_or_database(library, log) -> None:
    anna = await library.signed_in("Anna Osei")
    answer = await anna.act(SEARCH, SEARCH, words="mother zebra-crossing")
    assert re.fullmatch(r"/concerns/search\?asked=[0-9a-f]{16}", answer.headers["Location"])
    await anna.get(answer.headers["Location"])
    for place in (stored(library), log.getvalue().encode()):
        assert b"zebra" not in place
    assert "searched" in log.getvalue()


async def test_each_search_is_noted_and_each_concern_whose_words_it_showed(library) -> None:
    anna = await library.signed_in("Anna Osei")
    await look(anna, "mother")
    [searched] = await lines(library, "searched")
    [shown] = await lines(library, "found")
    assert (searched.staff_id, searched.concern_id) == (library.ids["Anna Osei"], None)
    assert searched.detail == "found:1"
    async with library.store.read() as conn:
        row = (await concerns.by_reference(conn, ["AAAA-AAAA"]))["AAAA-AAAA"]
        assert shown.concern_id == row.id
        assert not await audit_lines.has(conn, library.ids["Anna Osei"], "opened", row.id)
    assert row.opened_at is None


@pytest.mark.parametrize("asked", HOSTILE)
async def test_hostile_words_are_only_words(library, asked) -> None:
    anna = await library.signed_in("Anna Osei")
    page = await look(anna, asked)
    assert page.status in {200, 400}
    assert "<script>alert" not in page.text and "<img src=x" not in page.text
    assert found(page) in ([], ["BBBB-BBBB"]) or asked.strip("\x00\x01 ") == "a"


async def test_what_was_written_cannot_change_the_page_that_finds_it(ward) -> None:
    await ward.raise_concern("<b>bold</b> <script>x</script> nurse")
    page = await look(await ward.signed_in("Anna Osei"), "nurse script")
    assert "<script>" not in page.text and "&lt;b&gt;bold" in page.text


async def test_nothing_to_look_for_is_said_in_words(library) -> None:
    anna = await library.signed_in("Anna Osei")
    page = await look(anna, "   ")
    assert page.status == 400 and "Write a word to look for" in page.text


async def test_dates_and_team_narrow_a_search(library) -> None:
    ines = await library.signed_in("Ines Bell")
    assert len(found(await look(ines, "shouted"))) == 3
    assert found(await look(ines, "shouted", team="birch")) == ["CCCC-CCCC"]
    assert found(await look(ines, "shouted", until="2026-11-24")) == []


async def test_results_come_in_pages(ward) -> None:
    for number in range(27):
        await ward.raise_concern("The tea was cold.", reference=f"TEAA-{number:04}")
    anna = await ward.signed_in("Anna Osei")
    answer = await anna.act(SEARCH, SEARCH, words="tea")
    first = await anna.get(answer.headers["Location"])
    second = await anna.get(answer.headers["Location"] + "&page=2")
    assert (len(found(first)), len(found(second))) == (25, 2)
    assert not set(found(first)) & set(found(second))


async def test_files_and_buttons_are_not_looked_through(ward) -> None:
    await ward.raise_concern("Words.", said=(("file", '{"seed": "abcdef"}'), ("consent", "yes")))
    anna = await ward.signed_in("Anna Osei")
    assert found(await look(anna, "seed")) == []
    assert found(await look(anna, "yes")) == []


async def test_signing_out_overwrites_what_was_read(library) -> None:
    anna = await library.signed_in("Anna Osei")
    await look(anna, "mother")
    [session] = sessions(library)
    async with library.store.read() as conn:
        row = (await concerns.by_reference(conn, ["AAAA-AAAA"]))["AAAA-AAAA"]
    words = session.shelf.held(row.id).parts[0][1]
    assert words.decode() == MOTHER
    await anna.act("/sign-out", "/concerns")
    assert session.shelf.held(row.id) is None and session.shelf.taken == 0
    assert words == bytes(len(words))


async def test_a_session_that_runs_out_overwrites_what_was_read(library) -> None:
    anna = await library.signed_in("Anna Osei")
    answer = await anna.act(SEARCH, SEARCH, words="mother")
    await anna.get(answer.headers["Location"])
    [session] = sessions(library)
    library.seconds.now += IDLE_SECONDS
    assert (await anna.get(answer.headers["Location"])).status == 303
    assert session.shelf.wiped and session.shelf.taken == 0


async def test_a_question_is_for_the_session_that_asked_it(library) -> None:
    anna, ben = await library.signed_in("Anna Osei"), await library.signed_in("Ben Marsh")
    answer = await anna.act(SEARCH, SEARCH, words="mother")
    page = await ben.get(answer.headers["Location"])
    assert page.status == 200 and "mother" not in page.text


class Ticking:
    """Real time that passes only when it is looked at."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


async def searching(ward, words="tea", **also):
    """One search, without a page, with time that a test can measure."""
    console = ward.console()
    async with ward.store.read() as conn:
        row = await staff.by_name(conn, ward.keys, "Anna Osei")
    token = console.sessions.begin(
        row.id, row.public_key, staff.unlock(row, passphrase_of("Anna Osei"))
    )
    session = console.sessions.find(token)
    question = Question(bytearray(words.encode()), Filters(), {})
    member = await ward.member("Anna Osei")
    return Search(ward.desk, member, session, question, asyncio.Semaphore(1), **also)


async def test_when_time_runs_out_it_says_how_far_it_came_and_goes_on_from_there(ward) -> None:
    many = looking.OPENED * 3
    for number in range(many):
        await ward.raise_concern("The tea was cold.", reference=f"TEAA-{number:04}")
    search = await searching(ward, seconds=Ticking(), budget=2.5)
    read = []
    while not read or read[-1] < many:
        result = await search.page(1)
        read.append(result.read)
        assert result.readable == many and result.found == result.read
    assert read == sorted(set(read)) and len(read) > 1


async def test_a_search_whose_session_ends_meanwhile_gives_nothing_out(ward) -> None:
    await ward.raise_concern("The tea was cold.")
    search = await searching(ward)
    search.session.wipe()
    with pytest.raises(looking.Ended):
        await search.page(1)


async def test_what_does_not_fit_into_memory_is_searched_but_not_kept(ward) -> None:
    for number in range(4):
        await ward.raise_concern("The tea was cold.", reference=f"TEAA-{number:04}")
    search = await searching(ward)
    search.session.shelf = Shelf(Room(1500))
    result = await search.page(1)
    assert (result.found, result.too_many) == (4, True)
    assert 0 < search.session.shelf.taken <= 1500


def test_a_shelf_gives_its_room_back() -> None:
    room = Room(1000)
    shelf, other = Shelf(room), Shelf(room)
    held = Held(1, [("words", bytearray(b"x" * 100))])
    assert shelf.put("a", held)
    assert not other.put("b", Held(1, [("words", bytearray(400))]))
    shelf.wipe()
    assert other.put("b", Held(1, [("words", bytearray(100))]))
    assert not shelf.put("a", Held(1, []))


def test_only_a_few_questions_are_kept() -> None:
    shelf = Shelf(Room())
    first = shelf.ask(Question(bytearray(b"one"), Filters(), {}))
    kept = [shelf.ask(Question(bytearray(b"more"), Filters(), {})) for _ in range(5)]
    assert shelf.question(first) is None
    assert all(shelf.question(one) for one in kept)


def test_an_excerpt_keeps_the_text_as_it_was_written() -> None:
    text = "Die Straße war STRASSE. Cafe\u0301 ﬁn."
    for asked in ("strasse", "café", "fin", "ß"):
        pieces = folding.excerpt(text, folding.terms(asked))
        assert "".join(piece.text for piece in pieces) == text
        assert any(piece.marked for piece in pieces)


def test_an_excerpt_of_a_long_text_is_cut_between_words() -> None:
    text = "before " * 100 + "needle" + " after" * 100
    pieces = folding.excerpt(text, ("needle",))
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("…before") and shown.endswith("after…")
    assert len(shown) < 200


async def test_the_form_alone_begins_to_read_what_the_first_search_will_want(library):
    anna = await library.signed_in("Anna Osei")
    await anna.get("/concerns/search")
    [session] = sessions(library)
    async with library.store.read() as conn:
        row = (await concerns.by_reference(conn, ["AAAA-AAAA"]))["AAAA-AAAA"]
    for _ in range(500):
        if session.shelf.held(row.id) is not None:
            break
        await asyncio.sleep(0.01)
    assert session.shelf.held(row.id) is not None
