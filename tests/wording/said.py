"""Every message that a person can receive, as it would reach them, with realistic values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from bot.casework.plain import words
from bot.turns.house import SHELL_KEYS
from bot.turns.languages import Languages, required
from config import contacts, kinds, po
from config.calendar import bank_holidays
from config.contacts import Contacts
from config.wording import FOLDER, STANDING, Wording, placeholders

# The longest that is likely for each value. `words` are the staff's own and checked where they
# write them; help lines are measured on their own.
VALUES = {
    "reference": "H-7K2M-9QXP",
    "open_reference": "H-7K2M-9QXP",
    "into": "H-4D8T-2WRN",
    "code": "7K2M9-QXPAB",
    "team": "North Community Mental Health Team",
    "place": "North Community Mental Health Team",
    "kept_from": "Dave Palmer, Ruth Adeyemi, Sunil Mehta, Grace Okoro",
    "more": "3",
    "count": "40",
    "acknowledge_by": date(2026, 11, 25),
    "answer_by": date(2026, 11, 29),
    "date": date(2026, 11, 25),
    "promised": date(2026, 12, 9),
    "acknowledge_days": "3",
    "answer_days": "20",
    "words": "",
    "complaint_reference": "D-7K2M-9QXP",
    "complaint_by": date(2026, 12, 25),
    "copy_by": date(2026, 12, 25),
    "next_by": date(2026, 11, 25),
    "sent_on": date(2026, 11, 22),
    "last_reference": "H-7K2M-9QXP",
    "last_next_by": date(2026, 11, 25),
    "last_sent_on": date(2026, 11, 22),
    "age": "3 days",
    "state": "looked into",
    "at": "Wednesday 25 November 2026, 10:30am",
    "ending": "pdf",
    "kind": "voice message",
    "minutes": "10",
    "language": "English",
    "names": "Dave Palmer, Ruth Adeyemi",
    "number": "7679394556",
    "said": "the tall man on nights",
    "size": "5,430,224",
    "time": "10:30am",
    "topic": "My medicine or treatment",
    "year": "2026",
    "did": "The doors have soft pads.",
    **{f"place_{number}": "North Community Mental Health Team" for number in (1, 2, 3)},
    **{f"on_{number}": date(2026, 11, 25) for number in (1, 2, 3)},
    **{f"said_{number}": "It is too loud to sleep." for number in (1, 2, 3)},
    **{f"did_{number}": "The doors have soft pads." for number in (1, 2, 3)},
}
# Read by people; the rest is read by staff (digest, staff) or stands on buttons and in what people
# type (button, topic, answer). Hours are parts of the contacts' lines.
TO_PEOPLE = ("talk.", "help.", "push.", "fixed.", "poster.", "command.", "contact.", "mine.")
LABELS = ("button.", "topic.")
HELP = ("help.", "contact.")  # blocks of help may be longer than a message
MOMENTS = (
    datetime(2026, 11, 25, 1, tzinfo=UTC),  # a Wednesday night
    datetime(2026, 11, 25, 12, tzinfo=UTC),
    datetime(2026, 11, 28, 20, tzinfo=UTC),  # a Saturday evening
    datetime(2026, 12, 25, 10, tzinfo=UTC),  # a bank holiday
)
NAMES = frozenset(
    {
        word
        for name, value in VALUES.items()
        if isinstance(value, str) and not name.startswith(("said", "did"))
        for word in words(value)
    }
    | {word for name in ("Telegram", "Samaritans", "Childline", "HOPELINE", "SHOUT", "NHS", "HELP",
        "Papyrus", "Lifeline", "Breathing Space", "Mind", "CALM", "Carers UK", "C A L L")
        for word in words(name)}
    | {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
    | {"November", "December"}
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One message. `text` has no help lines in it: they are messages of their own."""

    language: str
    key: str
    text: str

    @property
    def helps(self) -> bool:
        return self.key.startswith(HELP)


def shipped() -> list[str]:
    return po.shipped(FOLDER)


@cache
def wording(language: str) -> Wording:
    return Wording.load(language=language)


@cache
def books() -> tuple[Contacts, ...]:
    return tuple(
        contacts.load(nation, holidays=bank_holidays(nation, 2026)) for nation in kinds.NATIONS
    )


def needed() -> dict[str, frozenset[str]]:
    """Every sentence that the program can ask for, in any nation."""
    found: dict[str, frozenset[str]] = {}
    for book in books():
        found |= required(book, SHELL_KEYS)
    return found


def messages(language: str) -> list[Said]:
    """Everything that a person can be sent, in every branch."""
    plain = wording(language).having(dict.fromkeys(STANDING, ""))
    found = [
        Said(language, key, _running(key, plain.text(key, **values(sentence))))
        for key, sentence in sorted(plain.sentences.items())
        if key.startswith(TO_PEOPLE) and not key.startswith("contact.")
    ]
    lines = {one for book in books() for one in _lines(book, wording(language))}
    return [*found, *(Said(language, key, text) for key, text in sorted(lines))]


def _running(key: str, text: str) -> str:
    """A poster breaks its lines to fit the paper, not to end a sentence."""
    return text.replace("\n", " ") if key.startswith("poster.") else text


def values(sentence: str) -> dict[str, str | date]:
    """A value that has no realistic one yet shows its name; a test tells of it."""
    return {name: VALUES.get(name, name) for name in placeholders(sentence) - STANDING}


def labels(language: str) -> list[Said]:
    return [
        Said(language, key, sentence)
        for key, sentence in sorted(wording(language).sentences.items())
        if key.startswith(LABELS)
    ]


def screens(language: str) -> Iterator[str]:
    """Whole messages with help in them, at every moment: what a phone shows."""
    for book in books():
        languages = Languages.of([wording(language)], book)
        for moment in MOMENTS:
            for child in (False, True):
                now = languages.wording(language, moment, child=child)
                for key, sentence in now.sentences.items():
                    if key.startswith(TO_PEOPLE) and not key.startswith("contact."):
                        yield now.text(key, **values(sentence))


def _lines(book: Contacts, worded: Wording) -> Iterator[tuple[str, str]]:
    for one in book.all:
        for moment in (None, *MOMENTS):
            yield one.key, one.line(worded, moment, book.holidays)
