"""The picture of the talk says what the table says, no more and no less."""

from __future__ import annotations

import re

import pytest

from bot.cli.script import made
from bot.dialogue.diagram import chapters, edges, flowchart, question
from bot.dialogue.script import ANYWHERE, ASKS, FOOT
from bot.dialogue.table import BACK, GONE, HOME, STAY
from tests.cli.conftest import ROOT
from tests.dialogue.phone import WORDING

PAGE = ROOT / "docs" / "script.md"


def words(key):
    return WORDING.sentences[key]


def test_the_page_in_the_docs_is_what_the_command_makes_now():
    assert PAGE.read_text(encoding="utf-8") == made(as_page=True), "run: make script"


def test_every_state_is_in_one_chapter():
    names = [name for _, asks in chapters() for name in asks]
    assert sorted(names) == sorted(ASKS)


@pytest.mark.parametrize("as_page", [True, False])
def test_every_choice_and_every_way_is_named(as_page):
    text = made(as_page=as_page)
    for ask in ASKS.values():
        for choice in (*ask.choices, *FOOT, *ANYWHERE):
            assert not choice.label or words(choice.label) in text
    for to in {edge.to for ask in ASKS.values() for edge in edges(ask, words)} & set(ASKS):
        assert f"→ {to}" in text or f"goes to {to}" in text


def test_every_way_on_is_drawn():
    for _, asks in chapters():
        drawn = "\n".join(flowchart(asks, words))
        for name, ask in asks.items():
            ways = {edge.to for edge in edges(ask, words)} - {STAY, name}
            box = f"at_{name.replace('-', '_')}"
            arrows = re.findall(rf"^  {box} (?:-->|-\.->)\|.*\| (\w+)$", drawn, re.MULTILINE)
            assert len({*arrows}) == len(ways), name
            assert drawn.count(f'  {box}["<b>{name}</b>') == 1


def test_no_label_breaks_the_drawing():
    for _, asks in chapters():
        for line in flowchart(asks, words):
            assert line.count('"') in (0, 2), line
            assert not re.search(r"[{}]", line), line


def test_the_question_of_a_text_is_what_it_asks():
    assert question("Saved.\n\nWhat is it about? Choose.") == "What is it about?"
    assert question("Nothing waits. Write to me.") == "Nothing waits."


def test_no_state_is_called_like_a_place_to_go():
    assert not {BACK, GONE, HOME, STAY} & set(ASKS)
