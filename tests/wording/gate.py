"""The rules of plain words, and a page of the hardest sentences: `python -m tests.wording.gate`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.wording.reading import grade, sentences
from tests.wording.said import NAMES, Said, labels, messages, shipped

# Reference/uk-rules.md, "NHS content rules" (20 words, 3 sentences), and our own for the rest.
WORDS = {"en": 20, "en-easy": 12}  # a sentence
SENTENCES = 3  # a paragraph
CHARACTERS = 500  # a message
GRADE = {"en": 6.0, "en-easy": 4.0}  # US school grade of a message
FEW = 12  # words, below which the formula leaps with every syllable
LEAP = {"en": 0.0, "en-easy": 2.0}  # grades that so short a message may be above the rest
LABEL = 30  # characters, so that it fits on a phone's button
CRISIS = 20  # words in a line of a crisis contact: a list, in which hours stand as well


@cache
def lists() -> dict[str, list[str]]:
    found = tomllib.loads(Path(__file__).with_name("plain.toml").read_text(encoding="utf-8"))
    allowed = found.pop("allowed", [])
    return found | {"allowed": [f"{one['key']}:{one['term']}" for one in allowed if one["why"]]}


def faults(said: Said) -> Iterator[str]:
    """What is wrong with a message, each with its number. Languages whose grade and terms we cannot
    measure are held to lengths and calm alone."""
    if not said.helps and len(said.text) > CHARACTERS:
        yield f"{len(said.text)} characters"
    if "!" in said.text:
        yield "an exclamation mark"
    for paragraph in re.split(r"\n\n|\n(?=\u200f?•)", said.text):
        if not said.helps and len(sentences(paragraph)) > SENTENCES:
            yield f"{len(sentences(paragraph))} sentences in: {paragraph}"
    if said.language in GRADE:
        yield from _long_sentences(said)
        yield from _banned(said)
        if said.key != "help.block" and graded(said) > allowed_grade(said):
            yield f"grade {graded(said):.1f}"


def label_faults(said: Said) -> Iterator[str]:
    if len(said.text) > LABEL:
        yield f"{len(said.text)} characters"
    if "!" in said.text:
        yield "an exclamation mark"
    if said.language in GRADE:
        yield from _banned(said)
        if said.text.casefold().strip(" .") in lists()["vague"]:
            yield "does not say what it does"


def graded(said: Said) -> float:
    return grade(said.text, NAMES)


def allowed_grade(said: Said) -> float:
    leap = LEAP[said.language] if len(said.text.split()) < FEW else 0.0
    return GRADE[said.language] + leap


def _long_sentences(said: Said) -> Iterator[str]:
    most = CRISIS if said.key.startswith("contact.") else WORDS[said.language]
    for one in sentences(said.text):
        if len(one.split()) > most:
            yield f"{len(one.split())} words in: {one}"


def _banned(said: Said) -> Iterator[str]:
    for kind, terms in lists().items():
        if kind not in {"vague", "allowed"}:
            for term in terms:
                found = re.search(rf"\b{re.escape(term)}s?\b", said.text, re.IGNORECASE)
                if found and f"{said.key}:{term}" not in lists()["allowed"]:
                    yield f"{kind}: {term}"


def report(language: str) -> Iterator[str]:
    """How many sentences were looked at, the ten hardest, and the ten hardest messages."""
    said = messages(language)
    lines = {(one, each.key) for each in said for one in sentences(each.text)}
    buttons = len(labels(language))
    yield f"{language}: {len(lines)} sentences in {len(said)} messages, {buttons} labels"
    if language not in GRADE:
        return
    yield "the ten hardest sentences of ten words and more:"
    hard = sorted((grade(one, NAMES), key, one) for one, key in lines if len(one.split()) >= 10)
    yield from (f"  {value:4.1f}  {key}: {one}" for value, key, one in reversed(hard[-10:]))
    yield "the ten longest sentences:"
    long = sorted((len(one.split()), key, one) for one, key in lines)
    yield from (f"  {value:4}  {key}: {one}" for value, key, one in reversed(long[-10:]))
    yield "the ten hardest messages:"
    whole = sorted((graded(one), one.key) for one in said if not one.helps)
    yield from (f"  {value:4.1f}  {key}" for value, key in reversed(whole[-10:]))


def main() -> None:
    for language in shipped():
        print("\n".join(report(language)))
        checked = [(one, faults(one)) for one in messages(language)]
        checked += [(one, label_faults(one)) for one in labels(language)]
        for one, found in checked:
            for fault in found:
                print(f"  FAULT {one.key}: {fault}")


if __name__ == "__main__":
    main()
