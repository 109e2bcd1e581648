"""Every sentence that a person can receive, by key, in one language.

A missing sentence or value must stop the start, not reach a frightened person half said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import Final

from babel.dates import format_date, format_time

from config import bidi, po
from config.po import Manner, WordingError, placeholders

__all__ = ["FOLDER", "STANDING", "Value", "Wording", "WordingError", "placeholders"]

FOLDER: Final = Path(__file__).parent / "wording"
_TYPED: Final = "answer."  # words that people type, with `|` between; never shown
_HEARD_FROM_BUTTONS: Final = ("button.", "topic.", _TYPED)
# Filled for a whole language at once.
STANDING: Final = frozenset({"first_help", "help_lines", "carer_help"})
_BLOCKS: Final = STANDING | {"words"}  # values of several lines: their direction is their own

Value = str | date | int


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's sentences. `standing` values are known everywhere, such as crisis lines."""

    language: str
    sentences: Mapping[str, str]
    standing: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = field(default_factory=Manner)

    @classmethod
    def load(cls, folder: Path = FOLDER, language: str = "en") -> Wording:
        """Read `<language>.po`, or the folder of that name. Raises WordingError for none, for a
        key twice, an empty or fuzzy sentence, or braces that do not match; it names every one."""
        sentences, manner = po.read(folder, language)
        if manner.right_to_left:
            sentences = {
                key: one if key.startswith(_TYPED) else bidi.ordered(one, _BLOCKS)
                for key, one in sentences.items()
            }
        return cls(language, sentences, manner=manner)

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

    def weekday(self, day: date) -> str:
        """The name of a day of the week: "Monday"."""
        return format_date(day, "EEEE", locale=self._locale)

    def clock(self, moment: time) -> str:
        """A time of day, as people say it: "9am", "5:30pm"."""
        pattern = self.manner.time if moment.minute else self.manner.hour
        return format_time(moment, pattern, locale=self._locale)

    def problems(self, required: Mapping[str, frozenset[str]]) -> list[str]:
        """Each required sentence that is missing or whose placeholders are not exactly those that
        the program fills (standing ones apart)."""
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
        return problems

    def check(self, required: Mapping[str, frozenset[str]]) -> None:
        """Raises WordingError with all `problems`, if there are any."""
        if problems := self.problems(required):
            raise WordingError("\n".join(problems))

    @property
    def labels(self) -> dict[str, str]:
        """What stands on buttons and what people type instead: the talk's `Facts.labels`."""
        return {
            key: sentence
            for key, sentence in self.sentences.items()
            if key.startswith(_HEARD_FROM_BUTTONS)
        }

    @property
    def _locale(self) -> str:
        base = self.language.partition("-")[0]
        return self.manner.locale or {"en": "en_GB"}.get(base, base)

    def _worded(self, value: Value) -> str:
        if isinstance(value, date):
            return format_date(value, self.manner.date, locale=self._locale)
        return bidi.isolated(str(value)) if self.manner.right_to_left else str(value)
