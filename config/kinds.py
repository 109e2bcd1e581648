"""The kinds of value that a setting can have: how each is read, and what to say when it is not one.

Every kind reads text, so that the file and the environment obey the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Each has contacts, holidays and (Wales apart, until they are confirmed) dates in this folder.
NATIONS = ("england", "scotland", "wales", "northern-ireland")
LOG_LEVELS = ("debug", "info", "warning", "error")
MOST_HANDOVERS = 6  # a day; more would be noise
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Kind:
    """`parse` raises ValueError for text that is not this kind; `types` are what TOML may hold."""

    parse: Callable[[str], Any]
    expected: str
    types: tuple[type, ...] = (str,)


def is_local(address: str) -> bool:
    """Whether a web address never leaves this machine, so that plain http does no harm."""
    return urlsplit(address).hostname in LOOPBACK


def _matching(pattern: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return parse


def _one_of(*choices: str) -> Kind:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return Kind(parse, "one of: " + ", ".join(choices))


def _or_nothing(kind: Kind) -> Kind:
    return Kind(lambda text: kind.parse(text) if text else None, kind.expected, kind.types)


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    unusable = parts.query or parts.fragment or parts.username or re.search(r"\s", text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or unusable:
        raise ValueError
    _ = parts.port  # raises ValueError when it is no port
    return text.rstrip("/")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError
    return int(text)


def _alert_minutes(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= 60:
        raise ValueError
    return int(text)


def _rate(text: str) -> float:
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text):
        raise ValueError
    return float(text)


def _database(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    scheme = drivers.get(scheme, scheme)
    if scheme not in drivers.values() or not separator or not rest.strip("/"):
        raise ValueError
    if scheme == "sqlite+aiosqlite" and (not rest.startswith("/") or "?" in rest):
        raise ValueError
    return f"{scheme}://{rest}"


def _folder(text: str) -> Path:
    if not text.strip():
        raise ValueError
    return Path(text)


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, OSError) as missing:
        raise ValueError from missing


def _time(text: str) -> time:
    return time.fromisoformat(_matching(r"([01]\d|2[0-3]):[0-5]\d")(text))


def _times(text: str) -> tuple[time, ...]:
    """In the order of the day, each once."""
    found = sorted({_time(one.strip()) for one in text.split(",")})
    if len(found) > MOST_HANDOVERS:
        raise ValueError
    return tuple(found)


def _yes_or_no(text: str) -> bool:
    return {"true": True, "false": False}[_matching("true|false")(text.lower())]


def _languages(text: str) -> tuple[str, ...]:
    tags = tuple(tag.strip() for tag in text.split(","))
    if len(set(tags)) != len(tags):
        raise ValueError
    return tuple(_matching(r"[a-z]{2,3}(-([A-Z]{2}|[a-z]{4,8}))?")(tag) for tag in tags)


TOKEN = Kind(
    lambda text: _matching(r"\d{1,20}:[A-Za-z0-9_-]{3,128}")(text) if text else "",
    "a bot token such as 123456:ABC-DEF (from @BotFather)",
)
# What Telegram allows: core.telegram.org/bots/api#setwebhook, secret_token.
WEBHOOK_SECRET = Kind(
    lambda text: _matching(r"[A-Za-z0-9_-]{16,256}")(text) if text else "",
    "16 to 256 letters, digits, _ or -",
)
WEB_ADDRESS = Kind(_web_address, "an address that starts with https:// or http://")
WEB_ADDRESS_OR_NOTHING = _or_nothing(WEB_ADDRESS)
HOST = Kind(_matching(r"[A-Za-z0-9.:_-]{1,253}"), "a host name or an IP address")
HOST_OR_NOTHING = _or_nothing(HOST)
FILE_OR_NOTHING = _or_nothing(Kind(_folder, "the path of a file"))
MAIL_ADDRESS_OR_NOTHING = _or_nothing(
    Kind(_matching(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}"), "name@domain")
)
MAIL_LOGIN = Kind(_matching(r"[^\x00-\x1f\x7f]{0,200}"), "one line of at most 200 characters")
PORT = Kind(_port, "a whole number from 1 to 65535", (int,))
ALERT_MINUTES = Kind(_alert_minutes, "a whole number of minutes from 2 to 60", (int,))
RATE = Kind(_rate, "a number of messages a second, 0 for no limit", (int, float))
DATABASE = Kind(
    _database,
    "sqlite+aiosqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
)
FOLDER = Kind(_folder, "the path of a folder")
LINE = Kind(_matching(r"[^\x00-\x1f]{1,80}"), "one line of at most 80 characters")
NATION = _one_of(*NATIONS)
LOG_LEVEL = _one_of(*LOG_LEVELS)
SECOND_FACTOR = _one_of("required", "offered")
# How mail leaves this machine; the last is for a mail server on the machine itself.
STARTTLS, TLS, NO_TLS = "starttls", "tls", "none-on-this-machine"
SMTP_SECURITY = _one_of(STARTTLS, TLS, NO_TLS)
ZONE = Kind(_zone, "a time zone such as Europe/London")
TIME = Kind(_time, "a time of day such as 08:30 (in quotes)")
TIMES = Kind(_times, 'times of day such as ["07:30", "20:30"], at most six')
LANGUAGES = Kind(_languages, 'language tags such as "en" or "en, cy"')
YES_OR_NO = Kind(_yes_or_no, "true or false", (bool,))
# A team's id travels in callback data, which holds 64 bytes (core.telegram.org/bots/api,
# InlineKeyboardButton): it is short and plain.
TEAM_ID = Kind(_matching(r"(?!independent$)[a-z0-9][a-z0-9-]{0,31}"), "a short plain id")
