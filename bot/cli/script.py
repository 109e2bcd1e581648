"""heard script: the table of states as a picture and as a list."""

from __future__ import annotations

from pathlib import Path

import click

from bot.dialogue import diagram
from config.wording import Wording, WordingError


@click.command()
@click.option("--language", default="en", show_default=True, help="Whose words stand in it.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with diagrams (Mermaid) here, instead of printing the list.",
)
def command(language: str, out: Path | None) -> None:
    """Draw the talk: every question, every choice and where it leads.

    Prints the states as a list, or writes a Markdown page with a diagram for each chapter. Both
    come from the table that the bot itself runs on.
    """
    try:
        text = made(language, as_page=out is not None)
    except WordingError as error:
        raise click.ClickException(str(error)) from None
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    click.echo(f"Written to {out}", err=True)


def made(language: str = "en", *, as_page: bool) -> str:
    """The page, or the list. Raises WordingError for a language that is not whole."""
    wording = Wording.load(language=language)

    def words(key: str) -> str:
        try:
            return wording.sentences[key]
        except KeyError:
            raise WordingError(f"{language}: there is no sentence {key}.") from None

    lines = diagram.page(words) if as_page else diagram.listing(words)
    return "\n".join(lines) + "\n"
