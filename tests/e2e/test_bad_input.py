"""Whatever comes in: it is answered where somebody waits, nothing of it is lost, nothing breaks."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator

import pytest
from colleague import Colleague, exported, said
from heard_process import Heard
from people import Phone, Street, until
from strange import FORGED, NOBODY_ASKS, SILENT, WORDS, homeless, poison
from town import Town, buttons, receipt, send, set_aside, taken_in, town

WELCOME = "Hello. I am a bot."
STALE = "That button is from before. Nothing has changed."


@pytest.fixture(scope="module", params=[False, True], ids=["polling", "webhook"])
def here(
    request: pytest.FixtureRequest, installed: Heard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("strange")
    with town(folder, installed, webhook=request.param) as made:
        yield made
        # Of everything that the tests of this file did.
        assert made.heard.stop() == 0
        assert made.leaks() == []


async def more_than(phone: Phone, before: int) -> bool:
    return len(await phone.heard()) > before


async def newcomers(street: Street, names) -> dict[str, Phone]:
    return {name: await street.newcomer(f"Person {place}") for place, name in enumerate(names)}


async def test_words_in_every_shape_come_to_staff_exactly_as_they_were_sent(here: Town) -> None:
    here.said |= {words for words in WORDS.values() if len(words) > 1}
    async with here.street() as street:
        phones = await newcomers(street, WORDS)

        async def tell(name: str) -> str:
            await phones[name].do("say", text=WORDS[name], raw=True)
            return await send(phones[name])

        references = await asyncio.gather(*map(tell, WORDS))
    found = {one["reference"]: said(one) for one in exported(here.heard, "Sam Lindqvist")}
    got = {name: found[reference] for name, reference in zip(WORDS, references, strict=True)}
    assert got == {name: [words] for name, words in WORDS.items()}


async def test_forty_messages_in_a_row_are_one_concern_in_order(here: Town) -> None:
    words = [f"message {number} of forty in a row" for number in range(40)]
    here.said |= set(words)
    async with here.street() as street:
        phone = await street.newcomer("Hurried")
        actions = [{"person": phone.person, "do": "say", "text": one} for one in words]
        async with street.http.post(f"{street.url}/batch", json={"actions": actions}) as answer:
            assert answer.status == 200
        await taken_in(street)
        reference = await send(phone)
    found = {one["reference"]: said(one) for one in exported(here.heard, "Sam Lindqvist")}
    assert found[reference] == words


async def test_what_is_not_words_gets_an_answer_that_says_so(here: Town) -> None:
    async with here.street() as street:
        phones = await newcomers(street, SILENT)

        async def act(name: str) -> None:
            action, told = SILENT[name]
            await phones[name].do(action["do"], **{k: v for k, v in action.items() if k != "do"})
            await phones[name].until(told)
            assert (await phones[name].heard())[0].startswith(WELCOME)

        await asyncio.gather(*map(act, SILENT))


async def test_captions_forwarded_and_edited_words_are_kept(here: Town) -> None:
    words = ["on the photo", "what a friend wrote", "before it was changed", "after it was changed"]
    here.said |= set(words)
    async with here.street() as street:
        phone = await street.newcomer("Many ways")
        await phone.do("attach", kind="photo", caption=words[0])
        await phone.until("I will keep this with your words.")
        await phone.do("say", text=words[1], forward_from="A friend")
        first = await phone.do("say", text=words[2])
        await phone.do("edit", message_id=first["message_id"], text=words[3])
        await phone.until("You changed a message. I kept both versions.")
        reference = await send(phone)
    found = {one["reference"]: said(one) for one in exported(here.heard, "Sam Lindqvist")}
    assert found[reference] == words


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_elsewhere_than_in_private_nothing_is_kept_and_that_is_said(
    here: Town, kind: str
) -> None:
    here.said.add("said before everybody")
    async with here.street() as street:
        phone = await street.newcomer("Among others")
        made = await street.http.post(
            f"{street.url}/groups",
            json={"title": "Everybody", "kind": kind, "members": [phone.person]},
        )
        chat_id = (await made.json())["id"]
        here.chats.add(chat_id)
        drafts = here.count("draft_parts")
        await phone.do("say", text="said before everybody", chat_id=chat_id)

        async def told() -> set[str]:
            return {one["text"] for one in await street.sent() if one["chat_id"] == chat_id}

        async def answered() -> bool:
            return bool(await told())

        await until(answered)
        answers = await told()
        assert all(one.startswith("I do not keep messages from groups") for one in answers)
        assert here.count("draft_parts") == drafts
        assert await phone.heard() == []


async def test_forged_buttons_change_nothing_and_are_answered(here: Town) -> None:
    words = ["before the forgery", "after the forgery"]
    here.said |= set(words)
    references: list[str] = []
    async with here.street() as street:
        phones = await newcomers(street, FORGED)

        async def forge(data: str) -> None:
            phone = phones[data]
            await phone.say(words[0])
            message = await phone.until("Tap Send when you are ready.")
            await phone.do("tap", message_id=message["id"], data=data, forge=True)
            told = "I no longer have that message" if data.startswith("n:") else STALE
            await phone.until(told)
            assert not any("Your reference is" in one for one in await phone.heard())
            await phone.say(words[1])
            references.append(await send(phone))

        await asyncio.gather(*map(forge, FORGED))
    found = {one["reference"]: said(one) for one in exported(here.heard, "Sam Lindqvist")}
    assert [found[reference] for reference in references] == [words] * len(FORGED)


async def test_a_doubled_tap_and_a_doubled_update_count_once(here: Town) -> None:
    here.said |= {"said once", "sent once"}
    async with here.street() as street:
        phone = await street.newcomer("Trembling")
        await street.control("duplicates", count=1)
        await phone.say("said once")
        await phone.until("Tap Send when you are ready.")
        await phone.say("sent once")
        await phone.tap("Send")
        await phone.tap("Not sure")
        button = await phone.until("Should anyone be kept from seeing this?")
        data = next(one[2] for one in await buttons(phone) if one[1] == "No, send it")
        tap = {"person": phone.person, "do": "tap", "message_id": button["id"], "data": data}
        await street.http.post(f"{street.url}/batch", json={"actions": [tap, tap, tap]})
        reference = await receipt(phone)
        await phone.until(STALE)
        assert sum("Your reference is" in one for one in await phone.heard()) == 1
    found = Counter(tuple(said(one)) for one in exported(here.heard, "Sam Lindqvist"))
    assert found[("said once", "sent once")] == 1
    assert reference


async def test_another_persons_buttons_do_nothing_and_tell_nothing(here: Town) -> None:
    here.said.add("only mine to take back")
    async with here.street() as street:
        owner, stranger = await street.newcomer("Owner"), await street.newcomer("Stranger")
        await owner.say("only mine to take back")
        reference = await send(owner, "Rowan ward")
        priya = await Colleague.sign_in(here.heard.console_url, "Priya Shah")
        await priya.acknowledge(reference)
        await priya.close()
        held = here.column("outbox", "held_id")
        concern = next(one[2][2:34] for one in await buttons(owner) if one[2].startswith("a:"))
        choices = ("add", "take-back", "yes", "not-really", "reopen")
        tried = [f"a:{concern}:{choice}" for choice in choices] + [f"n:{one}" for one in held]
        before, kept = await owner.heard(), here.column("concerns", "id || state || version")

        await stranger.start()
        message = await stranger.until(WELCOME)
        for data in tried:
            heard = len(await stranger.heard())
            await stranger.do("tap", message_id=message["id"], data=data, forge=True)
            await until(lambda before=heard: more_than(stranger, before))
        await taken_in(street)
        assert not any(reference in one for one in await stranger.heard())
        assert (await owner.heard())[: len(before)] == before
        assert not any("took back" in one for one in await owner.heard())
        assert here.column("concerns", "id || state || version") == kept
        assert held
        assert here.column("outbox", "held_id") == held


async def test_what_cannot_be_read_is_set_aside_and_its_person_is_answered(here: Town) -> None:
    here.said.add("quietly swallowed")
    async with here.street() as street:
        bad = [(await street.newcomer("P"), number) for number in range(len(poison(0)))]
        well = await street.newcomer("Well")
        aside, alarms = here.count("quarantine"), here.count("alarms")
        for phone, number in bad:
            await phone.start()
            await phone.until(WELCOME)
            update = poison(phone.person)[number]
            await street.control("update", update=update, chat_id=phone.person)
        for update in homeless():
            await street.control("update", update=update)
        await well.say("still heard beside them")
        await well.until("Tap Send when you are ready.")
        await taken_in(street)
        for phone, _ in bad:
            await phone.until("It is set aside safely and is not lost.")
    read = [one for one in homeless() if one not in NOBODY_ASKS]
    assert here.count("quarantine") - aside == len(bad) + len(read)
    assert here.count("alarms") - alarms == len(bad) + len(read)
    kept = [json.loads(one["update"]) for one in set_aside(here.heard)]
    for one in kept:
        del one["update_id"]
    assert all(poison(phone.person)[number] in kept for phone, number in bad)
    assert all(one in kept for one in read)
