"""heard poster: a sheet with a team's link, to hang on a wall."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import click

from bot.admin.links import PosterLink, address, known_team
from bot.admin.model import Ask, Refused
from bot.cli.terminal import Kept, fail, finish, perform, plainly, settings
from bot.poster import changes as changed
from bot.poster import paper, picture
from bot.poster.faces import Faces, PosterError
from bot.poster.layout import Said, Sheet, sheet
from bot.poster.sentences import worded
from bot.turns.links import new_code
from config.nations import NationError, load_nation
from config.settings import Settings
from config.wording import Wording, WordingError

# Telegram's rule for names of bots: core.telegram.org/bots/features, "Creating a new bot".
_USERNAME: Final = re.compile(r"@?([A-Za-z0-9_]{5,32})")


@click.command()
@click.option("--team", help="Id of a team in the settings.")
@click.option(
    "--changes",
    metavar="TEAM|all",
    help="Print what was published instead: you said, we did, of a team or of all.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder for the two files; without it, this one.",
)
@click.option("--language", help="One of the languages in the settings; without it, the first.")
@click.option("--bot-name", help="The bot's username, when Telegram cannot be asked for it.")
@click.option(
    "--font",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TrueType file with the letters of the language, where the built-in ones lack some.",
)
def command(  # noqa: PLR0913, PLR0917 - one for each option
    team: str | None,
    changes: str | None,
    out: Path,
    language: str | None,
    bot_name: str | None,
    font: Path | None,
) -> None:
    """Make a poster with a team's link: an A4 PDF to print, and the same as a PNG.

    It carries the QR code, the link for typing, and five lines that say what this is. Takes the
    team's newest link, or makes one if it has none. A poster that was made before is replaced.

    With --changes, the poster shows the newest lines that staff published, and no link.
    """
    chosen = settings()
    if (team is None) == (changes is None):
        raise click.UsageError("give --team TEAM, or --changes TEAM or --changes all")
    if bot_name is not None and not _USERNAME.fullmatch(bot_name):
        raise click.UsageError("--bot-name: expected a username such as @riverside_bot")
    try:
        faces = Faces.of(font)
        if changes is not None:
            _print_changes(chosen, changes, language, faces, out)
        if team is not None:
            _print_link(chosen, team, _draft(chosen, team, language), faces, (out, bot_name))
    except (NationError, PosterError, Refused, WordingError) as error:
        fail(str(error))


def _print_link(
    chosen: Settings, team: str, draft: Said, faces: Faces, given: tuple[Path, str | None]
) -> None:
    out, bot_name = given
    sheet(draft, faces)  # whatever is wrong with the words is said before a link is made
    made = finish(_link(chosen, team, bot_name))
    said = replace(draft, link=made.link)
    _write(sheet(said, faces), said, faces, out / f"heard-poster-{team}")
    click.echo(f"Both lead to: {made.link}")
    if made.made:
        click.echo(f"{made.team} had no link, so one was made.", err=True)


def _print_changes(
    chosen: Settings, team: str, language: str | None, faces: Faces, out: Path
) -> None:
    wording = Wording.load(language=_spoken(chosen, language))
    found = json.loads(finish(_asked(chosen, "published", {"team": team})))
    lines = [
        changed.Changed(one["said"], one["did"], date.fromisoformat(one["on"]))
        for one in found["lines"]
    ]
    said = changed.worded(wording, found["team"], lines)
    _write(changed.sheet(said, faces), said, faces, out / f"heard-changes-{team}")
    click.echo(f"Lines on it:  {len(lines)}")


def _draft(chosen: Settings, team: str, language: str | None) -> Said:
    """Everything but the link."""
    wording = Wording.load(language=_spoken(chosen, language))
    nation = load_nation(chosen.nation)
    longest = address("b" * 32, new_code())
    return worded(wording, nation, known_team(chosen, team).name, longest)


def _spoken(chosen: Settings, language: str | None) -> str:
    """Refuses a language that the bot would not speak to who comes."""
    language = language or chosen.languages[0]
    if language not in chosen.languages:
        raise Refused(
            f"The bot does not speak {language!r}. Turn it on in `languages` first; now on: "
            f"{', '.join(chosen.languages)}."
        )
    return language


async def _link(chosen: Settings, team: str, bot_name: str | None) -> PosterLink:
    bot = bot_name.removeprefix("@") if bot_name else None
    return PosterLink(**json.loads(await _asked(chosen, "poster-link", {"team": team, "bot": bot})))


async def _asked(chosen: Settings, operation: str, ask: Ask) -> str:
    """The one line that an operation answers."""
    heard = Kept()
    await perform(chosen, operation, ask, heard)
    return heard.lines[0]


def _write(drawn: Sheet, said: Said, faces: Faces, path: Path) -> None:
    with plainly():
        path.parent.mkdir(parents=True, exist_ok=True)
        on_paper, on_screen = path.with_suffix(".pdf"), path.with_suffix(".png")
        with on_paper.open("wb") as file:
            paper.write(drawn, said, faces, file)
        with on_screen.open("wb") as file:
            picture.write(drawn, faces, file)
    click.echo(f"To print:     {on_paper}")
    click.echo(f"As a picture: {on_screen}")
