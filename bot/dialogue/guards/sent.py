"""Conditions of the chapters `sent` and `carer`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.dialogue.guards.model import Guard
from bot.dialogue.known import goes_at_once, is_fresh, latest_open, own_concern
from bot.dialogue.model import Facts, Talk

DENIABLE: Final = timedelta(days=2)  # after a yes; later it may be about anything


def _is_no_carer(talk: Talk, _: Facts) -> bool:
    return not talk.carer


def _told_no_relation(talk: Talk, _: Facts) -> bool:
    """Words that were more about the danger: who it is for is still asked."""
    return talk.at == "for-whom-too" and not talk.carer


def _danger_was_said(talk: Talk, facts: Facts) -> bool:
    """Lately, and nothing new is being told, which "I am safe" could belong to as well."""
    if talk.parts or not talk.alarmed_on or own_concern(talk.alarmed, facts) is None:
        return False
    return facts.today - date.fromisoformat(talk.alarmed_on) <= DENIABLE


def _can_say_danger(talk: Talk, facts: Facts) -> bool:
    """A doubled tap comes while it is asked who and where; it says nothing new."""
    return latest_open(facts) is not None and talk.at != "danger-details"


def _can_tell_details(talk: Talk, facts: Facts) -> bool:
    """A draft stays where it was; without one it is asked who, where and a number."""
    told = bool(talk.parts or talk.topic) or not _can_say_danger(talk, facts)
    return not told and goes_at_once(replace(talk, about=facts.concerns[0].id), facts)


def _worry_goes_on(talk: Talk, _: Facts) -> bool:
    return talk.at == "own-worry"


def _nothing_to_clear(_: Talk, facts: Facts) -> bool:
    return facts.clearable == 0


def _can_clear(_: Talk, facts: Facts) -> bool:
    return facts.clearable > 0


def _some_are_too_old(_: Talk, facts: Facts) -> bool:
    return facts.too_old


GUARDS: Final[Mapping[str, Guard]] = {
    "is_fresh": is_fresh,
    "is_no_carer": _is_no_carer,
    "told_no_relation": _told_no_relation,
    "danger_was_said": _danger_was_said,
    "can_say_danger": _can_say_danger,
    "can_tell_details": _can_tell_details,
    "worry_goes_on": _worry_goes_on,
    "nothing_to_clear": _nothing_to_clear,
    "can_clear": _can_clear,
    "some_are_too_old": _some_are_too_old,
}
