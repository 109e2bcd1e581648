"""Links for walls and leaflets: making them, listing them, ending them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.admin import telegram_check
from bot.admin.model import Ask, Hands, Refused, Say
from bot.turns.links import as_made, new_code
from config.settings import Settings
from config.teams import Team
from storage import audit, links
from storage.links import Link

YOUR_BOT: Final = "YOUR_BOT"


@dataclass(frozen=True, slots=True)
class PosterLink:
    """What a poster needs from the database; `made`: there was no link, so one was made."""

    team: str
    link: str
    made: bool


def address(bot: str, code: str) -> str:
    """What opens the talk (core.telegram.org/bots/features, "Deep Linking")."""
    return f"https://t.me/{bot}?start={code}"


async def new(hands: Hands, ask: Ask, say: Say) -> None:
    """Make another link. ask: team."""
    team = known_team(hands.settings, ask["team"])
    code = await _made(hands, team.id)
    name = await _bot_name(hands)
    if isinstance(name, Refused):
        await say.progress(f"{name} Put your bot's name in the place of {YOUR_BOT}.")
    await say.line(address(YOUR_BOT if isinstance(name, Refused) else name, code))
    await say.progress(
        f"Whoever opens it is asked about {team.name}. For a poster: heard poster --team {team.id}"
    )


async def listing(hands: Hands, ask: Ask, say: Say) -> None:
    """One line for each link, the oldest first, or JSON lines. ask: json."""
    async with hands.store.read() as conn:
        found = await links.everything(conn)
    for one in found:
        await say.line(_as_json(one) if ask["json"] else _worded(one, hands))
    if not found:
        await say.progress("No links yet. Make one with: heard link new --team TEAM")


async def revoke(hands: Hands, ask: Ask, say: Say) -> None:
    """End one link, or all of a team. ask: code or team. The address as a whole is taken too."""
    now = hands.clock.now()
    code = as_made(str(ask["code"] or "").rpartition("start=")[2].strip())
    async with hands.store.write() as conn:
        wanted = [
            one
            for one in await links.everything(conn)
            if (one.code == code if ask["code"] else one.team == ask["team"])
        ]
        living = [one.code for one in wanted if one.revoked_at is None]
        if not living:
            raise Refused(_nothing_to_end(wanted, bool(ask["code"])))
        await links.revoke(conn, living, now)
        await audit.note(conn, now, None, "link-revoked", None)
    for ended in living:
        await say.line(f"{ended} settles no place any more.")
    await say.progress("Whoever opens it still comes to the talk, and is asked which place.")


async def for_poster(hands: Hands, ask: Ask, say: Say) -> None:
    """One JSON line, a PosterLink: the newest living link, or a new one. ask: team, bot."""
    team = known_team(hands.settings, ask["team"])
    name = ask["bot"] or await _bot_name(hands)
    if isinstance(name, Refused):
        raise Refused(f"{name} Or give it with --bot-name.")
    async with hands.store.read() as conn:
        found = await links.everything(conn, team.id)
    living = [one.code for one in found if one.revoked_at is None]
    code = living[-1] if living else await _made(hands, team.id)
    made = PosterLink(team.name, address(name, code), made=not living)
    await say.line(json.dumps(asdict(made)))


def known_team(settings: Settings, id: str) -> Team:
    """Raises Refused for a team that is not in the settings."""
    teams = {team.id: team for team in settings.teams}
    if id not in teams:
        listed = ", ".join(sorted(teams)) or "none yet; add [[teams]] to the settings file"
        raise Refused(f"There is no team {id!r}. Teams in the settings: {listed}.")
    return teams[id]


async def _made(hands: Hands, team: str) -> str:
    code, now = new_code(), hands.clock.now()
    async with hands.store.write() as conn:
        await links.add(conn, code, team, now)
        await audit.note(conn, now, None, "link-made", None)
    return code


async def _bot_name(hands: Hands) -> str | Refused:
    settings = hands.settings
    if not settings.telegram_token:
        return Refused("The bot's name is not known: HEARD_TELEGRAM_TOKEN is not set.")
    asked = await telegram_check.ask(settings.telegram_api, settings.telegram_token)
    if isinstance(asked, str):
        return Refused(f"The bot's name is not known. Telegram: {asked}.")
    return asked.username


def _as_json(one: Link) -> str:
    entry: dict[str, Any] = {
        "code": one.code,
        "team": one.team,
        "made_at": one.made_at.isoformat(),
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
    }
    return json.dumps(entry)


def _worded(one: Link, hands: Hands) -> str:
    gone = "" if one.team in {team.id for team in hands.settings.teams} else ", not in the settings"
    state = f"revoked {one.revoked_at:%d %B %Y}" if one.revoked_at else "works"
    return f"{one.code}  {one.team}{gone}; made {one.made_at:%d %B %Y}; {state}"


def _nothing_to_end(found: list[Link], code: bool) -> str:
    if found:
        return "It was revoked before." if code else "All of this team's links were revoked before."
    return f"There is no such link{'' if code else ' of this team'}. See: heard link list"
