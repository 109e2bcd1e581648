"""Which messages stand in a private chat: told by every update, so that they can be cleared."""

import pytest

from bot.channel.polling import Polling
from bot.dialogue.inputs import Commanded, Forged, PressedDraft, Said
from storage.engine import Store
from tests.channel.test_parse import GROUP, message, tap, understood


@pytest.mark.parametrize(
    "content", [{"text": "help me"}, {"text": "/start"}, {"dice": {"emoji": "🎲", "value": 1}}]
)
def test_what_was_said_is_named_by_its_number(content):
    assert understood({"message": message(**content)}).said == (5,)


@pytest.mark.parametrize(
    "update",
    [
        {"edited_message": message(text="changed")},  # it was noted when it was said
        {"message": message(chat=GROUP, text="in a group")},
        {"message": message(pinned_message=message(text="x"))},
        {"message": message(chat=GROUP, text=7)},
        tap("p:1:send"),
        {"message": {"message_id": "5", "chat": {"id": 7}}},
    ],
)
def test_nothing_new_stands_in_the_private_chat(update):
    assert understood(update).said == ()


def test_a_message_that_cannot_be_understood_still_stands_there():
    assert understood({"message": message(text=7)}).said == (5,)


def test_a_button_about_the_draft_is_understood():
    assert understood(tap("d:no-nudge")).inputs == (PressedDraft("no-nudge"),)
    assert understood(tap("d:no nudge")).inputs == (Forged(),)


@pytest.mark.parametrize("name", ["concerns", "language", "mydata", "forget"])
def test_every_command_of_the_menu_is_a_command(name):
    assert understood({"message": message(text=f"/{name}")}).inputs == (Commanded(name),)


def test_words_after_a_command_that_ends_something_are_words():
    text = "/forget what they said"
    assert understood({"message": message(text=text)}).inputs == (Said(text),)
    kept = understood({"message": message(text="/concerns were raised before")}).inputs
    assert kept == (Commanded("concerns"), Said("were raised before"))


async def test_the_message_of_a_bad_day_is_noted_when_saving_works_again(
    people, bot, intake, ledger, running, url
):
    [sam] = await people.new()
    await ledger.store.close()
    running(Polling(bot, intake, poll_seconds=5))
    await people.say(sam, "one")
    await people.hears(1)
    ledger.store = await Store.open(url)
    await ledger.until(lambda: ledger.taken)
    fixed = people.world.sent[0]["message_id"]
    assert fixed in ledger.taken[0].said and len(ledger.taken[0].said) == 2
    await people.say(sam, "two")
    await ledger.until(lambda: len(ledger.taken) == 2)
    assert fixed not in ledger.taken[1].said
