"""Every sentence that a person can receive, by key, from the .po files of one language.

A missing sentence or value must stop the start, not reach a frightened person half said.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from babel.dates import format_date
from babel.messages.pofile import PoFileError, read_po

FOLDER: Final = Path(__file__).parent / "wording"
# "Wednesday 25 November": no year, so that it can be said aloud. Others: Babel's own long form.
_DATE_FORMS: Final = {"en": "EEEE d MMMM"}
_HEARD_FROM_BUTTONS: Final = ("button.", "topic.", "answer.")
STANDING: Final = frozenset({"first_help", "help_lines"})  # filled for a whole language at once

Value = str | date | int


class WordingError(Exception):
    """Our own wording is wrong: a key, a value or a file is missing or doubled. Trying again
    changes nothing; each line of the text is one fault."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's sentences. `standing` values are known everywhere, such as crisis lines."""

    language: str
    sentences: Mapping[str, str]
    standing: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path = FOLDER, language: str = "en") -> Wording:
        """Merge every .po file of a language. Raises WordingError for none, or a key twice."""
        files = sorted((folder / language).glob("*.po"))
        if not files:
            raise WordingError(f"There is no wording for {language!r}.")
        sentences: dict[str, str] = {}
        problems: list[str] = []
        for file in files:
            for key, sentence in _read(file).items():
                if key in sentences:
                    problems.append(f"{file.name}: {key} is already in another file.")
                sentences[key] = sentence
        if problems:
            raise WordingError("\n".join(problems))
        return cls(language, sentences)

    def having(self, standing: Mapping[str, str]) -> Wording:
        """The same wording with values that every sentence may use."""
        return replace(self, standing={**self.standing, **standing})

    def text(self, key: str, **params: Value) -> str:
        """The sentence with its values in place; dates are worded for the language.

        Raises WordingError for a key or a value that is missing.
        """
        try:
            sentence = self.sentences[key]
        except KeyError:
            raise WordingError(f"{self.language}: there is no sentence {key}.") from None
        worded = {name: self._worded(value) for name, value in params.items()}
        try:
            return sentence.format_map({**self.standing, **worded})
        except KeyError as error:
            raise WordingError(f"{self.language}: {key} needs the value {error}.") from None

    def check(self, required: Mapping[str, frozenset[str]]) -> None:
        """Raises WordingError naming each required sentence that is missing or whose
        placeholders are not exactly those that the program fills (standing ones apart)."""
        problems = []
        for key, names in sorted(required.items()):
            if key not in self.sentences:
                problems.append(f"{self.language}: there is no sentence {key}.")
                continue
            found = placeholders(self.sentences[key]) - STANDING
            if found != names:
                problems.append(
                    f"{self.language}: {key} has {sorted(found)}, but is given {sorted(names)}."
                )
        if problems:
            raise WordingError("\n".join(problems))

    @property
    def labels(self) -> dict[str, str]:
        """What stands on buttons and what people type instead: the talk's `Facts.labels`."""
        return {
            key: sentence
            for key, sentence in self.sentences.items()
            if key.startswith(_HEARD_FROM_BUTTONS)
        }

    def _worded(self, value: Value) -> str:
        if isinstance(value, date):
            form = _DATE_FORMS.get(self.language.partition("-")[0], "full")
            locale = self.language.partition("-")[0]
            return format_date(value, form, locale=locale)
        return str(value)


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def _read(file: Path) -> dict[str, str]:
    try:
        with file.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise WordingError(f"{file.name} cannot be read: {error}") from error
    keys = Counter(re.findall(r'^msgid "(.+)"', file.read_text("utf-8"), re.MULTILINE))
    if twice := sorted(key for key, count in keys.items() if count > 1):
        raise WordingError(f"{file.name}: {', '.join(twice)}: there twice.")
    read: dict[str, str] = {}
    for message in catalogue:
        if not message.id:
            continue  # the header
        if message.fuzzy or not isinstance(message.string, str) or not message.string.strip():
            raise WordingError(f"{file.name}: {message.id} has no sentence.")
        try:
            placeholders(message.string)
        except ValueError as error:
            raise WordingError(f"{file.name}: {message.id}: {error}") from error
        read[str(message.id)] = message.string
    return read
