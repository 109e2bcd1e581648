"""What staff see, and what those who were left out, or may only read, do not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.casework.model import Act, Event
from bot.console.inbox.pages import HEADINGS
from storage import audit, concerns

MOTHER = "The night nurse shouted at my mother."
REFERENCE, OTHER = "QK7M-4TXA", "7RPD-W2HC"
EVERYBODY = ("Anna Osei", "Ben Marsh", "Cleo Hart", "Ines Bell")


def badges(page) -> list[int]:
    return [int(number) for number in re.findall(r'class="count">(\d+)<', page.text)]


async def test_the_list_shows_what_needs_someone_first_and_no_words(ward):
    await ward.raise_concern(MOTHER)
    ward.clock.move_to(ward.clock.now() + timedelta(days=3))
    await ward.raise_concern("Nobody answers the phone.", reference=OTHER)
    page = await (await ward.signed_in("Anna Osei")).get("/concerns")
    assert page.text.index(REFERENCE) < page.text.index(OTHER)
    assert "Should have been acknowledged by Friday 27 November, 1 day late." in page.text
    assert "Acknowledge by Monday 30 November, in 2 days." in page.text
    assert "Willow Ward. Sent 3 days ago." in page.text
    assert badges(page) == [2, 0, 0, 2, 1, 2, 0, 0]
    assert "shouted" not in page.text
    assert "phone" not in page.text


async def test_each_list_is_a_plain_link_and_a_strange_one_is_the_first(ward):
    await ward.raise_concern(MOTHER)
    browser = await ward.signed_in("Anna Osei")
    for tab, heading in HEADINGS.items():
        page = await browser.get(f"/concerns?show={tab}")
        assert f"<h2>{heading}</h2>" in page.text
        assert (REFERENCE in page.text) == (tab in ("now", "new", "us"))
    for strange in ("show=<b>", "page=-1", "page=99999999999", "page=%F0%9D%9F%97", "show=&page="):
        assert (await browser.get(f"/concerns?{strange}")).status == 200


async def test_a_long_list_comes_in_pages(ward):
    for number in range(26):
        await ward.raise_concern(MOTHER, reference=f"AAAA-{number:04}")
    browser = await ward.signed_in("Anna Osei")
    first, second = [await browser.get(f"/concerns?page={number}") for number in (1, 2)]
    assert "Page 1 of 2" in first.text
    assert first.text.count('class="row"') == 25
    assert second.text.count('class="row"') == 1


async def test_a_concern_shows_who_said_what_and_what_was_promised(ward):
    await ward.raise_concern(MOTHER, who="someone")
    page = await (await ward.signed_in("Anna Osei")).get(f"/concerns/{REFERENCE}")
    assert f'dir="auto">{MOTHER}</div>' in page.text
    assert "For someone they care for" in page.text
    assert "Acknowledge by Friday 27 November, in 2 days." in page.text
    assert "Willow Ward. With the team." in page.text
    assert "Wednesday 25 November 2026 at 09:00" in page.text
    assert "kept from seeing this" not in page.text
    assert page.text.count("<h1>") == 1


async def test_opening_a_concern_is_noted(ward):
    await ward.raise_concern(MOTHER)
    browser = await ward.signed_in("Anna Osei")
    await browser.get("/concerns")
    async with ward.store.read() as conn:
        row = (await concerns.by_reference(conn, [REFERENCE]))[REFERENCE]
        assert not await audit.has(conn, ward.ids["Anna Osei"], "opened", row.id)
    await browser.get(f"/concerns/{REFERENCE}")
    async with ward.store.read() as conn:
        assert await audit.has(conn, ward.ids["Anna Osei"], "opened", row.id)


@pytest.mark.parametrize("method", ["get", "post"])
async def test_for_those_left_out_a_concern_is_no_different_from_none(ward, method):
    await ward.raise_concern(MOTHER, kept_from=["Cleo Hart"])
    cleo = await ward.signed_in("Cleo Hart")
    csrf = (await cleo.get("/me")).csrf
    paths = ["", "/answer", "/outcome"]
    if method == "post":
        paths = ["/acknowledge", "/look-into", "/resume", "/answer", "/outcome"]
    for path in paths:
        answers = []
        for reference in (REFERENCE, "ZZZZ-ZZZZ"):
            where = f"/concerns/{reference}{path}"
            given = {"csrf": csrf, "do": "send"}
            asked = cleo.get(where) if method == "get" else cleo.post(where, given)
            answer = await asked
            answers.append((answer.status, answer.text, answer.headers))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    for tab in HEADINGS:
        page = await cleo.get(f"/concerns?show={tab}")
        assert REFERENCE not in page.text
        assert badges(page) == [0] * 8


async def test_those_who_read_learn_that_someone_was_left_out_but_not_who(ward):
    await ward.raise_concern(MOTHER, kept_from=["Cleo Hart"])
    page = await (await ward.signed_in("Anna Osei")).get(f"/concerns/{REFERENCE}")
    assert "Some people have been kept from seeing this." in page.text
    assert "Cleo" not in page.text


async def test_another_teams_concern_is_not_there(ward):
    await ward.raise_concern(MOTHER)
    dev = await ward.signed_in("Dev Rao")
    assert (await dev.get(f"/concerns/{REFERENCE}")).status == 404
    assert badges(await dev.get("/concerns")) == [0] * 8


ACTS = ("acknowledge", "look-into", "resume", "answer", "outcome")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna Osei", {"acknowledge": 303, "look-into": 303, "answer": 422, "outcome": 422}),
        ("Cleo Hart", {"acknowledge": 303, "look-into": 303, "answer": 422, "outcome": 422}),
        ("Ines Bell", {"acknowledge": 303, "look-into": 303, "answer": 422, "outcome": 422}),
        ("Ben Marsh", dict.fromkeys(ACTS, 403)),
        ("Dev Rao", dict.fromkeys(ACTS, 404)),
    ],
)
async def test_who_may_do_what_to_a_new_concern(ward, name, expected):
    await ward.raise_concern(MOTHER)
    browser = await ward.signed_in(name)
    csrf = (await browser.get("/me")).csrf
    await browser.get(f"/concerns/{REFERENCE}")
    for act, status in expected.items():
        answer = await browser.post(f"/concerns/{REFERENCE}/{act}", {"csrf": csrf})
        assert (act, answer.status) == (act, status)


async def test_a_reader_is_shown_nothing_to_press(ward):
    await ward.raise_concern(MOTHER)
    page = await (await ward.signed_in("Ben Marsh")).get(f"/concerns/{REFERENCE}")
    assert MOTHER in page.text
    assert "Answering it is for others in your team." in page.text
    for act in ACTS:
        assert f"/{act}" not in page.text


async def test_acknowledging_asks_for_having_opened_it(ward):
    await ward.raise_concern(MOTHER)
    anna = await ward.signed_in("Anna Osei")
    refused = await anna.act(f"/concerns/{REFERENCE}/acknowledge", "/me")
    assert refused.status == 409
    assert "Please read the concern below first" in refused.text
    assert MOTHER in refused.text
    done = await anna.act(f"/concerns/{REFERENCE}/acknowledge", f"/concerns/{REFERENCE}")
    assert done.headers["Location"] == f"/concerns/{REFERENCE}?done=acknowledge"
    page = await anna.get(done.headers["Location"])
    assert "Acknowledged. The person will be told." in page.text
    assert "Acknowledge it" not in page.text


async def test_what_can_no_longer_happen_is_said_kindly(ward):
    await ward.raise_concern(MOTHER)
    anna, cleo = await ward.signed_in("Anna Osei"), await ward.signed_in("Cleo Hart")
    page = await anna.get(f"/concerns/{REFERENCE}")
    await cleo.act(f"/concerns/{REFERENCE}/acknowledge", f"/concerns/{REFERENCE}")
    late = await anna.post(f"/concerns/{REFERENCE}/acknowledge", {"csrf": page.csrf})
    assert late.status == 409
    assert "This concern has moved on since you opened it" in late.text


HOSTILE = {
    "html": '</div><script>alert(1)</script><img src=x onerror="alert(1)">',
    "attribute": "\" onmouseover='x' autofocus",
    "template": "{{ 7*7 }}{% raw %}{{ visit.session.private }}",
    "entities": "&lt;b&gt; &amp; &#60;",
    "control": "bell\x07 null\x00 escape\x1b[31m",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_words_are_shown_as_words(ward, words):
    await ward.raise_concern(words)
    page = await (await ward.signed_in("Anna Osei")).get(f"/concerns/{REFERENCE}")
    assert page.status == 200
    shown = re.search(r'<div class="words" dir="auto">(.*?)</div>', page.text, re.DOTALL)[1]
    assert not set('<>"') & set(shown)
    assert "49" not in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", page.text)


async def test_words_that_turn_round_stay_in_their_own_box(ward):
    await ward.raise_concern("\u202egnp.exe \u2066 \u200f שלום")
    browser = await ward.signed_in("Anna Osei")
    page = await browser.get(f"/concerns/{REFERENCE}")
    assert '<div class="words" dir="auto">\u202egnp.exe' in page.text
    assert "unicode-bidi: isolate" in (await browser.get("/console.css")).text


async def test_the_longest_message_is_shown_whole(ward):
    await ward.raise_concern("\N{GRINNING FACE}" * 4096)
    page = await (await ward.signed_in("Anna Osei")).get(f"/concerns/{REFERENCE}")
    assert page.text.count("\N{GRINNING FACE}") == 4096


async def test_a_damaged_part_is_said_and_hides_no_other(ward):
    await ward.raise_concern(MOTHER)
    async with ward.store.write() as conn:
        await conn.execute(text("UPDATE parts SET body = zeroblob(900) WHERE seq = 2"))
    page = await (await ward.signed_in("Anna Osei")).get(f"/concerns/{REFERENCE}")
    assert "1 part of this concern cannot be opened." in page.text
    assert MOTHER in page.text


async def test_my_page_names_my_teams_and_gives_a_code_to_link_with(ward):
    browser = await ward.signed_in("Anna Osei")
    page = await browser.get("/me")
    assert "<strong>Willow Ward</strong>: You can read and answer concerns." in page.text
    assert "Your Telegram is not linked." in page.text
    linked = await browser.act("/me/link", "/me")
    code = re.search(r"<code>/link (\w+)</code>", linked.text)[1]
    assert len(code) >= 8
    assert "for 15 minutes" in linked.text
    again = await browser.act("/me/link", "/me")
    assert code not in again.text


async def test_an_answer_that_was_lost_on_its_way_is_to_be_sent_again(ward):
    await ward.raise_concern(MOTHER)
    async with ward.store.write() as conn:
        await conn.execute(text("UPDATE concerns SET undelivered = 1"))
    page = await (await ward.signed_in("Anna Osei")).get(f"/concerns/{REFERENCE}")
    assert "An answer did not reach the person." in page.text


async def test_words_typed_instead_of_who_it_is_for_stand_with_what_was_said(ward):
    await ward.raise_concern(MOTHER, who="My dad, and he is afraid to say it.")
    page = await (await ward.signed_in("Anna Osei")).get(f"/concerns/{REFERENCE}")
    told = page.text.partition("What was said")[2]
    assert "Asked who it is for, the person wrote" in told
    assert "My dad, and he is afraid to say it." in told


async def test_the_page_says_who_looks_into_it(ward):
    await ward.raise_concern(MOTHER)
    anna, cleo = await ward.signed_in("Anna Osei"), await ward.signed_in("Cleo Hart")
    page = await anna.get(f"/concerns/{REFERENCE}")
    assert "Who has it" not in page.text
    for act in ("acknowledge", "look-into"):
        await anna.act(f"/concerns/{REFERENCE}/{act}", f"/concerns/{REFERENCE}")
    page = await cleo.get(f"/concerns/{REFERENCE}")
    assert re.search(r"Who has it</dt><dd[^>]*>Anna Osei</dd>", page.text)


async def test_a_paused_concern_can_be_carried_on(ward):
    await ward.raise_concern(MOTHER)
    anna = await ward.signed_in("Anna Osei")
    await anna.get(f"/concerns/{REFERENCE}")
    await anna.act(f"/concerns/{REFERENCE}/acknowledge", f"/concerns/{REFERENCE}")
    member = await ward.member("Anna Osei")
    pause = Event(
        Act.PAUSE,
        by=member.id,
        by_date=ward.clock.now().date() + timedelta(days=7),
    )
    await ward.desk.act(member, REFERENCE, pause, "We wait for a letter.")
    assert "Paused" in (await anna.get(f"/concerns/{REFERENCE}")).text
    done = await anna.act(f"/concerns/{REFERENCE}/resume", f"/concerns/{REFERENCE}")
    assert done.status == 303
