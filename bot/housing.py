"""The organisation's house, made of the settings and of our own data: for the process that runs,
and for commands that move concerns without it."""

from __future__ import annotations

from datetime import datetime

from bot.casework.promises import Clocks
from bot.casework.working_days import Calendar
from bot.turns.house import MINUTE, SHELL_KEYS, House
from bot.turns.languages import Languages, required
from config import contacts
from config.calendar import bank_holidays
from config.nations import load_nation
from config.settings import Settings


def make_house(settings: Settings, today: datetime) -> House:
    """Places, wording, calendar and clocks, checked against each other.

    Raises WordingError, NationError or ContactsError: our own data is wrong.
    """
    nation = load_nation(settings.nation)
    holidays = bank_holidays(settings.nation, today.year)
    book = contacts.load(settings.nation, holidays=holidays)
    return House(
        organisation=settings.organisation,
        bot_id=int((settings.telegram_token or "0").partition(":")[0]),
        teams=settings.teams,
        languages=Languages.load(settings.languages, book, required(book, SHELL_KEYS)),
        calendar=Calendar(str(settings.timezone), holidays),
        clocks=Clocks(
            acknowledge_working_days=nation.acknowledge_working_days,
            answer_days=nation.answer_days,
            answer_in_working_days=nation.answer_in_working_days,
            explain_months=nation.explain_months,
            ways=nation.ways,
        ),
        console_url=settings.console_url.rstrip("/"),
        alert_pause=settings.alert_minutes * MINUTE,
    )
