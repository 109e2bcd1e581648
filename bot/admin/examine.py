"""What `heard doctor` looks at: each check says how it is and, if it is not well, what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.admin import telegram_check
from bot.admin.model import Ask, Hands, Refused, Say
from bot.casework.access import missing_roles
from bot.casework.alerting import reachable
from bot.casework.model import Role
from bot.mail.server import reach, server_of
from bot.turns.house import SHELL_KEYS
from bot.turns.languages import Languages, required
from bot.turns.people import working
from config import contacts
from config.wording import WordingError
from storage import alarms, inspection, meta, staff
from storage.secrets import RECOVERY, check_modes

EPOCH_LASTS: Final = timedelta(hours=48)  # the promise: no draft key outlives two days
CLOCKS_DIFFER: Final = timedelta(minutes=2)
# What this program was written after; a clock before it is not set.
RELEASED: Final = datetime(2026, 11, 1, tzinfo=UTC)


class Level(StrEnum):
    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.level:<5} {self.what}: {self.text}"


Check = Callable[[Hands], AsyncIterator[Finding]]


async def alive(hands: Hands, ask: Ask, say: Say) -> None:
    """Answers only if the database does."""
    async with hands.store.read() as conn:
        await meta.get(conn, meta.RECOVERY_PUBLIC)
    await say.line("OK    Heard answers and reaches its database")


async def doctor(hands: Hands, ask: Ask, say: Say) -> None:
    """Every check, one line each. Refuses at the end if anything fails."""
    failed = 0
    for check in CHECKS:
        async for finding in check(hands):
            failed += finding.level is Level.FAIL
            await say.line(str(finding))
    if failed:
        raise Refused(f"{failed} of the checks failed; each line above says what to do.")


async def seen(hands: Hands, ask: Ask, say: Say) -> None:
    """Note that the alarms so far were looked at, so that the same trouble sounds a new one."""
    async with hands.store.write() as conn:
        found = await alarms.unseen(conn)
        await alarms.mark_seen(conn, [alarm.id for alarm in found])
    for alarm in found:
        await say.line(f"seen  {_worded(alarm)}")
    await say.progress(f"{len(found)} alarms were noted as seen.")


async def _secrets(hands: Hands) -> AsyncIterator[Finding]:
    problems = check_modes(hands.secrets.folder)
    for problem in problems:
        yield Finding(Level.FAIL, "secrets", problem)
    if not problems:
        yield Finding(Level.OK, "secrets", "all there, and nobody else can read them")
    database = hands.settings.database_file
    if database and database.parent.resolve() == hands.secrets.folder.resolve():
        yield Finding(
            Level.WARN,
            "secrets",
            "they lie beside the database: one copy takes both",
        )


async def _keys(hands: Hands) -> AsyncIterator[Finding]:
    async with hands.store.read() as conn:
        public = await meta.get(conn, meta.RECOVERY_PUBLIC)
    if public in hands.secrets.roots[RECOVERY]:  # two while it is being replaced
        yield Finding(Level.OK, "keys", "the database and the secrets belong together")
    else:
        yield Finding(
            Level.FAIL,
            "keys",
            "the secrets belong to another database. Set HEARD_SECRETS and HEARD_DATABASE to a "
            "pair that was made together, or restore a backup",
        )
    if len(hands.secrets.roots[RECOVERY]) > 1:
        yield Finding(
            Level.WARN,
            "keys",
            "the recovery key is half replaced, so both papers are needed. Go on with: heard keys "
            "rotate recovery",
        )
    oldest = min(hands.secrets.epoch_made_at(number) for number in hands.secrets.epochs)
    age = datetime.now(UTC) - oldest  # a file ages by the machine's clock
    if age < EPOCH_LASTS:
        hours = age / timedelta(hours=1)
        yield Finding(Level.OK, "draft key", f"{hours:.0f} hours old, renewed every night")
    else:
        yield Finding(
            Level.FAIL,
            "draft key",
            f"made {oldest:%d %B}: deleted words could still be opened. heard run renews it at "
            "once; if that keeps failing, look at the alarms below",
        )


async def _database(hands: Hands) -> AsyncIterator[Finding]:
    async with hands.store.read() as conn:
        problems = await inspection.problems(conn)
        engine = await inspection.engine(conn)
    for problem in problems:
        yield Finding(
            Level.FAIL, "database", f"{problem}. Stop Heard, keep a copy, restore the last backup"
        )
    if not problems:
        yield Finding(Level.OK, "database", f"whole, at the revision of this version ({engine})")


async def _clock(hands: Hands) -> AsyncIterator[Finding]:
    if hands.clock.now() > RELEASED:
        yield Finding(Level.OK, "clock", f"{hands.clock.now():%d %B %Y %H:%M} UTC")
    else:
        yield Finding(Level.FAIL, "clock", "not set. Turn on time synchronisation (timedatectl)")


async def _telegram(hands: Hands) -> AsyncIterator[Finding]:
    settings = hands.settings
    if not settings.telegram_token:
        yield Finding(
            Level.FAIL, "Telegram", "no token. Set HEARD_TELEGRAM_TOKEN (from @BotFather)"
        )
        return
    asked = await telegram_check.ask(settings.telegram_api, settings.telegram_token)
    if isinstance(asked, str):
        yield Finding(Level.FAIL, "Telegram", asked)
        return
    yield Finding(Level.OK, "Telegram", f"reached as @{asked.username}")
    if asked.webhook_url != (settings.webhook_url or ""):
        now = "a webhook that is not ours" if asked.webhook_url else "no webhook"
        yield Finding(
            Level.WARN, "webhook", f"Telegram has {now}; heard run sets what the settings say"
        )
    else:
        yield Finding(Level.OK, "webhook", "set" if settings.webhook_url else "none: polling")
    if asked.waiting:
        yield Finding(
            Level.WARN, "Telegram", f"{asked.waiting} updates wait; is heard run running?"
        )
    if asked.date and abs(datetime.now(UTC) - asked.date) > CLOCKS_DIFFER:
        yield Finding(
            Level.FAIL,
            "clock",
            "differs from Telegram's. Turn on time synchronisation",
        )


async def _roles(hands: Hands) -> AsyncIterator[Finding]:
    async with hands.store.read() as conn:
        members = working(await staff.everyone(conn, hands.secrets))
    gaps = missing_roles(members, hands.settings.teams)
    for gap in gaps:
        yield Finding(Level.FAIL, "roles", f"{gap} Add someone: heard staff add --help")
    if not gaps:
        yield Finding(Level.OK, "roles", "every role that a concern may go to is filled")
    untold = sum(not reachable(member) for member in members)
    if untold:
        yield Finding(
            Level.WARN,
            "digests",
            f"{untold} staff get none: heard staff link NAME, for each, or an e-mail address on "
            "their page",
        )


async def _on_duty(hands: Hands) -> AsyncIterator[Finding]:
    async with hands.store.read() as conn:
        members = working(await staff.everyone(conn, hands.secrets))
    on_duty = [one for one in members if any(h.role is Role.ON_DUTY for h in one.memberships)]
    able = sum(one.keyed and reachable(one) for one in on_duty)
    if able:
        yield Finding(Level.OK, "alerts", f"{able} on duty can be told that someone is in danger")
    else:
        yield Finding(
            Level.WARN,
            "alerts",
            "nobody on duty can be told that someone is in danger; leads are told first, if they "
            "can be. Give somebody the role on-duty, and: heard staff link NAME",
        )


async def _mail(hands: Hands) -> AsyncIterator[Finding]:
    server = server_of(hands.settings)
    if server is None:
        yield Finding(Level.OK, "mail", "none: staff without Telegram get no digests")
    elif problem := await reach(server):
        yield Finding(Level.FAIL, "mail", problem)
    else:
        yield Finding(Level.OK, "mail", f"{server.host} can be used, with {server.security}")


async def _contacts(hands: Hands) -> AsyncIterator[Finding]:
    try:
        found = contacts.load(hands.settings.nation)
    except contacts.ContactsError as error:
        yield Finding(Level.FAIL, "contacts", f"{error} Mend config/contacts")
        return
    stale = found.stale(hands.clock.now().date())
    for contact in stale:
        yield Finding(
            Level.WARN,
            "contacts",
            f"{contact.name} was last checked on {contact.checked:%d %B %Y}. Check its source "
            "and change the date in config/contacts",
        )
    if not stale:
        yield Finding(Level.OK, "contacts", f"{len(found.all)} in date")


async def _wording(hands: Hands) -> AsyncIterator[Finding]:
    names = hands.settings.languages
    try:
        book = contacts.load(hands.settings.nation)
        languages = Languages.load(names, book, required(book, SHELL_KEYS))
    except contacts.ContactsError:
        return  # told by the check of the contacts
    except WordingError as error:
        for line in str(error).splitlines():
            yield Finding(Level.FAIL, "wording", f"{line} Mend config/wording")
        return
    yield Finding(Level.OK, "wording", f"complete in {', '.join(names)}")
    for one in languages.all:
        if one.manner.checked != "yes":
            yield Finding(
                Level.WARN,
                "wording",
                f"{one.language} is not yet checked by a native reader. When it is, set "
                f"X-Heard-Checked: yes in config/wording/{one.language}.po",
            )
    if not hands.settings.wording_reviewed:
        yield Finding(
            Level.WARN,
            "wording",
            "not yet reviewed by people with lived experience. When it is, set "
            "HEARD_WORDING_REVIEWED=true",
        )


async def _alarms(hands: Hands) -> AsyncIterator[Finding]:
    async with hands.store.read() as conn:
        unseen = await alarms.unseen(conn)
    for alarm in unseen:
        yield Finding(
            Level.WARN,
            "alarm",
            f"{_worded(alarm)}. See deploy/README.md, Alarms",
        )
    if not unseen:
        yield Finding(Level.OK, "alarms", "none that nobody has seen")


def _worded(alarm: alarms.Alarm) -> str:
    return f"{alarm.at:%d %B %H:%M} {alarm.kind}: {alarm.detail}"


CHECKS: Final[tuple[Check, ...]] = (
    _secrets,
    _keys,
    _database,
    _clock,
    _roles,
    _on_duty,
    _contacts,
    _wording,
    _alarms,
    _mail,
    _telegram,
)
