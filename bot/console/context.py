"""What every page of the console works with, made once when the process starts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from jinja2 import Environment
from starlette.responses import HTMLResponse

from bot.casework.model import Member
from bot.clock import Clock
from bot.console.halfway import Halfway
from bot.console.sessions import Session, Sessions
from bot.console.throttle import Throttle
from bot.console.unlocking import Unlocking
from bot.desk.desk import Desk
from bot.desk.inviting import Inviting
from bot.desk.own_keys import OwnKeys
from bot.turns.people import as_member
from config.settings import Settings
from storage import staff
from storage.engine import Store
from storage.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Console:
    """Everything the pages use. `door_key` signs the forms of people who are not signed in yet."""

    desk: Desk
    store: Store
    keys: Secrets
    settings: Settings
    clock: Clock
    sessions: Sessions
    halfway: Halfway
    names: Throttle
    codes: Throttle
    everyone: Throttle
    door_key: bytes
    unlocking: Unlocking
    templates: Environment
    seconds: Callable[[], float] = time.time  # the real clock, as phones have it
    # One search opens at a time, a few concerns long: opening lets no other thread run.
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    ahead: set[asyncio.Task[None]] = field(default_factory=set)  # what is read before it is asked

    @property
    def https(self) -> bool:
        return self.settings.console_url.startswith("https://")

    @property
    def session_cookie(self) -> str:
        """`__Host-` makes browsers insist on https, this host alone and the path "/"."""
        return "__Host-heard" if self.https else "heard"

    @property
    def door_cookie(self) -> str:
        return "__Host-heard-door" if self.https else "heard-door"

    @property
    def halfway_cookie(self) -> str:
        return "__Host-heard-code" if self.https else "heard-code"

    @property
    def own_keys(self) -> OwnKeys:
        return OwnKeys(self.store, self.keys)

    @property
    def inviting(self) -> Inviting:
        return Inviting(self.store, self.keys)

    @property
    def insists(self) -> bool:
        """Whether nobody works here without a second factor."""
        return self.settings.second_factor == "required"

    def zone(self, team_id: str) -> ZoneInfo:
        """The time zone of a team; the organisation's for what belongs to no team."""
        zones = {team.id: team.timezone for team in self.settings.teams}
        return zones.get(team_id, self.settings.timezone)

    def render(self, name: str, status: int = 200, /, **context: object) -> HTMLResponse:
        template = self.templates.get_template(name)
        shared: Mapping[str, object] = {
            "organisation": self.settings.organisation,
            "reviewed": self.settings.wording_reviewed,
        }
        return HTMLResponse(template.render({"visit": None, **shared, **context}), status)

    async def member(self, session: Session) -> Member | None:
        """Whom a session belongs to, as they are now; None when they left or got new keys."""
        async with self.store.read() as conn:
            row = await staff.by_id(conn, self.keys, session.staff_id)
        if row is not None and row.active and row.public_key == session.public_key:
            return as_member(row)
        return None
