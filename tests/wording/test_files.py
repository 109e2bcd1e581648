"""Merging a language's files, and keeping its translations up with the English, lose nothing."""

from __future__ import annotations

import shutil

import pytest

from config import po
from config.wording import FOLDER, Wording, WordingError
from tests.wording import merge, update
from tests.wording.said import shipped


@pytest.fixture
def folder(tmp_path):
    """The real wording, in a place where it may be changed."""
    shutil.copytree(FOLDER, tmp_path / "wording")
    return tmp_path / "wording"


def test_merged_files_read_as_the_parts_did_and_merging_again_changes_nothing(folder):
    before = po.read(folder, "en")
    merge.main("en", folder)
    assert po.files(folder, "en") == [folder / "en.po"]
    assert po.read(folder, "en") == before
    text = (folder / "en.po").read_text(encoding="utf-8")
    merge.main("en", folder)
    assert (folder / "en.po").read_text(encoding="utf-8") == text


def test_merging_keeps_what_translators_are_told(folder):
    said = comments(folder)
    merge.main("en", folder)
    assert comments(folder) == said
    assert any(said.values())


def comments(folder):
    messages = [one for file in po.files(folder, "en") for one in merge.read(file)]
    return {one.id: " ".join(one.auto_comments) for one in messages}


def translated(folder, language):
    """A whole translation, such as it is."""
    update.main(language, folder)
    file = folder / f"{language}.po"
    catalogue = update.Catalog()
    merge.add(catalogue, file)
    source = update.english(folder)
    for message in catalogue:
        if message.id:
            message.string = source[message.id].string
    header = po.own_header(file) | {"Own-Name": "Xish"}
    file.write_text(merge.written(language, header, catalogue), encoding="utf-8")


def test_a_new_language_gets_every_key_with_its_english_and_does_not_start_until_it_is_done(folder):
    _, found = update.updated(folder, "gd")
    assert len(found["new"]) == len(Wording.load(folder).sentences)
    update.main("gd", folder)
    text = (folder / "gd.po").read_text(encoding="utf-8")
    assert "English: Urgent mental health help: call {number}." in text
    with pytest.raises(WordingError, match=r"contact\.emergency has no sentence"):
        Wording.load(folder, "gd")
    translated(folder, "gd")
    assert Wording.load(folder, "gd").sentences == Wording.load(folder).sentences


def test_a_translation_of_another_english_is_kept_but_not_shown(folder):
    translated(folder, "gd")
    assert update.updated(folder, "gd")[1] == {"new": [], "changed": [], "gone": []}
    file = folder / "en" / "contacts.po" if (folder / "en").is_dir() else folder / "en.po"
    said = file.read_text(encoding="utf-8")
    changed = said.replace("In danger now: call {number}.", "In danger: call {number}.")
    assert changed != said
    file.write_text(changed, encoding="utf-8")
    update.main("gd", folder)
    assert update.updated(folder, "gd")[1]["changed"] == ["contact.emergency"]
    assert "In danger now: call {number}." in (folder / "gd.po").read_text(encoding="utf-8")
    with pytest.raises(WordingError, match=r"contact\.emergency is marked fuzzy"):
        Wording.load(folder, "gd")


@pytest.mark.parametrize("language", [one for one in shipped() if one != "en"] or ["none"])
def test_every_shipped_translation_is_of_the_english_as_it_is_now(language):
    """If not: python -m tests.wording.update LANGUAGE, then look at what it calls fuzzy."""
    if language == "none":
        pytest.skip("only English is shipped yet")
    assert update.updated(FOLDER, language)[1] == {"new": [], "changed": [], "gone": []}
