"""heard run: the bot, the staff console and the clock in one process."""

from __future__ import annotations

import click

from bot import app
from bot.channel.refusals import ChannelError
from bot.cli.terminal import fail, plainly, settings
from config import log
from config.contacts import ContactsError
from config.danger import DangerListsError
from config.nations import NationError
from config.topics import TopicsError
from config.wording import WordingError

# Each says in its text what to mend, and that starting again without that changes nothing.
STOPS_THE_START = (
    ChannelError,
    ContactsError,
    DangerListsError,
    NationError,
    TopicsError,
    WordingError,
)


@click.command()
def command() -> None:
    """Run the bot, the staff console and the clock, until SIGTERM or Ctrl-C.

    Refuses to start while a role that a concern may go to has nobody with a key; `heard doctor`
    says who is missing.
    """
    chosen = settings()
    if not chosen.telegram_token:
        fail(
            "HEARD_TELEGRAM_TOKEN is missing. Get one from @BotFather in Telegram and set it, or "
            "name a file that holds it in HEARD_TELEGRAM_TOKEN_FILE. To try Heard: heard demo"
        )
    log.configure(chosen.log_level)
    try:
        with plainly():
            app.run(chosen)
    except STOPS_THE_START as error:
        fail(str(error))
