"""Whom people can turn to at once, as data with a source and a day on which it was checked.

A wrong number here can cost a life: each field is checked at the start, and old ones are named.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

FOLDER: Final = Path(__file__).parent / "contacts"
STALE_AFTER: Final = timedelta(days=90)  # issue 3 and reference/uk-rules.md, implication 3
# 08457 90 90 90 was Samaritans until September 2015, and is still on pages people copy from.
_OUT_OF_DATE: Final = ("08457",)
_NOT_FOR_PEOPLE: Final = ("03003307777",)  # Helplines Partnership: for organisations only
_ALWAYS: Final = "always"
_TYPED: Final = ("checked", "first")  # the fields that are not text


class ContactsError(Exception):
    """The contacts file is wrong: our own or the operator's fault. Each line is one fault."""


class Sentences(Protocol):
    """What is needed of the wording."""

    def text(self, key: str, **params: str | date | int) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach somebody. `number` is what is dialled, `shown` what people read."""

    id: str
    name: str
    hours: str
    audience: str
    source: str
    checked: date
    number: str = ""
    shown: str = ""
    option: str = ""
    text_to: str = ""
    text_word: str = ""
    first: bool = False  # also in the short form of the first screen

    @property
    def always(self) -> bool:
        return self.hours == _ALWAYS

    def line(self, sentences: Sentences) -> str:
        """The one line of the help message that shows this contact."""
        return sentences.text(f"contact.{self.id}", **self._values())

    def _values(self) -> dict[str, str]:
        values = {"number": self.shown, "option": self.option, "hours": self.hours}
        values |= {"word": self.text_word, "to": self.text_to}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Contacts:
    nation: str
    all: tuple[Contact, ...]

    def standing(self, sentences: Sentences) -> dict[str, str]:
        """What any sentence may show: `help_lines` (all) and `first_help` (the short form)."""
        return {
            "help_lines": _lines(self.all, sentences),
            "first_help": _lines((one for one in self.all if one.first), sentences),
        }

    def stale(self, today: date) -> tuple[Contact, ...]:
        """The contacts whose source was last looked at more than 90 days ago."""
        return tuple(one for one in self.all if today - one.checked > STALE_AFTER)


def load(nation: str = "england", folder: Path = FOLDER) -> Contacts:
    """Read one nation's contacts. Raises ContactsError naming every fault."""
    file = folder / f"{nation}.toml"
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("contact", [])
    except FileNotFoundError:
        raise ContactsError(f"There are no crisis contacts for {nation!r}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ContactsError(f"{file.name}: {error}") from error
    problems: list[str] = []
    contacts = tuple(_contact(entry, problems) for entry in entries)
    problems += _problems(contacts)
    if problems:
        raise ContactsError("\n".join(f"{file.name}: {problem}" for problem in problems))
    return Contacts(nation, contacts)


def _lines(contacts: Iterable[Contact], sentences: Sentences) -> str:
    return "\n".join(one.line(sentences) for one in contacts)


def _contact(entry: Mapping[str, Any], problems: list[str]) -> Contact:
    known = {one.name: one for one in fields(Contact)}
    name = entry.get("id", "a contact without an id")
    problems += [f"{name}: there is no field {key!r}." for key in entry if key not in known]
    texts = {key: str(value) for key, value in entry.items() if key in known and key not in _TYPED}
    for wanted in ("id", "name", "hours", "audience", "source"):
        if not texts.setdefault(wanted, ""):
            problems.append(f"{name}: {wanted} is missing.")
    checked = entry.get("checked")
    if type(checked) is not date:
        problems.append(f"{name}: checked must be a day, such as 2026-08-31.")
        checked = date.min
    return Contact(**texts, checked=checked, first=entry.get("first") is True)


def _problems(contacts: tuple[Contact, ...]) -> list[str]:
    problems = [problem for one in contacts for problem in _faults(one)]
    ids = [one.id for one in contacts]
    problems += [f"{id_}: is there twice." for id_ in set(ids) if ids.count(id_) > 1]
    silent = [one for one in contacts if one.text_to]
    if not silent or not silent[0].always:
        problems.append("the first contact that needs no voice must be open day and night.")
    if not any(one.first for one in contacts):
        problems.append("no contact is on the first screen.")
    return problems


def _faults(contact: Contact) -> list[str]:
    faults = []
    if not contact.number and not contact.text_to:
        faults.append("there is no way to reach it.")
    if _digits(contact.shown) != contact.number:
        faults.append(f"shows {contact.shown!r} but dials {contact.number!r}.")
    if any(part and not part.isdigit() for part in (contact.number, contact.text_to)):
        faults.append("a number is dialled with digits only.")
    if bool(contact.text_to) != bool(contact.text_word):
        faults.append("a text needs both a number and a word.")
    if contact.number.startswith(_OUT_OF_DATE):
        faults.append(f"{contact.shown} is an old number; Samaritans are on 116 123.")
    if contact.number in _NOT_FOR_PEOPLE:
        faults.append("is for organisations, not for a person in distress.")
    if "supportline" in contact.name.casefold().replace(" ", "") and contact.always:
        faults.append("SupportLine is not open day and night.")
    return [f"{contact.id}: {fault}" for fault in faults]


def _digits(shown: str) -> str:
    return "".join(one for one in shown if not one.isspace())
