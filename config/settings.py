"""One frozen Settings, read once, from one TOML file and the environment.

Strict on purpose: an unknown name or a malformed value stops the start, because a setting that
is silently ignored (a misspelt team, a wrong address) is how a concern ends up unread. Written
out by hand because pydantic-settings costs 0.2 s of every start and names neither the source nor
the variable in its errors.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from config import kinds
from config.fields import PREFIX, Found, Setting, meant, value_of
from config.teams import Team, read_teams

CONFIG: Final = "HEARD_CONFIG"
FROM_FILE: Final = "_FILE"


class SettingsError(Exception):
    """The operator's settings cannot be used. Each line of the text is one fault; nothing was
    started, and starting again without a change gives the same answer."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


SETTINGS_TABLE: Final[tuple[Setting, ...]] = (
    Setting("telegram_token", kinds.TOKEN, "", "the bot's token from @BotFather", secret=True),
    Setting(
        "telegram_api",
        kinds.WEB_ADDRESS,
        "https://api.telegram.org",
        "base address of the Bot API server, without `/bot`",
    ),
    # Telegram allows about 30 a second over all chats: core.telegram.org/bots/faq, "my bot is
    # hitting limits".
    Setting(
        "telegram_rate",
        kinds.RATE,
        "28",
        "messages a second over all chats; `0` takes every limit away and is only for load tests "
        "against your own Bot API server",
    ),
    Setting(
        "webhook_url",
        kinds.WEB_ADDRESS_OR_NOTHING,
        "",
        "public `https` address that Telegram calls; empty = polling",
    ),
    Setting(
        "webhook_secret",
        kinds.WEBHOOK_SECRET,
        "",
        "what Telegram sends along with each webhook call; needed with `webhook_url`",
        secret=True,
    ),
    Setting("webhook_host", kinds.HOST, "127.0.0.1", "where the webhook listens"),
    Setting("webhook_port", kinds.PORT, "8101", "port of the webhook"),
    Setting(
        "database",
        kinds.DATABASE,
        "sqlite+aiosqlite:///heard.db",
        "SQLAlchemy address of the database, SQLite or PostgreSQL",
        secret=True,
    ),
    Setting("secrets", kinds.FOLDER, "secrets", "folder of the keys; keep it out of backups"),
    Setting(
        "console_url",
        kinds.WEB_ADDRESS,
        "http://127.0.0.1:8100",
        "address at which staff open the console; `https` unless it is this machine",
    ),
    Setting("console_host", kinds.HOST, "127.0.0.1", "where the console listens"),
    Setting("console_port", kinds.PORT, "8100", "port of the console"),
    Setting(
        "second_factor",
        kinds.SECOND_FACTOR,
        "required",
        "`required`: staff sign in with their passphrase and a code from their phone; `offered`: "
        "the code is left to each of them",
    ),
    Setting(
        "alert_minutes",
        kinds.ALERT_MINUTES,
        "10",
        "minutes until an alert that nobody has seen goes to the next in line",
    ),
    Setting(
        "smtp_host",
        kinds.HOST_OR_NOTHING,
        "",
        "mail server for staff without Telegram; empty = no mail",
    ),
    Setting("smtp_port", kinds.PORT, "587", "port of the mail server"),
    Setting("smtp_user", kinds.MAIL_LOGIN, "", "name to sign in to the mail server with"),
    Setting("smtp_password", kinds.MAIL_LOGIN, "", "password for the mail server", secret=True),
    Setting(
        "smtp_from",
        kinds.MAIL_ADDRESS_OR_NOTHING,
        "",
        "address that mail comes from; needed with `smtp_host`",
    ),
    Setting(
        "smtp_security",
        kinds.SMTP_SECURITY,
        "starttls",
        "`starttls`, `tls` (from the first byte, often port 465) or `none-on-this-machine`",
    ),
    Setting(
        "smtp_ca",
        kinds.FILE_OR_NOTHING,
        "",
        "file of the certificates (PEM) that the mail server's must come from; empty = those that "
        "this machine trusts",
    ),
    Setting("organisation", kinds.LINE, "Heard", "name that people and staff are shown"),
    Setting("nation", kinds.NATION, "england", "whose promises, holidays and contacts apply"),
    Setting("timezone", kinds.ZONE, "Europe/London", "time zone of the dates people are told"),
    Setting("languages", kinds.LANGUAGES, "en", "wording on offer, the first is the default"),
    Setting(
        "wording_reviewed",
        kinds.YES_OR_NO,
        "false",
        "`true` once people with lived experience have read the wording; until then staff are told",
    ),
    Setting("log_level", kinds.LOG_LEVEL, "info", "`debug`, `info`, `warning` or `error`"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may choose. Fields are explained in SETTINGS_TABLE."""

    telegram_token: str = field(repr=False)  # "" until someone sets it: only `run` needs it
    telegram_api: str
    telegram_rate: float  # messages a second; 0 = none
    webhook_url: str | None
    webhook_secret: str = field(repr=False)
    webhook_host: str
    webhook_port: int
    database: str = field(repr=False)  # on PostgreSQL it holds a password
    secrets: Path
    console_url: str
    console_host: str
    console_port: int
    second_factor: str  # "required" or "offered"
    alert_minutes: int
    smtp_host: str | None  # None: no mail
    smtp_port: int
    smtp_user: str
    smtp_password: str = field(repr=False)
    smtp_from: str | None
    smtp_security: str  # kinds.STARTTLS, TLS or NO_TLS
    smtp_ca: Path | None
    organisation: str
    nation: str
    timezone: ZoneInfo
    languages: tuple[str, ...]
    wording_reviewed: bool
    log_level: str
    teams: tuple[Team, ...] = ()

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        scheme, _, rest = self.database.partition("://")
        return Path(rest.removeprefix("/")) if scheme == "sqlite+aiosqlite" else None


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the file that HEARD_CONFIG names, then the environment, which wins.

    Raises SettingsError, which lists every fault at once.
    """
    env = os.environ if environment is None else environment
    problems: list[str] = []
    file = env.get(CONFIG, "")
    document = _document(file, problems)
    problems += _unknown(env, document, file)
    values = {
        setting.name: value_of(setting, _find(setting, env, document, file, problems), problems)
        for setting in SETTINGS_TABLE
    }
    zone = values["timezone"]
    teams = tuple(read_teams(document.get("teams", []), file, zone, problems))
    if problems:
        raise SettingsError(problems)
    settings = Settings(**values, teams=teams)
    if contradictions := list(_contradictions(settings)):
        raise SettingsError(contradictions)
    return settings


def _document(file: str, problems: list[str]) -> dict[str, Any]:
    if not file:
        return {}
    try:
        return tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{CONFIG}: cannot read {file}: {error.strerror}")
    except UnicodeDecodeError:
        problems.append(f"{CONFIG}: {file} is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{CONFIG}: {file} is not TOML: {error}")
    return {}


def _unknown(env: Mapping[str, str], document: Mapping[str, Any], file: str) -> Iterator[str]:
    names = [setting.name for setting in SETTINGS_TABLE]
    variables = [CONFIG, *(setting.variable for setting in SETTINGS_TABLE)]
    variables += [setting.variable + FROM_FILE for setting in SETTINGS_TABLE if setting.secret]
    for variable in sorted(env):
        if variable.startswith(PREFIX) and variable not in variables:
            yield f"{variable} (environment): no such setting{meant(variable, variables)}"
    for name in document:
        if name not in {*names, "teams"}:
            yield f"{name} (in {file}): no such setting{meant(name, names)}"


def _find(
    setting: Setting,
    env: Mapping[str, str],
    document: Mapping[str, Any],
    file: str,
    problems: list[str],
) -> Found:
    pointer = setting.variable + FROM_FILE
    if setting.variable in env:
        if setting.secret and pointer in env:
            problems.append(f"{pointer} (environment): give this or {setting.variable}, not both")
        return Found(env[setting.variable], f"{setting.variable} (environment)")
    if setting.secret and pointer in env:
        try:
            text = Path(env[pointer]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{pointer} (environment): expected a file that can be read")
            text = setting.default or ""
        return Found(text, f"{setting.variable} (file of {pointer})")
    if setting.name in document:
        return Found(document[setting.name], f"{setting.name} (in {file})", typed=True)
    return Found(setting.default, setting.name)


def _contradictions(settings: Settings) -> Iterator[str]:
    hook = settings.webhook_url
    if hook and not settings.webhook_secret:
        yield "webhook_secret: missing; Telegram's calls to webhook_url are known by it"
    for name, address in (("webhook_url", hook), ("console_url", settings.console_url)):
        if address and not address.startswith("https://") and not kinds.is_local(address):
            yield f"{name}: expected https://; plain http would show people's words on the way"
    yield from _mail_contradictions(settings)


def _mail_contradictions(settings: Settings) -> Iterator[str]:
    if settings.smtp_host is None:
        return
    if settings.smtp_from is None:
        yield "smtp_from: missing; mail needs an address to come from"
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        yield "smtp_user, smtp_password: give both, or neither"
    if settings.smtp_security == kinds.NO_TLS and settings.smtp_host not in kinds.LOOPBACK:
        yield "smtp_security: mail without TLS is only for a mail server on this machine"
