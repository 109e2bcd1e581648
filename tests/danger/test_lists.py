"""The lists are data that people review: what is wrong in them is found at the start."""

import pytest

from bot.dialogue.danger import Lexicon
from bot.dialogue.danger_grams import BUCKETS, Grams
from config import danger

WHOLE = "\n".join(f"[{part}]\nall = ['word']" for part in danger.PARTS_OF_DANGER)


def written(folder, text):
    (folder / "en.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_lists_of_heard_are_sound():
    lexicon = Lexicon.of(danger.load("en"), danger.weights("en"))
    assert not lexicon.empty and lexicon.grams


@pytest.mark.parametrize(
    ("extra", "fault"),
    [
        ("[levels]\nhigh = ['die']", "levels: there is no such part."),
        ("[mask]\nall = 'die'", "mask.all: must be a list of lines."),
        ("[mask]\nall = ['a', 'a']", "mask.all: 'a' is there twice."),
        ("[mask]\nall = [' ']", "mask.all: a line is empty."),
        (f"[mask]\nall = ['{'a ' * 300}']", "is too long."),
        ("[mask", "en.toml: "),
    ],
)
def test_a_fault_in_the_lists_is_named(tmp_path, extra, fault):
    with pytest.raises(danger.DangerListsError) as wrong:
        danger.load("en", written(tmp_path, f"{WHOLE}\n{extra}"))
    assert fault in str(wrong.value)


def test_a_list_without_a_part_is_refused(tmp_path):
    with pytest.raises(danger.DangerListsError, match=r"danger: is missing\."):
        danger.load("en", written(tmp_path, "[past]\nall = ['ago']"))


@pytest.mark.parametrize("line", ["want {nobody}", "Die", "..2 die", "?perhaps", "want d!e"])
def test_a_pattern_that_cannot_be_read_is_refused(line):
    with pytest.raises(ValueError, match=r"."):
        Lexicon.of({"danger": {"all": (line,)}})


def test_a_word_spelt_for_two_things_is_refused():
    spelling = {"die": ("dy",), "dry": ("dy",)}
    with pytest.raises(ValueError, match="two things"):
        Lexicon.of({"spelling": spelling, "danger": {"all": ("die",)}})


def test_weights_of_another_size_are_refused():
    with pytest.raises(ValueError, match=str(BUCKETS)):
        Grams.of({"weights": "0000", "bias": "0", "least": "0", "doubt": "0"}, {})


def test_half_a_file_of_weights_is_refused(tmp_path):
    (tmp_path / "en.weights.toml").write_text("bias = '1'", encoding="utf-8")
    with pytest.raises(danger.DangerListsError, match=r"doubt, least, weights is missing\."):
        danger.weights("en", tmp_path)


def test_the_weights_are_small():
    assert (danger.FOLDER / "en.weights.toml").stat().st_size < 300_000
