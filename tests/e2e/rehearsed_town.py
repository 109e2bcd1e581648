"""The places and people of a rehearsal, as a real installation with a clock that is moved."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from pathlib import Path

from inside import Roles, found, inside

from bot.casework.keys import KEYS
from bot.cli.stage import NOW, PLACES, STAFF
from bot.turns.alert_keys import ALERT_KEYS
from config import po
from config.wording import FOLDER, Wording
from storage import links

ROLES: Roles = {
    one.name: tuple((held.team, held.role.value) for held in one.memberships) for one in STAFF
}
POSTER, CODE = "rowan-poster", "r0wanp0ster00000"  # links are made by us, and not so readable


def templates() -> list[re.Pattern[str]]:
    """Everything that casework, the clock and the shells may say beside the talk."""
    sentences = Wording.load().sentences
    keys = [key for key in (*KEYS, *ALERT_KEYS) if key.startswith(("push.", "talk.", "help."))]
    return [
        re.compile(
            ".*".join(re.escape(one) for one in re.split(r"\{\w+\}", sentences[key])), re.DOTALL
        )
        for key in (*keys, "talk.news-gone")
    ]


def teams(places: int) -> str:
    """Settings with the rehearsal's places."""
    blocks = "".join(
        f'[[teams]]\nid = "{one.id}"\nname = "{one.name}"\ndigest_at = "09:00"\n\n'
        for one in PLACES[:places]
    )
    spoken = ", ".join(sorted(po.shipped(FOLDER), key=lambda one: (one != "en", one)))
    return f'organisation = "Ashby Trust"\nlanguages = "{spoken}"\n\n{blocks}'


async def pattern(folder: Path, places: int) -> Path:
    """An installation to copy, at the moment when every transcript begins."""
    folder.mkdir(parents=True)
    (folder / "heard.toml").write_text(teams(places), encoding="utf-8")
    known = {"*", *(one.id for one in PLACES[:places])}
    await found(folder, {name: held for name, held in ROLES.items() if held[0][0] in known})
    return folder


@asynccontextmanager
async def town(folder: Path):
    """Run it, with a poster on the wall and somebody who can be alerted."""
    async with inside(folder, NOW) as here:
        async with here.heard.store.write() as conn:
            await links.add(conn, CODE, PLACES[0].id, NOW)
        await here.link("Helen Marsh")  # so that somebody can be alerted of any concern
        yield here


TEMPLATES = templates()
