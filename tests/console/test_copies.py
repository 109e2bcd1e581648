"""The button that sends a copy; danger, being forgotten and complaints about data as staff see
them."""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import select

from storage import audit, data_requests
from storage.outbox import unlock_body
from storage.schema import outbox
from tests.console.annas_desk import MOTHER, PAGE, REFERENCE, WHOLE, hidden, post, state

BUTTON = "Send the copy now"
DUE = date(2026, 12, 25)


async def ask(ward, reference=REFERENCE):
    concern = await ward.mark(reference, undelivered=False)
    async with ward.store.write() as conn:
        await data_requests.ask(conn, {concern: DUE}, ward.clock.now().date())
    return concern


async def bodies(ward):
    async with ward.store.read() as conn:
        rows = (await conn.execute(select(outbox).order_by(outbox.c.id))).all()
    return [(row.held_id, json.loads(unlock_body(ward.keys, row))) for row in rows]


async def test_one_button_sends_the_copy_behind_a_neutral_notice(ward, anna):
    concern = await ask(ward)
    page = await anna.get(PAGE)
    assert "The person asked on Wednesday 25 November for a copy" in page.text
    assert "Send it by Friday 25 December." in page.text
    assert (await anna.act(f"{PAGE}/send-copy", PAGE)).status == 303
    (held, file), (_, notice) = await bodies(ward)
    assert file["document"]["name"] == "my-data.txt"
    assert MOTHER in file["document"]["text"]
    assert notice["rows"][0][0]["data"] == f"n:{held}"
    assert MOTHER not in json.dumps(notice)
    async with ward.store.read() as conn:
        assert await audit.has(conn, ward.ids["Anna Osei"], "copy-sent", concern)
    done = await anna.get(f"{PAGE}?done=send-copy")
    assert "The copy is on its way to the person." in done.text
    assert "A copy of their words sent to the person by you" in done.text
    assert BUTTON not in done.text


async def test_a_second_press_sends_nothing(ward, anna):
    await ask(ward)
    token = (await anna.get(PAGE)).csrf
    await anna.post(f"{PAGE}/send-copy", {"csrf": token})
    again = await anna.post(f"{PAGE}/send-copy", {"csrf": token})
    assert again.status == 409
    assert "sent already" in again.text
    assert len(await bodies(ward)) == 2


async def test_without_a_request_there_is_no_button_and_nothing_to_send(ward, anna):
    assert BUTTON not in (await anna.get(PAGE)).text
    assert (await anna.act(f"{PAGE}/send-copy", PAGE)).status == 409
    assert await bodies(ward) == []


async def test_readers_and_those_kept_out_neither_see_nor_send_it(ward):
    await ward.raise_concern(MOTHER, kept_from=("Cleo Hart",))
    await ask(ward)
    for name, seen, refused in (("Ben Marsh", 200, 403), ("Cleo Hart", 404, 404)):
        browser = await ward.signed_in(name)
        page = await browser.get(PAGE)
        assert page.status == seen
        assert BUTTON not in page.text
        listed = await browser.get("/concerns")
        assert "A copy of their words" not in listed.text
        posted = await browser.act(f"{PAGE}/send-copy", "/me")
        assert posted.status == refused
    assert await bodies(ward) == []


async def test_an_owed_copy_brings_a_closed_concern_back_into_the_lists(ward, anna):
    await ward.mark(REFERENCE, state="closed", due_at=None, due_kind=None)
    assert REFERENCE not in (await anna.get("/concerns")).text
    await ask(ward)
    page = await anna.get("/concerns")
    words = "A copy of their words is asked for by Friday 25 December, in 30 days."
    assert words in page.text
    assert REFERENCE in (await anna.get("/concerns?show=closed")).text


async def test_danger_is_the_persons_own_statement_at_the_top_and_in_the_list(ward):
    said = (("in-danger", "yes"),)
    await ward.raise_concern(MOTHER, said=said)
    await ward.mark(REFERENCE, in_danger=True)
    anna = await ward.signed_in("Anna Osei")
    assert "The person said that someone is in danger." in (await anna.get("/concerns")).text
    top = (await anna.get(PAGE)).text.partition('<dl class="facts">')[0]
    assert "The person said that someone is in danger." in top
    assert "Later" not in top


async def test_what_was_said_later_stands_beside_it_and_unsays_nothing(ward):
    await ward.raise_concern(MOTHER, said=(("in-danger", "yes"), ("in-danger", "no")))
    await ward.mark(REFERENCE, in_danger=True)
    page = await (await ward.signed_in("Anna Osei")).get(PAGE)
    assert "someone is in danger. Later they said: not right now. Read both." in page.text


async def test_where_nothing_of_danger_was_said_nothing_is_shown(ward, anna):
    for path in (PAGE, "/concerns"):
        assert "someone is in danger." not in (await anna.get(path)).text


async def test_whoever_is_forgotten_is_told_nothing_and_staff_are_told_so(ward, anna):
    await ward.mark(REFERENCE, forgotten=True, return_sealed=b"")
    assert "This person asked to be forgotten. No answer" in (await anna.get("/concerns")).text
    page = await anna.get(PAGE)
    assert "No answer can reach them." in page.text
    assert "Write an answer" not in page.text
    assert "Tell the person" not in page.text.partition("What you can do")[2]
    acted = await anna.act(f"{PAGE}/acknowledge", PAGE)
    assert acted.headers["Location"].endswith("done=untold")
    preview = await post(anna, "outcome", "preview", result="changed", done="We changed the rota.")
    assert preview.status == 200
    assert "It goes to nobody" in preview.text
    assert "Send it to the person" not in preview.text
    sent = await anna.post(f"{PAGE}/outcome", hidden(preview) | {"do": "send"})
    assert sent.status == 303
    assert await state(ward) == "closed"
    assert await bodies(ward) == []


async def test_an_answer_to_nobody_cannot_be_sent(ward, anna):
    await ward.mark(REFERENCE, forgotten=True, return_sealed=b"")
    page = await anna.get(f"{PAGE}/answer")
    assert "It goes to nobody" in page.text
    sent = await anna.post(f"{PAGE}/answer", hidden(page) | WHOLE | {"do": "send"})
    assert sent.status == 409
    assert await bodies(ward) == []


async def test_a_complaint_about_data_is_called_so(ward):
    await ward.raise_concern("You wrote to my mother.", reference="D-7K2M-9QXP", team="independent")
    await ward.mark("D-7K2M-9QXP", kind="data-complaint")
    ines = await ward.signed_in("Ines Bell")
    assert "Data complaint. Nobody has acknowledged it yet" in (await ines.get("/concerns")).text
    page = await ines.get("/concerns/D-7K2M-9QXP")
    assert '<h1>Data complaint <span class="ref">D-7K2M-9QXP</span></h1>' in page.text
