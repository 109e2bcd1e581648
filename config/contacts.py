"""Whom people can turn to at once, as data with a source and a day on which it was checked.

A wrong number here can cost a life: each field is checked at the start, and old ones are named.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from config import hours
from config.hours import Hours, Sentences

FOLDER: Final = Path(__file__).parent / "contacts"
STALE_AFTER: Final = timedelta(days=90)  # issue 3 and reference/uk-rules.md, implication 3
# 08457 90 90 90 was Samaritans until September 2015, and is still on pages people copy from.
_OUT_OF_DATE: Final = ("08457",)
_NOT_FOR_PEOPLE: Final = ("03003307777",)  # Helplines Partnership: for organisations only
_EMERGENCY: Final = "999"
_TYPED: Final = frozenset({"hours", "checked", "first", "child", "carer"})  # no text
_NEEDED: Final = ("id", "name", "audience", "source")
_BANK_HOLIDAYS: Final = "bank_holidays"  # belongs to the hours


class ContactsError(Exception):
    """The contacts file is wrong: our own or the operator's fault. Each line is one fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach somebody. `number` is what is dialled, `shown` what people read."""

    id: str
    name: str
    hours: Hours
    audience: str
    source: str
    checked: date
    number: str = ""
    shown: str = ""
    option: str = ""
    text_to: str = ""
    text_word: str = ""
    first: bool = False  # also in the short form of the first screen
    child: bool = False  # for children and young people: comes sooner for them
    carer: bool = False  # for carers: shown to them on its own as well

    @property
    def always(self) -> bool:
        return self.hours.always

    @property
    def key(self) -> str:
        """The sentence of the wording that shows this contact."""
        return f"contact.{self.id}"

    @property
    def shows(self) -> frozenset[str]:
        """The values that its sentence must show: all that there is of how to reach it."""
        return frozenset(self._values()) | (frozenset() if self.always else {"hours"})

    def line(
        self,
        sentences: Sentences,
        now: datetime | None = None,
        holidays: frozenset[date] = frozenset(),
    ) -> str:
        """The one line of the help message that shows this contact, with open or closed at `now`
        unless it is open day and night."""
        values = self._values()
        if not self.always:
            values["hours"] = self.hours.words(sentences, now, holidays)
        return sentences.text(self.key, **values)

    def _values(self) -> dict[str, str]:
        values = {"number": self.shown, "option": self.option}
        values |= {"word": self.text_word, "to": self.text_to}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Contacts:
    nation: str
    all: tuple[Contact, ...]
    holidays: frozenset[date] = frozenset()  # bank holidays of the nation

    def standing(
        self, sentences: Sentences, now: datetime | None = None, *, child: bool = False
    ) -> dict[str, str]:
        """What any sentence may show: `help_lines` (all), `first_help` (the short form) and
        `carer_help` (for carers themselves).

        Without a `now` hours are given, but not whether a line is open. For a child, children's
        lines come right after 999, and in the short form too.
        """
        ordered = sorted(self.all, key=lambda one: self._place(one, child=child))
        short = [one for one in ordered if one.first or (child and one.child)]
        carers = [one for one in ordered if one.carer]
        return {
            "help_lines": self._lines(ordered, sentences, now),
            "first_help": self._lines(short, sentences, now),
            "carer_help": self._lines(carers, sentences, now),
        }

    def required(self) -> dict[str, frozenset[str]]:
        """Every sentence that showing these takes, with its placeholders."""
        return {**hours.SENTENCES, **{one.key: one.shows for one in self.all}}

    def stale(self, today: date) -> tuple[Contact, ...]:
        """The contacts whose source was last looked at more than 90 days ago."""
        return tuple(one for one in self.all if today - one.checked > STALE_AFTER)

    def _place(self, contact: Contact, *, child: bool) -> int:
        if contact.number == _EMERGENCY:
            return 0
        return 1 if child and contact.child else 2

    def _lines(
        self, contacts: Iterable[Contact], sentences: Sentences, now: datetime | None
    ) -> str:
        return "\n".join(one.line(sentences, now, self.holidays) for one in contacts)


def load(
    nation: str = "england", folder: Path = FOLDER, *, holidays: frozenset[date] = frozenset()
) -> Contacts:
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
    return Contacts(nation, contacts, holidays)


def _contact(entry: Mapping[str, Any], problems: list[str]) -> Contact:
    known = {one.name for one in fields(Contact)}
    name = entry.get("id", "a contact without an id")
    faults = [f"there is no field {key!r}." for key in entry.keys() - known - {_BANK_HOLIDAYS}]
    given: dict[str, Any] = {k: str(v) for k, v in entry.items() if k in known - _TYPED}
    faults += [f"{wanted} is missing." for wanted in _NEEDED if not given.setdefault(wanted, "")]
    checked = entry.get("checked")
    if type(checked) is not date:
        faults.append("checked must be a day, such as 2026-08-31.")
        checked = date.min
    opening = hours.read(entry.get("hours"), entry.get(_BANK_HOLIDAYS, ""), faults)
    problems += [f"{name}: {fault}" for fault in faults]
    given |= {flag: entry.get(flag) is True for flag in ("first", "child", "carer")}
    return Contact(**given, checked=checked, hours=opening)


def _problems(contacts: tuple[Contact, ...]) -> list[str]:
    problems = [f"{one.id}: {fault}" for one in contacts for fault in _faults(one)]
    ids = [one.id for one in contacts]
    problems += [f"{id_}: is there twice." for id_ in set(ids) if ids.count(id_) > 1]
    silent = [one for one in contacts if one.text_to]
    if not silent or not silent[0].always:
        problems.append("the first contact that needs no voice must be open day and night.")
    if not any(one.first for one in contacts):
        problems.append("no contact is on the first screen.")
    if not any(one.carer for one in contacts):
        problems.append("no contact is for carers.")
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
    return faults


def _digits(shown: str) -> str:
    return "".join(one for one in shown if not one.isspace())
