"""A member's own page, and letting colleagues in."""

from __future__ import annotations

from starlette.routing import Route

from bot.console.context import Console
from bot.console.gate import SET_UP, signed_in
from bot.console.people import colleagues, letting_in, new_keys, own, second_factor
from bot.console.wiring import posted, shown

RESET = "/people/second-factor"


def routes(console: Console) -> list[Route]:
    return [
        shown(console, "/me", own.my_page),
        posted(console, "/me/link", own.link_telegram),
        posted(console, "/me/email", own.set_email),
        shown(console, "/me/passphrase", own.passphrase_page),
        posted(console, "/me/passphrase", own.change_passphrase),
        shown(console, "/me/new-keys", new_keys.page),
        posted(console, "/me/new-keys", new_keys.replace),
        Route(SET_UP, signed_in(console, second_factor.page, setting_up=True)),
        Route(SET_UP, signed_in(console, second_factor.set_up, setting_up=True), methods=["POST"]),
        posted(console, SET_UP + "/codes", second_factor.new_codes),
        posted(console, SET_UP + "/off", second_factor.give_up),
        shown(console, "/people", colleagues.people_page),
        shown(console, "/people/access", colleagues.access_page),
        posted(console, "/people/access", colleagues.give_access),
        shown(console, "/people/{staff}/leave", colleagues.leave_page),
        posted(console, "/people/{staff}/leave", colleagues.leave),
        shown(console, "/people/invite", letting_in.invite_page),
        posted(console, "/people/invite", letting_in.invite),
        posted(console, "/people/invite/{colleague}/end", letting_in.end_invite),
        shown(console, RESET, letting_in.phones_page),
        shown(console, RESET + "/{colleague}", letting_in.phone_page),
        posted(console, RESET + "/{colleague}", letting_in.phone_off),
    ]
