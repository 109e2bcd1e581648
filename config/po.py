"""What a .po file of ours holds: sentences by key, and how its language is written.

A language is one file, `<language>.po`; while several people write at once it may be a folder of
files instead, or both.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po

_OURS: Final = re.compile(r'^"X-Heard-([A-Za-z-]+): (.*?)\s*\\n"$', re.MULTILINE)
_KEY: Final = re.compile(r'^msgid "(.+)"', re.MULTILINE)


class WordingError(Exception):
    """Our own wording is wrong: a key, a value or a file is missing or doubled. Trying again
    changes nothing; each line of the text is one fault."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a language is written, from the header lines of its file that begin with X-Heard-.

    `date`, `hour` and `time` are patterns of Babel (CLDR, date format patterns).
    """

    own_name: str = ""  # what speakers call it: a language is chosen from a list of these
    checked: str = "yes"  # "no" until a native reader has read all of it
    direction: str = "ltr"
    locale: str = ""  # whose names of days and months; empty: that of the language
    date: str = "EEEE d MMMM"  # "Wednesday 25 November": no year, so that it can be said aloud
    hour: str = "ha"  # a full hour, "9am"
    time: str = "h:mma"  # any other, "9:30am"

    @property
    def right_to_left(self) -> bool:
        return self.direction == "rtl"


def files(folder: Path, language: str) -> list[Path]:
    """The files of a language, in an order that never changes."""
    one = folder / f"{language}.po"
    return [one] * one.is_file() + sorted((folder / language).glob("*.po"))


def shipped(folder: Path) -> list[str]:
    """Every language that has wording."""
    names = {one.stem for one in folder.glob("*.po")}
    names |= {one.name for one in folder.iterdir() if one.is_dir() and any(one.glob("*.po"))}
    return sorted(names)


def read(folder: Path, language: str) -> tuple[dict[str, str], Manner]:
    """All sentences of a language and how it is written. Raises WordingError naming each fault."""
    found = files(folder, language)
    if not found:
        raise WordingError(f"There is no wording for {language!r}.")
    sentences: dict[str, str] = {}
    header: dict[str, str] = {}
    problems: list[str] = []
    for file in found:
        for key, sentence in _sentences(file, problems):
            if key in sentences:
                problems.append(f"{file.name}: {key} is already in another file.")
            sentences[key] = sentence
        for name, value in own_header(file).items():
            if header.setdefault(name, value) != value:
                problems.append(f"{file.name}: X-Heard-{name} differs from another file.")
    manner = _manner(language, header, problems)
    if problems:
        raise WordingError("\n".join(problems))
    return sentences, manner


def own_header(file: Path) -> dict[str, str]:
    """Our own lines of a file's header, such as Own-Name, by the part after X-Heard-."""
    return dict(_OURS.findall(file.read_text("utf-8")))


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def _sentences(file: Path, problems: list[str]) -> Iterator[tuple[str, str]]:
    try:
        with file.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise WordingError(f"{file.name} cannot be read: {error}") from error
    keys = Counter(_KEY.findall(file.read_text("utf-8")))
    if twice := sorted(key for key, count in keys.items() if count > 1):
        problems.append(f"{file.name}: {', '.join(twice)}: there twice.")
    for message in catalogue:
        if not message.id:
            continue  # the header
        key, sentence = str(message.id), message.string
        if not isinstance(sentence, str) or not sentence.strip():
            problems.append(f"{file.name}: {key} has no sentence.")
        elif message.fuzzy:
            problems.append(f"{file.name}: {key} is marked fuzzy: its English changed.")
        else:
            try:
                placeholders(sentence)
            except ValueError as error:
                problems.append(f"{file.name}: {key}: {error}")
            yield key, sentence


def _manner(language: str, header: dict[str, str], problems: list[str]) -> Manner:
    values = {name.lower().replace("-", "_"): value for name, value in header.items()}
    known = {one.name for one in fields(Manner)}
    problems += [f"{language}: no header line X-Heard-{name}." for name in values.keys() - known]
    manner = Manner(**{name: value for name, value in values.items() if name in known})
    if manner.checked not in {"yes", "no"}:
        problems.append(f"{language}: X-Heard-Checked is yes or no.")
    if manner.direction not in {"ltr", "rtl"}:
        problems.append(f"{language}: X-Heard-Direction is ltr or rtl.")
    try:
        Locale.parse(manner.locale or language.partition("-")[0])
    except (UnknownLocaleError, ValueError):
        problems.append(f"{language}: X-Heard-Locale is not a locale that Babel knows.")
    return manner
