"""What the bot can open is sent at once, in one file, in its place among the messages."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.inputs import Attached
from tests.turns.world import NOW

ANN, BEN = 701, 702
DAY = timedelta(days=1)


async def asks(world, chat):
    await world.commands(chat, "mydata")
    return await world.taps(chat, "Get my data")


def file_of(seen):
    [file] = [one.file for one in seen if one.file]
    return file


async def test_the_file_comes_after_its_line_and_before_the_next_question(world):
    await world.says(ANN, "My leave was stopped.")
    seen = await asks(world, ANN)
    assert [bool(one.file) for one in seen] == [False, True, False]
    assert (seen[0].text, seen[1].text) == ("Here is what I can open.", "Here is the file.")


async def test_it_holds_what_is_not_sent_in_order_and_who_is_kept_out(world):
    await world.says(ANN, "My leave was stopped.", "Twice.", "Nobody said why.")
    await world.taps(ANN, "Send", "Rowan Ward", "Yes, choose")
    await world.says(ANN, "Dave Palmer")
    file = file_of(await asks(world, ANN))
    places = [file.index(one) for one in ("My leave was stopped.", "Twice.", "Nobody said why.")]
    assert places == sorted(places)
    assert "Which place: Rowan Ward" in file
    assert "Dave Palmer" in file
    assert str(ANN) in file
    assert "You first wrote to me on Wednesday 25 November 2026." in file


async def test_it_says_where_sent_ones_stand_and_that_their_words_are_locked(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    file = file_of(await asks(world, ANN))
    assert f"{row.reference}, sent on Wednesday 25 November." in file
    assert "The night nurse shouted." not in file
    assert "Only staff can." in file


async def test_it_holds_what_waits_to_be_read(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    await world.answers("Dave Palmer", row.reference, "We spoke with her.")
    await world.hears(ANN)
    assert "We spoke with her." in file_of(await asks(world, ANN))


async def test_files_are_named_by_kind_not_by_content(world):
    await world.turns.take([world.arrival(ANN, Attached("voice", "ticket", 5_000))])
    assert "A file: voice message. It is not kept yet." in file_of(await asks(world, ANN))


async def test_nobody_elses_words_are_in_it(world):
    await world.says(BEN, "Ben's own words.")
    await world.says(ANN, "Ann's own words.")
    assert "Ben" not in file_of(await asks(world, ANN))


async def test_somebody_new_gets_a_file_that_says_so(world):
    file = file_of(await asks(world, ANN))
    assert file.count("Nothing.") == 3


async def test_a_request_is_dated_and_is_not_made_twice(world):
    row = await world.sends(ANN, "The night nurse shouted.")
    first = await asks(world, ANN)
    assert any("Friday 25 December" in one.text for one in first)
    assert (await world.row(row.reference)).data_due == "2026-12-25"
    world.clock.move_to(NOW + 3 * DAY)
    second = await asks(world, ANN)
    assert any("I asked staff before" in one.text for one in second)
    assert (await world.row(row.reference)).data_due == "2026-12-25"
    assert f"{row.reference}: staff have until Friday 25 December" in file_of(second)
