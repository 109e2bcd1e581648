"""What every page of the console works with, made once when the process starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jinja2 import Environment
from starlette.responses import HTMLResponse

from bot.casework.model import Member
from bot.clock import Clock
from bot.console.sessions import Session, Sessions
from bot.console.throttle import Throttle
from bot.console.unlocking import Unlocking
from bot.desk.desk import Desk
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
    names: Throttle
    everyone: Throttle
    door_key: bytes
    unlocking: Unlocking
    templates: Environment

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
            rows = await staff.everyone(conn, self.keys)
        for row in rows:
            if row.id == session.staff_id and row.active and row.public_key == session.public_key:
                return as_member(row)
        return None
