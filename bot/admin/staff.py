"""Members of staff: adding them, listing them, linking their Telegram chat."""

from __future__ import annotations

import asyncio
import json
import secrets as chance
from collections.abc import Sequence

from bot import passphrases
from bot.admin.model import Ask, Hands, Refused, Say
from bot.casework.model import ORGANISATION, ORGANISATION_ROLES, Role
from bot.desk import inviting
from bot.turns.house import LINK_CODE_LASTS
from config.settings import Settings
from storage import audit, staff
from storage.errors import NameTaken


def memberships(
    settings: Settings, roles: Sequence[str], teams: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Pair roles with teams: a role inside a team takes the next team, or the only one.

    Raises Refused for a role or a team that does not exist, and for a pairing that is not plain.
    """
    known = {team.id for team in settings.teams}
    for team in teams:
        if team not in known:
            listed = ", ".join(sorted(known)) or "none yet; add [[teams]] to the settings file"
            raise Refused(f"There is no team {team!r}. Teams in the settings: {listed}.")
    wide = [role for role in roles if Role(role) in ORGANISATION_ROLES]
    narrow = [role for role in roles if Role(role) not in ORGANISATION_ROLES]
    if len(teams) == 1:
        teams = [teams[0]] * len(narrow)
    if len(narrow) != len(teams) or not roles:
        raise Refused(
            "Give each role inside a team its own --team, in the same order, or one --team for "
            f"all. These roles take no team: {', '.join(sorted(ORGANISATION_ROLES))}."
        )
    pairs = [*zip(teams, narrow, strict=True), *((ORGANISATION, role) for role in wide)]
    return tuple(dict.fromkeys(pairs))


async def add(hands: Hands, ask: Ask, say: Say) -> None:
    """ask: name, passphrase, roles, teams. Refuses a weak passphrase and a name that is taken."""
    name = _name(ask)
    pairs = memberships(hands.settings, ask["roles"], ask["teams"])
    check_passphrase(hands.settings, ask["passphrase"], name)
    staff_id, now = hands.new_id(), hands.clock.now()
    keys = await asyncio.to_thread(staff.new_keys, staff_id, ask["passphrase"])
    row = staff.StaffRow(
        id=staff_id,
        name=name,
        public_key=keys.public,
        private_locked=keys.private_locked,
        active=True,
        linked=False,
        memberships=pairs,
    )
    try:
        async with hands.store.write() as conn:
            await staff.add_with_keys(conn, hands.secrets, row, now)
            await audit.note(conn, now, staff_id, "staff-added", None)
    except NameTaken:
        raise Refused(f"There is a member of staff called {name} already.") from None
    await say.line(f"Added {name}: {_worded(pairs)}.")


async def invite(hands: Hands, ask: Ask, say: Say) -> None:
    """Print a one-time link by which somebody makes a passphrase of their own. ask: name, roles,
    teams. Whoever was invited before and has not come is invited anew."""
    name, now = _name(ask), hands.clock.now()
    pairs = memberships(hands.settings, ask["roles"], ask["teams"])
    try:
        made = await inviting.Inviting(hands.store, hands.secrets).invite(name, pairs, None, now)
    except NameTaken:
        raise Refused(
            f"There is a member of staff called {name} already. If they lost their passphrase: "
            "heard recover"
        ) from None
    await say.line(inviting.link(hands.settings.console_url, made.token))
    until = made.expires_at.astimezone(hands.settings.timezone)
    await say.progress(
        f"{made.name} is invited: {_worded(pairs)}.\n"
        f"Give them that line yourself, in person or by a message that only they read. It works "
        f"once, until {until:%d %B %Y at %H:%M}. Do not send it by e-mail, and do not open it: "
        "whoever opens it first can set the passphrase. It is not shown again; inviting them "
        "again makes a new one and ends this one."
    )


async def listing(hands: Hands, ask: Ask, say: Say) -> None:
    """One line for each member of staff, or JSON lines. ask: json."""
    async with hands.store.read() as conn:
        everyone = await staff.everyone(conn, hands.secrets)
    for row in everyone:
        if ask["json"]:
            pairs = [{"team": team, "role": role} for team, role in row.memberships]
            entry = {"name": row.name, "active": row.active, "linked": row.linked, "roles": pairs}
            await say.line(json.dumps(entry, ensure_ascii=False))
        else:
            state = "" if row.public_key else " (invited, has not come yet)"
            state = state if row.active else " (not active)"
            chat = "Telegram linked" if row.linked else "no Telegram chat"
            await say.line(f"{row.name}{state}: {_worded(row.memberships)}; {chat}")


async def link(hands: Hands, ask: Ask, say: Say) -> None:
    """Print a one-time code with which a member of staff links a Telegram chat. ask: name."""
    code, now = chance.token_hex(5), hands.clock.now()
    async with hands.store.write() as conn:
        row = await staff.by_name(conn, hands.secrets, ask["name"])
        if row is None:
            raise Refused(
                f"There is no member of staff called {ask['name']}. See: heard staff list"
            )
        await staff.start_link(conn, hands.secrets, row.id, code, now + LINK_CODE_LASTS)
        await audit.note(conn, now, row.id, "link-started", None)
    await say.line(f"/link {code}")
    await say.progress("Send that line to the bot from your own Telegram, within 15 minutes.")


def check_passphrase(settings: Settings, passphrase: str, name: str) -> None:
    """Raises Refused for a passphrase that is short or soon guessed."""
    about = [name, settings.organisation, *(team.name for team in settings.teams)]
    if fault := passphrases.fault(passphrase, about):
        raise Refused(fault)


def _name(ask: Ask) -> str:
    name = " ".join(str(ask["name"]).split())
    if not name or not name.isprintable():
        raise Refused("Give the name that colleagues know this person by.")
    return name


def _worded(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(role if team == ORGANISATION else f"{role} of {team}" for team, role in pairs)
