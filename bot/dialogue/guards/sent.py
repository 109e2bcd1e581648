"""Conditions of the chapters `sent` and `carer`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.guards.model import Guard
from bot.dialogue.known import is_fresh, own_concern
from bot.dialogue.model import Facts, Talk


def _is_no_carer(talk: Talk, _: Facts) -> bool:
    return not talk.carer


def _told_no_relation(talk: Talk, _: Facts) -> bool:
    """Words that were more about the danger: who it is for is still asked."""
    return talk.at == "for-whom-too" and not talk.carer


def _danger_was_said(talk: Talk, facts: Facts) -> bool:
    return own_concern(talk.alarmed, facts) is not None


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
    "nothing_to_clear": _nothing_to_clear,
    "can_clear": _can_clear,
    "some_are_too_old": _some_are_too_old,
}
