"""The wording of every language that is turned on, with the crisis lines as they are at a moment.

A person is spoken to in the language they chose; staff, and all that is sealed with a concern, in
the first one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.casework.keys import KEYS
from bot.dialogue.lines import required as talk_keys
from config.contacts import Contacts
from config.wording import FOLDER, Wording, WordingError

_TYPED: Final = "answer."  # what people type for a choice, with `|` between
MINUTE: Final = 60  # seconds: lines open and close on the minute


def required(book: Contacts, shells: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Every sentence that a language must have, with its placeholders: the talk's, casework's, the
    crisis lines' of this nation and those of the `shells` round them."""
    return {**KEYS, **talk_keys(), **book.required(), **shells}


@dataclass(frozen=True, slots=True)
class Languages:
    """At least one; the first is the default. What was worded for this minute is kept, and what
    labels there are, because every message asks for them."""

    all: tuple[Wording, ...]
    book: Contacts
    _shown: dict[tuple[str, bool], tuple[int, Wording]] = field(
        default_factory=dict, compare=False, repr=False
    )

    _labels: dict[str, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(
        cls,
        names: Sequence[str],
        book: Contacts,
        needed: Mapping[str, frozenset[str]],
        folder: Path = FOLDER,
    ) -> Languages:
        """Read and check them. Raises WordingError naming every fault of every language."""
        found: list[Wording] = []
        problems: list[str] = []
        for name in names:
            try:
                wording = Wording.load(folder, name)
            except WordingError as error:
                problems.append(str(error))
                continue
            problems += wording.problems(needed)
            if not wording.manner.own_name:
                problems.append(f"{name}: no header line X-Heard-Own-Name.")
            found.append(wording)
        if problems:
            raise WordingError("\n".join(problems))
        return cls.of(found, book)

    @classmethod
    def of(cls, wordings: Sequence[Wording], book: Contacts) -> Languages:
        """These wordings, each with the crisis lines as they are at no certain time."""
        return cls(tuple(one.having(book.standing(one)) for one in wordings), book)

    @property
    def first(self) -> Wording:
        return self.all[0]

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The id and own name of each: the talk's `Facts.languages`."""
        return tuple((one.language, one.manner.own_name) for one in self.all)

    def wording(
        self, language: str = "", now: datetime | None = None, *, child: bool = False
    ) -> Wording:
        """The wording of a language, or of the first if that one is not (or no longer) turned on.
        With a `now`, help lines say what is open then; for a child, children's lines come first."""
        plain = next((one for one in self.all if one.language == language), self.first)
        if now is None:
            return plain
        minute = int(now.timestamp()) // MINUTE
        kept_at, kept = self._shown.get((plain.language, child), (None, plain))
        if kept_at == minute:
            return kept
        worded = plain.having(self.book.standing(plain, now, child=child))
        self._shown[plain.language, child] = minute, worded
        return worded

    def labels(self, language: str = "") -> Mapping[str, str]:
        """What stands on buttons and what people type for them: the talk's `Facts.labels`. Typed
        answers of the first language count in every other: "stop" is stop for everybody."""
        plain = self.wording(language)
        if plain.language not in self._labels:
            mine, first = plain.labels, self.first.labels
            if plain is not self.first:
                typed = {key: words for key, words in first.items() if key.startswith(_TYPED)}
                mine |= {key: f"{mine[key]}|{also}" for key, also in typed.items() if key in mine}
            self._labels[plain.language] = mine
        return self._labels[plain.language]

    def in_each(self, key: str) -> str:
        """One sentence without values in every language, for when nobody knows whose it is. Plainer
        forms of a language that is already there are left out."""
        bases = {one.language.partition("-")[0]: one for one in reversed(self.all)}
        return "\n\n".join(one.text(key) for one in self.all if one in bases.values())
