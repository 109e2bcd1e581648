"""What the words and files of a person do: answers, questions, remarks, and all that is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue.acts.act import keep, keep_aside, keep_file
from bot.dialogue.acts.every import ACTS
from bot.dialogue.acts.sent import ABOUT_DANGER, alone_at_once, danger_file
from bot.dialogue.answers import Offer, is_blank, understood
from bot.dialogue.anywhere import asked_anywhere, chosen
from bot.dialogue.danger import shows_danger, tail
from bot.dialogue.guards.every import holds
from bot.dialogue.inputs import Attached, Commanded, Edited, Input, Said
from bot.dialogue.model import Facts, Talk
from bot.dialogue.moment import Moment
from bot.dialogue.remarks import CHILD, Remark, notice
from bot.dialogue.script import ASKS, FOOT
from bot.dialogue.shown import listed, offered
from bot.dialogue.table import STAY, Choice

LARGEST: Final = 20 * 1024 * 1024  # bytes: what a bot can fetch (Bot API, getFile)
# Where an answer of a certain kind was asked for, a remark about oneself is not that answer.
_ASKED_FOR: Final = frozenset({"name_people", "find_place"})


def said(moment: Moment, given: Said) -> Moment:
    """Words: a typed answer, a question to the bot, or somebody's own."""
    if is_blank(given.text):
        return moment.tells("talk.unreadable").goes(STAY)
    answer = meant(given.text, moment.talk, moment.facts)
    if answer is not None:
        if isinstance(answer, str):
            return chosen_from_list(moment, answer)
        # Days later a bare "yes" may be meant for anything: what it would do is asked again.
        late = moment.facts.away and answer.soon
        return moment.goes(STAY) if late else chosen(moment, answer)
    asked = asked_anywhere(moment, given.text)
    return _own_words(moment, given.text) if asked is None else asked


def meant(text: str, talk: Talk, facts: Facts) -> Choice | str | None:
    """The choice that was typed, or the id of a listed one; None for everything else."""
    ask = ASKS[talk.at]
    names = listed(ask, talk, facts)
    by_name = ask.listed is not None and ask.listed.typed
    buttons = offered(ask.choices, talk, facts)
    rest = (*offered(ask.spoken, talk, facts), *offered(FOOT, talk, facts))
    offers = [
        *(Offer((name,) if by_name else (), numbered=True, named=by_name) for _, name in names),
        *(_offer(one, facts, numbered=True) for one in buttons),
        *(_offer(one, facts) for one in rest),
    ]
    index = understood(text, offers, own_words=ask.open)
    if index is None:
        return None
    return names[index][0] if index < len(names) else (*buttons, *rest)[index - len(names)]


def _offer(choice: Choice, facts: Facts, *, numbered: bool = False) -> Offer:
    """Every word that means this choice; what else people type stands behind `|` in the wording."""
    words = [facts.labels.get(choice.label, "")]
    for key in choice.also:
        words += facts.labels.get(key, "").split("|")
    return Offer(tuple(filter(None, words)), choice.exact, numbered)


def chosen_from_list(moment: Moment, id_: str) -> Moment:
    row = moment.ask.listed
    return ACTS[row.does](moment, id_).goes(row.to) if row else moment.goes(STAY)


# ---- own words ------------------------------------------------------------------------------


def _own_words(moment: Moment, text: str) -> Moment:
    noticed = notice(text, moment.facts.labels)
    for line in filter(None, [_line(one, moment) for one in noticed.remarks]):
        moment = moment.tells(line)
    if CHILD in noticed.remarks:
        moment = moment.remembers(replace(moment.talk, child=True))
    if _only_asks(text, moment.facts):
        return moment.goes(STAY)
    moment = moment.remembers(replace(moment.talk, tail=tail(text, moment.talk.tail)))
    typed, parts = moment.ask.typed, moment.talk.parts
    if noticed.whole and typed.does in _ASKED_FOR:
        moment, to = keep_aside(moment, text), STAY
    else:
        moment, to = ACTS[typed.does](moment, text), typed.to
    if not moment.talk.parts:  # it went to staff at once, so the bot remembers nothing of it
        moment = moment.remembers(replace(moment.talk, tail=""))
    if noticed.whole and moment.talk.parts > parts and any(one.odd for one in noticed.remarks):
        moment = moment.remembers(replace(moment.talk, last_odd=True))
    return moment.goes(to)


def _line(remark: Remark, moment: Moment) -> str:
    talk, facts = moment.talk, moment.facts
    return next((line for guard, line in remark.answers if holds(guard, talk, facts)), "")


# ---- danger ---------------------------------------------------------------------------------


def met_with_help(moment: Moment, given: Input) -> Moment:
    """The contacts, before anything else is said, when the words show danger: all of them once a
    day for a draft, then the short list. It adds help and changes nothing."""
    words, lexicon = _words_of(given), moment.facts.lexicon
    # What was edited stands in the place of what was said; it does not go on from it.
    before = "" if isinstance(given, Edited) else moment.talk.tail
    if not words or not shows_danger(words, before, lexicon):
        return moment
    if isinstance(given, Said):
        if meant(words, moment.talk, moment.facts) is not None:
            return moment
        sure = replace(lexicon, grams=None)  # letters alone say nothing of a known question
        if _only_asks(words, moment.facts) and not shows_danger(words, "", sure):
            return moment  # a question to the bot does not go on from a story either
    today = moment.facts.today.isoformat()
    if moment.talk.helped_on == today:
        return moment.tells("help.danger-short")
    return moment.remembers(replace(moment.talk, helped_on=today)).tells("help.danger")


def _only_asks(text: str, facts: Facts) -> bool:
    noticed = notice(text, facts.labels)
    return noticed.whole and not any(one.kept for one in noticed.remarks)


def _words_of(given: Input) -> str:
    match given:
        case Said(text) | Edited(text):
            return text
        case Commanded(name, payload) if name != "link":
            return payload if name in {"start", "help", "stop"} else f"{name} {payload}"
    return ""


# ---- what else comes in ---------------------------------------------------------------------


def edited(moment: Moment, given: Edited) -> Moment:
    if is_blank(given.text):
        return moment.tells("talk.unreadable").goes(STAY)
    before = moment.talk.parts or moment.facts.concerns  # else the first version was deleted
    told = "talk.edited" if before else "talk.kept-words"
    return keep(moment, given.text).tells(told).goes(_after_keeping(moment))


def attached(moment: Moment, given: Attached) -> Moment:
    """A file goes where words go. It is told in full once for a draft, then shortly."""
    if given.size is not None and given.size > LARGEST:
        return moment.tells("talk.file-too-big").goes(STAY)
    if moment.ask.typed.does in ABOUT_DANGER and alone_at_once(moment):
        return danger_file(moment, given).goes(moment.ask.typed.to)
    told = moment.talk.file_told
    kept = keep_file(moment, given)
    kept = kept.remembers(replace(kept.talk, file_told=True))
    return kept.tells("talk.file-again" if told else "talk.file").goes(_after_keeping(moment))


def _after_keeping(moment: Moment) -> str:
    typed = moment.ask.typed
    return typed.to if typed.does == "keep" else STAY
