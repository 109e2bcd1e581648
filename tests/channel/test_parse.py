"""What the bot understands of an update: every kind has an answer, and none can stop the others."""

import pytest
from telegram import Message, Update

from bot.channel import content, parse
from bot.dialogue.inputs import (
    Attached,
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    Left,
    OpenNews,
    Pressed,
    PressedAbout,
    Returned,
    Said,
    SetAside,
    Unreadable,
)
from bot.turns.arrival import StaffTap

CHAT = {"id": 700123456, "type": "private", "first_name": "Sam"}
GROUP = {"id": -100200300, "type": "supergroup", "title": "Ward 3"}
SAM = {"id": 700123456, "is_bot": False, "first_name": "Sam"}
BOT = {"id": 1000001, "is_bot": True, "first_name": "Heard"}
HEX = "0123456789abcdef" * 2


def message(chat=CHAT, **fields):
    return {"message_id": 5, "date": 1764000000, "chat": chat, "from": SAM, **fields}


def tap(data, **fields):
    query = {"id": "99", "from": SAM, "chat_instance": "1", "data": data, "message": message()}
    return {"update_id": 1, "callback_query": query | fields}


def understood(update):
    return parse.parse({"update_id": 1, **update})


def said(text, **fields):
    return understood({"message": message(text=text, **fields)}).inputs


def member(status, chat=CHAT):
    old, new = ({"user": BOT, "status": one} for one in ("member", status))
    if status == "kicked":
        new["until_date"] = 0
    change = {"chat": chat, "from": SAM, "date": 1, "old_chat_member": old, "new_chat_member": new}
    return {"my_chat_member": change}


def test_words_come_through_unaltered():
    words = "  They shouted.\n\nשלום 👩‍👩‍👧 " + "x" * 4000
    assert said(words) == (Said(words),)


def test_forwarded_words_are_words():
    origin = {"type": "hidden_user", "sender_user_name": "A nurse", "date": 1}
    assert said("we are full", forward_origin=origin) == (Said("we are full"),)


@pytest.mark.parametrize("text", ["", "   \n", "\u200b\u200d\ufeff", "\u2800\u3164", "\ufe0f"])
def test_text_that_shows_nothing_is_named_empty(text):
    assert said(text) == (Unreadable("empty"),)


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("/start", (Commanded("start"),)),
        ("/start ward3-A_b", (Commanded("start", "ward3-A_b"),)),
        ("/Help@heard_bot", (Commanded("help"),)),
        ("/stop", (Commanded("stop"),)),
        ("/link ABCD EFGH", (Commanded("link", "ABCD EFGH"),)),
        ("/link", (Commanded("link"),)),
        ("/other words", (Said("/other words"),)),
        ("/", (Said("/"),)),
        ("and/or", (Said("and/or"),)),
    ],
)
def test_commands_of_ours_are_commands_and_others_are_words(text, inputs):
    assert said(text) == inputs


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("/start my nurse shouted", (Commanded("start"), Said("my nurse shouted"))),
        ("/help I want to die", (Commanded("help"), Said("I want to die"))),
        ("/stop hurting me", (Said("/stop hurting me"),)),
    ],
)
def test_words_typed_after_a_command_are_not_lost(text, inputs):
    assert said(text) == inputs


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("sticker", {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1,
                     "height": 1, "is_animated": False, "is_video": False}),
        ("location", {"latitude": 1.0, "longitude": 2.0}),
        ("contact", {"phone_number": "1", "first_name": "A"}),
        ("dice", {"emoji": "🎲", "value": 1}),
    ],
)  # fmt: skip
def test_what_is_not_words_is_named(kind, value):
    assert understood({"message": message(**{kind: value})}).inputs == (Unreadable(kind),)


FILE = {"file_id": "a-ticket", "file_unique_id": "b", "file_size": 4711}
LENGTH = {"duration": 1}
SCREEN = {"width": 2, "height": 2}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("voice", LENGTH),
        ("audio", LENGTH),
        ("document", {"file_name": "letter.pdf"}),
        ("video", LENGTH | SCREEN),
        ("video_note", LENGTH | {"length": 2}),
        ("animation", LENGTH | SCREEN),
    ],
)
def test_a_file_comes_with_its_ticket_and_its_size(kind, more):
    sent = {kind: FILE | more}
    if kind == "animation":
        sent["document"] = FILE
    assert understood({"message": message(**sent)}).inputs == (Attached(kind, "a-ticket", 4711),)
    bare = {kind: {name: value for name, value in (FILE | more).items() if name != "file_size"}}
    assert understood({"message": message(**bare)}).inputs == (Attached(kind, "a-ticket"),)


def test_of_a_photo_the_largest_is_kept_after_its_caption():
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": width, "height": 3, "file_size": width}
        for name, width in (("small", 1), ("largest", 9), ("middle", 4))
    ]
    arrival = understood({"message": message(photo=sizes, caption="the bruise")})
    assert arrival.inputs == (Said("the bruise"), Attached("photo", "largest", 9))


@pytest.mark.parametrize(
    "voice",
    [FILE | LENGTH | {"file_size": "big"}, {"duration": 1}, "x"],
)
def test_a_file_without_a_ticket_is_set_aside(voice):
    assert understood({"message": message(voice=voice)}).inputs == (SetAside(),)


def test_a_kind_of_content_from_the_future_gets_an_answer():
    assert understood({"message": message(hologram={"x": 1})}).inputs == (Unreadable("unknown"),)


# The library's own deprecation, met inside its own parsing.
@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
def test_service_messages_say_nothing_but_their_ids_are_known():
    arrival = understood({"message": message(message_auto_delete_timer_changed={
        "message_auto_delete_time": 86400})})  # fmt: skip
    assert (arrival.inputs, arrival.update_id) == ((), 1)


def test_an_edit_with_words_is_an_edit_and_a_moving_location_is_nothing():
    edited = understood({"edited_message": message(text="I meant Tuesday", edit_date=2)})
    moving = understood({"edited_message": message(location={"latitude": 1.0, "longitude": 2.0})})
    assert edited.inputs == (Edited("I meant Tuesday"),)
    assert moving.inputs == ()


@pytest.mark.parametrize(
    ("data", "given"),
    [
        ("p:7:send", Pressed(7, "send")),
        (f"a:{HEX}:not-really", PressedAbout(HEX, "not-really")),
        (f"n:{HEX}", OpenNews(HEX)),
        ("p:-1:send", Forged()),
        ("p:07:send", Forged()),
        ("p:٣:send", Forged()),
        ("p:99999999999999999999:send", Forged()),
        ("p:1:sen d", Forged()),
        (f"a:{HEX[1:]}:yes", Forged()),
        (f"n:{HEX}\n", Forged()),
        ("", Forged()),
        ("drop table", Forged()),
    ],
)
def test_buttons_are_ours_or_forged(data, given):
    arrival = parse.parse(tap(data))
    assert arrival.inputs == (given,)
    assert (arrival.chat_id, arrival.callback_id, arrival.message_id) == (CHAT["id"], "99", 5)


@pytest.mark.parametrize(
    ("data", "tapped"),
    [
        ("s:H-7K3P-0000:take", StaffTap("H-7K3P-0000", "take")),
        ("s:D-7K3P-0000:higher", StaffTap("D-7K3P-0000", "higher")),
        ("s:h-7k3p-0000:take", None),
        ("s:H-7K3P-0000:take:more", None),
        ("s:H-7K3P-0000:\n", None),
        (f"s:{HEX}:take", None),
        ("p:3:send", None),
    ],
)
def test_a_button_of_staffs_is_forged_for_everybody_else(data, tapped):
    arrival = parse.parse(tap(data))
    assert arrival.tap == tapped
    assert data.startswith("p:") or arrival.inputs == (Forged(),)


def test_in_a_group_no_button_is_staffs():
    arrival = parse.parse(tap("s:H-7K3P-0000:take", message=message(GROUP)))
    assert (arrival.tap, arrival.inputs) == (None, (Elsewhere(),))


def test_a_button_under_a_message_too_old_to_see_still_counts():
    old = {"chat": CHAT, "message_id": 5, "date": 0}
    assert parse.parse(tap("p:1:yes", message=old)).inputs == (Pressed(1, "yes"),)


def test_a_button_without_a_message_is_not_ours_and_its_person_is_answered():
    update = tap("p:1:yes", inline_message_id="x")
    del update["callback_query"]["message"]
    arrival = parse.parse(update)
    assert (arrival.chat_id, arrival.inputs) == (CHAT["id"], (Forged(),))


def test_groups_and_channels_are_elsewhere():
    channel = {"id": -100555, "type": "channel", "title": "News"}
    for update in (
        {"message": message(GROUP, text="/start")},
        {"channel_post": message(channel, text="hello")},
        member("member", GROUP),
        tap("p:1:yes", message=message(GROUP)),
    ):
        arrival = understood(update)
        assert arrival.inputs == (Elsewhere(),)
        assert arrival.chat_id < 0


def test_being_put_out_of_a_group_is_no_reason_to_write_to_it():
    assert understood(member("left", GROUP)).inputs == ()


def test_blocking_and_coming_back_are_told_apart():
    assert understood(member("kicked")).inputs == (Left(),)
    assert understood(member("member")).inputs == (Returned(),)


def test_kinds_that_we_ignore_have_an_id_and_no_input():
    for kind in (*sorted(parse.IGNORED), "something_from_the_future"):
        arrival = parse.parse({"update_id": 8, kind: {}})
        assert arrival.update_id == 8
        assert arrival.inputs in ((), (SetAside(),))


def test_every_kind_that_the_library_knows_is_wanted_or_ignored_by_name():
    assert set(Update.ALL_TYPES) <= set(parse.WANTED) | parse.IGNORED


def test_every_field_asked_of_a_message_exists():
    known = {name for cls in Message.__mro__ for name in getattr(cls, "__slots__", ())}
    assert {*content.NOT_WORDS, *content.NOTHING_SAID} <= known


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"chat": CHAT, "text": "no date, no id"}},
        {"message": message(text={"not": "text"})},
        {"message": message(text="half a pair \ud83d")},
        {"message": message(CHAT, text="x", entities="no list")},
        {"message": [message(text="x")]},
        {"message": message({"id": "seven", "type": "private"}, text="x")},
        {"message": message({"id": 10**30, "type": "private"}, text="x")},
        {"callback_query": {"id": "99", "from": SAM, "data": 5, "message": message()}},
        {"my_chat_member": {"chat": CHAT}},
    ],
)
def test_what_cannot_be_read_is_set_aside_with_the_chat_if_that_can(broken):
    arrival = understood(broken)
    assert arrival.inputs == (SetAside(),)
    assert arrival.chat_id in (CHAT["id"], None)
    assert arrival.raw


def test_a_broken_update_still_says_whom_to_answer():
    assert understood({"message": {"chat": CHAT, "text": "x"}}).chat_id == CHAT["id"]
    assert understood({"message": [1]}).chat_id is None


@pytest.mark.parametrize(
    "thing", [None, [], "update", {}, {"update_id": "1"}, {"update_id": True}, {"update_id": 2**70}]
)
def test_what_has_no_id_is_not_an_update(thing):
    assert parse.parse(thing) is None


def test_no_words_and_no_chat_are_logged(caplog):
    understood({"message": message(CHAT, text="secret words", entities="no list")})
    assert caplog.records
    assert "secret" not in caplog.text
    assert str(CHAT["id"]) not in caplog.text
