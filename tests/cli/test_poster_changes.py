"""heard poster --changes: the newest public lines, as paper and as a picture."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pypdf
from PIL import Image

from bot.poster.changes import KEYS
from config.wording import Wording
from storage import published
from storage.engine import Store
from storage.published import EVERYWHERE, Published

ON = datetime(2026, 11, 25, 9, tzinfo=UTC)


def publish(home, *lines: tuple[str, str, str]) -> None:
    async def add() -> None:
        store = await Store.open(f"sqlite+aiosqlite:///{home.folder / 'heard.db'}")
        async with store.write() as conn:
            for n, (team, said, did) in enumerate(lines):
                at = ON.replace(minute=n)
                await published.add(conn, Published(f"l{n}", team, said, did, at, "x", None))
        await store.close()

    asyncio.run(add())


def printed(home, of: str) -> str:
    ended = home.heard("poster", "--changes", of)
    assert ended.returncode == 0, ended.stderr
    (page,) = pypdf.PdfReader(home.folder / f"heard-changes-{of}.pdf").pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    with Image.open(home.folder / f"heard-changes-{of}.png") as image:
        assert image.size == (2480, 3508)
    return " ".join(page.extract_text().split())


def test_the_newest_lines_of_a_team_and_of_all_are_printed(home):
    publish(
        home,
        ("elm", "Nights were too loud.", "Doors close softly now."),
        ("gone", "Elsewhere it rained.", "The roof is mended."),
        (EVERYWHERE, "Letters were hard to read.", "They are shorter now."),
    )
    mine = printed(home, "elm")
    assert "You said, we did Elm Ward" in mine
    assert "You said: Nights were too loud. We did: Doors close softly now." in mine
    assert "They are shorter now." in mine
    assert mine.index("shorter") < mine.index("softly")  # the newest first
    assert "roof" not in mine
    assert "t.me" not in mine
    assert "The roof is mended." in printed(home, "all")


def test_without_any_line_it_says_so(home):
    assert Wording.load().text("poster.changes-none") in printed(home, "elm")


def test_what_cannot_be_asked_for_is_refused(home):
    assert home.heard("poster", "--changes", "nowhere").returncode == 1
    assert home.heard("poster").returncode == 2
    assert home.heard("poster", "--team", "elm", "--changes", "all").returncode == 2


def test_its_words_are_there():
    Wording.load().check(KEYS)
