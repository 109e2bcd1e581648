"""The rules of plain words, and a page of the hardest sentences: `python -m tests.wording.gate`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.casework import plain
from bot.casework.plain import FEW, HIGHEST_GRADE, LONGEST_SENTENCE, Term, sentences
from config.plain import HardWords, load, syllables
from tests.wording.said import NAMES, Said, labels, messages, shipped

# Reference/uk-rules.md, "NHS content rules" (20 words, 3 sentences), and our own for the rest.
WORDS = {"en": LONGEST_SENTENCE, "en-easy": 12}  # a sentence
CHARACTERS = 500  # a message
GRADE = {"en": HIGHEST_GRADE, "en-easy": 4.0}  # US school grade of a message
LEAP = {"en": 0.0, "en-easy": 2.0}  # grades that so short a message may be above the rest
LABEL = 30  # characters, so that it fits on a phone's button
CRISIS = 20  # words in a line of a crisis contact: a list, in which hours stand as well


def lists() -> HardWords:
    return load()


def faults(said: Said) -> Iterator[str]:
    """What is wrong with a message, each with its number. Languages whose grade and terms we cannot
    measure are held to lengths and calm alone."""
    if not said.helps and len(said.text) > CHARACTERS:
        yield f"{len(said.text)} characters"
    if "!" in said.text:
        yield "an exclamation mark"
    for paragraph, count in () if said.helps else plain.full_paragraphs(said.text):
        yield f"{count} sentences in: {paragraph}"
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
        if said.text.casefold().strip(" .") in lists().vague:
            yield "does not say what it does"


def graded(said: Said) -> float:
    return grade(said.text)


def grade(text: str) -> float:
    return plain.grade(text, syllables, NAMES)


def allowed_grade(said: Said) -> float:
    leap = LEAP[said.language] if len(said.text.split()) < FEW else 0.0
    return GRADE[said.language] + leap


def _long_sentences(said: Said) -> Iterator[str]:
    most = CRISIS if said.key.startswith("contact.") else WORDS[said.language]
    for one, count in plain.long_sentences(said.text, most):
        yield f"{count} words in: {one}"


def _banned(said: Said) -> Iterator[str]:
    terms = [Term(one.term, one.kind, one.advice) for one in lists().all]
    for term, _ in plain.banned(said.text, terms):
        if f"{said.key}:{term.term}" not in lists().allowed:
            yield f"{term.kind}: {term.term}"


def report(language: str) -> Iterator[str]:
    """How many sentences were looked at, the ten hardest, and the ten hardest messages."""
    said = messages(language)
    lines = {(one, each.key) for each in said for one in sentences(each.text)}
    buttons = len(labels(language))
    yield f"{language}: {len(lines)} sentences in {len(said)} messages, {buttons} labels"
    if language not in GRADE:
        return
    yield "the ten hardest sentences of ten words and more:"
    hard = sorted((grade(one), key, one) for one, key in lines if len(one.split()) >= 10)
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
