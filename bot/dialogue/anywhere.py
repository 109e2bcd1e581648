"""What can be asked for in words at any moment: my concerns, my data, a language, a reference."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue import references
from bot.dialogue.acts.around import set_language
from bot.dialogue.acts.every import ACTS
from bot.dialogue.answers import Offer, understood
from bot.dialogue.model import Facts
from bot.dialogue.moment import Moment
from bot.dialogue.script import ANYWHERE
from bot.dialogue.shown import offered
from bot.dialogue.table import STAY, Choice


def asked_anywhere(moment: Moment, text: str) -> Moment | None:
    """The moment after such words, or None when they are something else. Nothing is guessed: only
    the plain words count, for they may stand in the middle of somebody's story."""
    reference = references.read(text)
    if reference is not None:
        return _referred(moment, reference)
    names = [Offer((name,), exact=True) for _, name in moment.facts.languages]
    choices = offered(ANYWHERE, moment.talk, moment.facts)
    offers = [*names, *(_offer(one, moment.facts) for one in choices)]
    index = understood(text, offers, own_words=True)
    if index is None:
        return None
    if index < len(names):
        return set_language(moment, moment.facts.languages[index][0]).goes(STAY)
    return chosen(moment, choices[index - len(names)])


def by_command(moment: Moment, name: str) -> Moment | None:
    """The same by a slash command of Telegram's menu."""
    return by_id(moment, name) if name in COMMANDS else None


def by_id(moment: Moment, id_: str) -> Moment | None:
    found = (one for one in offered(ANYWHERE, moment.talk, moment.facts) if one.id == id_)
    choice = next(found, None)
    return chosen(moment, choice) if choice else None


def chosen(moment: Moment, choice: Choice) -> Moment:
    if choice.does:
        moment = ACTS[choice.does](moment, choice.id)
    return moment.goes(choice.to)


COMMANDS: Final = frozenset({"concerns", "language", "mydata", "forget", "changes"})


def _offer(choice: Choice, facts: Facts) -> Offer:
    words = [word for key in choice.also for word in facts.labels.get(key, "").split("|")]
    return Offer(tuple(filter(None, words)), exact=True)


def _referred(moment: Moment, reference: str) -> Moment:
    """One of their own is shown. All others get the same line, which reveals nothing."""
    for own in moment.facts.concerns:
        if references.read(own.reference) == reference:
            about = moment.remembers(replace(moment.talk, about=own.id))
            return about.goes("one")
    line = "talk.data-reference" if references.is_data(reference) else "talk.not-yours"
    return moment.tells(line).goes(STAY)
