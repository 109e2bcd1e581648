"""The script's table drawn for readers: a Mermaid flowchart for each chapter, and a list of states.

Drawn from the table itself, so that it cannot say anything that the talk does not do. The wording
comes as an argument, as everything does that is read from a file.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.dialogue.lines import CHAPTERS
from bot.dialogue.script import ANYWHERE, ASKS, FOOT, LASTING
from bot.dialogue.table import BACK, GONE, HOME, STAY, Ask, Choice

Words = Callable[[str], str]  # a key of the wording to its sentence

WIDE: Final = 26  # characters of one line in a box
SAYS: Final = 3  # of the words that mean a choice, how many are shown
_PLACES: Final = {
    BACK: "where they were",
    GONE: "the end: nothing is kept",
    HOME: "home",
    STAY: "the same question",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """One way on from a state. Dashed: the state is not asked, but stepped over."""

    to: str
    label: str
    dashed: bool = False


def spoken(name: str) -> str:
    """The name of a condition or a list in words."""
    return name.replace("_", " ")


def means(choice: Choice, words: Words) -> str:
    """What is tapped, or the first words that are understood."""
    if choice.label:
        return words(choice.label)
    said = [one for key in choice.also for one in words(key).split("|")]
    return " / ".join(f"“{one}”" for one in said[:SAYS]) or choice.id


def edges(ask: Ask, words: Words) -> Iterator[Edge]:
    """What is drawn: buttons, listed names, own words, and what is stepped over."""
    if ask.listed:
        yield Edge(ask.listed.to, f"one of the {spoken(ask.listed.of)}")
    for choice in ask.choices:
        yield Edge(choice.to, _when(means(choice, words), choice.when))
    yield Edge(ask.typed.to, "own words")
    for guard, instead in ask.skip:
        yield Edge(instead, spoken(guard), dashed=True)


def _when(label: str, guard: str) -> str:
    return f"{label} (if {spoken(guard)})" if guard else label


def flowchart(asks: Mapping[str, Ask], words: Words) -> Iterator[str]:
    """One chapter. What leads back to the same question is left to the list."""
    yield "flowchart TD"
    outside: dict[str, str] = {}
    for name, ask in asks.items():
        yield f'  {_id(name)}["<b>{name}</b><br/>{_boxed(words(ask.prompt))}"]'
    for name, ask in asks.items():
        ways: dict[tuple[str, bool], list[str]] = {}
        for edge in edges(ask, words):
            if edge.to not in (STAY, name):
                ways.setdefault((edge.to, edge.dashed), []).append(edge.label)
        for (to, dashed), labels in ways.items():
            if to not in asks:
                outside[to] = _PLACES.get(to, to)
            arrow = "-.->" if dashed else "-->"
            label = "<br/>".join(_safe(one) for one in dict.fromkeys(labels))
            yield f'  {_id(name)} {arrow}|"{label}"| {_id(to)}'
    for to, shown in outside.items():
        yield f'  {_id(to)}(["{shown}"]):::elsewhere'
    yield "  classDef elsewhere fill:none,stroke-dasharray:3 3"


def _id(name: str) -> str:
    """A name that Mermaid takes for no word of its own."""
    letters = "".join(one if one.isalnum() else "_" for one in name)
    return f"to{letters}" if name in _PLACES else f"at_{letters}"


def _safe(text: str) -> str:
    """Nothing that Mermaid would read as its own."""
    for sign, instead in (("&", "&amp;"), ('"', "#quot;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, instead)
    return text.replace("{", "(").replace("}", ")")


def _boxed(sentence: str) -> str:
    return "<br/>".join(_safe(line) for line in textwrap.wrap(question(sentence), WIDE))


def question(text: str) -> str:
    """What is asked; of a text that asks nothing, its first sentence."""
    sentences = [
        one.strip()
        for line in text.splitlines()
        for one in line.replace("? ", "?\n").replace(". ", ".\n").splitlines()
        if one.strip()
    ]
    return next((one for one in sentences if one.endswith("?")), sentences[0])


# ---- the list ---------------------------------------------------------------------------------


def state(name: str, ask: Ask, words: Words) -> Iterator[str]:
    """Everything that one state says and understands."""
    yield f"{name}: {_flat(words(ask.prompt))}"
    for guard, key in ask.variants:
        yield f"  (if {spoken(guard)}) {_flat(words(key))}"
    for guard, instead in ask.skip:
        yield f"  not asked if {spoken(guard)}: goes to {instead}"
    if ask.listed:
        row = ask.listed
        yield f"  [one of the {spoken(row.of)}] {_leads(row.to)}{_doing(row.does)}"
    for choice in ask.choices:
        yield f"  [{means(choice, words)}] {_rest(choice)}"
    for choice in ask.spoken:
        yield f"  {means(choice, words)} {_rest(choice)}"
    yield f"  own words {_leads(ask.typed.to)}{_doing(ask.typed.does)}"


def _rest(choice: Choice) -> str:
    return _when(f"{_leads(choice.to)}{_doing(choice.does)}", choice.when)


def _leads(to: str) -> str:
    return f"→ {_PLACES.get(to, to)}"


def _doing(act: str) -> str:
    return f", does: {spoken(act)}" if act else ""


def _flat(text: str) -> str:
    return " ".join(text.split())


def everywhere(words: Words) -> Iterator[str]:
    """What holds in every state, said once."""
    yield "Under every question:"
    for choice in FOOT:
        yield f"  [{means(choice, words)}] {_rest(choice)}"
    yield "Understood at any moment, when typed or sent as a command:"
    for choice in ANYWHERE:
        yield f"  {means(choice, words)} {_rest(choice)}"
    yield "Buttons about one sent concern, that never expire:"
    for row in LASTING:
        states = ", ".join(sorted(one.value for one in row.states))
        yield f"  {row.choice} {_leads(row.to)}{_doing(row.does)} (while {states})"


def listing(words: Words) -> Iterator[str]:
    """The whole table as plain text."""
    yield from everywhere(words)
    for title, asks in chapters():
        yield ""
        yield f"== {title}"
        for name, ask in asks.items():
            yield ""
            yield from state(name, ask, words)


def chapters() -> Iterable[tuple[str, Mapping[str, Ask]]]:
    """Title and states of each chapter that asks something."""
    for one in CHAPTERS:
        title = " ".join((one.__doc__ or one.__name__).split("\n\n", maxsplit=1)[0].split())
        if one.ASKS:
            yield title.rstrip("."), one.ASKS


# ---- the page ---------------------------------------------------------------------------------

_HEAD: Final = """\
# The talk, drawn from its table

`heard script --out docs/script.md` writes this page, and a test holds it to the table. Boxes are
questions, arrows are buttons and own words, dashed arrows are questions that are not asked then.
Rounded boxes are in other chapters; “home” is where somebody without an open question is.
"""


def page(words: Words) -> Iterator[str]:
    """All of it in Markdown."""
    yield _HEAD
    yield f"{len(ASKS)} states. In every one of them:"
    yield ""
    yield from _fenced(everywhere(words))
    for title, asks in chapters():
        yield ""
        yield f"## {title}"
        yield ""
        yield from _fenced(flowchart(asks, words), "mermaid")
        yield ""
        yield "<details><summary>As a list</summary>"
        yield ""
        yield from _fenced(line for name, ask in asks.items() for line in state(name, ask, words))
        yield ""
        yield "</details>"


def _fenced(lines: Iterable[str], kind: str = "text") -> Iterator[str]:
    yield f"```{kind}"
    yield from lines
    yield "```"
