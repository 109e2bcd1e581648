"""From the list of a handover on a phone to what the person reads, through the whole of Heard."""

from __future__ import annotations

from datetime import UTC, datetime

from inside import found, inside
from kept_out import OF_PRIYA, ROLES, raise_concern
from people import until

from storage import concerns
from storage.schema import exclusions

MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)  # the handover of Rowan ward
TEN, NEXT = MORNING.replace(hour=10), datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
NEWS = "There is news for you."


async def comes(here, moment):
    here.clock.move_to(moment)
    await here.heard.ticks.look_now()
    here.heard.sender.wake()
    await until(here.nothing_to_send)


async def test_staff_tap_under_their_list_and_the_person_reads_it(tmp_path):
    await found(tmp_path, ROLES)
    async with inside(tmp_path) as here:
        person = await here.street.newcomer("Ann")
        reference = await raise_concern(person, "It is cold in here.")
        short = reference[-4:]
        omar = await here.link("Omar Bell")
        await comes(here, MORNING)
        listed = await omar.until("Concerns on Tuesday 24 November, 08:30", reference)
        assert [[button["text"] for button in row] for row in listed["buttons"]] == [
            [f"Take {short}", f"Higher {short}", f"Open {short}"],
            ["Open"],
        ]
        await comes(here, TEN)
        assert not any(NEWS in one for one in await person.heard())

        await omar.tap(f"Take {short}")
        await omar.until(f"You have taken {reference}.")
        await person.until(NEWS)
        await person.tap("Read it")
        await person.until("has taken up your concern", reference)

        colleague = await here.sign_in("Omar Bell")
        page = await colleague.read(reference)
        assert "It is cold in here." in page.text
        await colleague.acknowledge(reference)
        await person.tap("Read it")
        await person.until("has opened your concern", reference)
        await colleague.close()


async def test_taken_and_never_opened_it_is_free_again_and_the_person_is_told(tmp_path):
    await found(tmp_path, ROLES)
    async with inside(tmp_path) as here:
        person = await here.street.newcomer("Ann")
        reference = await raise_concern(person, "It is cold in here.")
        omar, priya = await here.link("Omar Bell"), await here.link("Priya Shah")
        await comes(here, TEN)
        await omar.tap(f"Take {reference[-4:]}")
        await person.tap("Read it")
        await comes(here, NEXT)
        free = f"{reference}: not acknowledged, not taken"
        await priya.until("Concerns on Wednesday 25 November", free)
        await comes(here, NEXT.replace(hour=9))
        await person.tap("Read it")
        await person.until("they have not opened it", "It is with the team again.")


async def test_whoever_is_kept_out_can_tap_nothing(tmp_path):
    """Priya's list shows no line, no count and no button of it. Of one that she is kept out of
    since her list came, the button changes nothing."""
    await found(tmp_path, ROLES)
    async with inside(tmp_path) as here:
        person = await here.street.newcomer("Ann")
        reference = await raise_concern(person, OF_PRIYA, kept_from="Priya Shah")
        priya = await here.link("Priya Shah")
        await comes(here, TEN)
        listed = await priya.until("Concerns on Tuesday 24 November")
        assert reference not in listed["text"]
        assert "Taken by nobody: 0." in listed["text"]
        assert [[one["text"] for one in row] for row in listed["buttons"]] == [["Open"]]

        other = await raise_concern(await here.street.newcomer("Ben"), "It is cold.")
        await comes(here, NEXT)
        ids = await here.staff_ids()
        async with here.heard.store.write() as conn:
            row = (await concerns.by_reference(conn, [other]))[other]
            left_out = {"concern_id": row.id, "staff_id": ids["Priya Shah"]}
            await conn.execute(exclusions.insert().values(left_out))
        await priya.tap(f"Take {other[-4:]}")
        await priya.until("This changed nothing.")
        async with here.heard.store.read() as conn:
            assert (await concerns.by_reference(conn, [other]))[other] == row
