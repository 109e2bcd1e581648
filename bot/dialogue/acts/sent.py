"""What the choices of the chapter `sent` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.casework.model import OPEN_STATES
from bot.dialogue.acts.act import Act, keep, note
from bot.dialogue.answers import plain
from bot.dialogue.asks.sent import RELATIONS
from bot.dialogue.danger import shows_danger
from bot.dialogue.effects import AddToConcern, ClearChat, KeepFile, NoteOnConcern
from bot.dialogue.inputs import Attached
from bot.dialogue.known import goes_at_once, is_fresh, latest_open
from bot.dialogue.model import Facts, OwnConcern
from bot.dialogue.moment import Moment
from bot.dialogue.table import STAY

LONGEST_ANSWER: Final = 60  # characters of "who is it for?"; "my dad, who is on the ward"
MOST_WORDS: Final = 3  # that say whom it is for without a word such as "mum"
LONGEST_NAME: Final = 60  # characters of how to write to a carer; more is still about their worry
LONGEST_WISH: Final = 160  # characters of how to write to somebody; longer is a part of the concern


OWN_WORRY: Final = "own-worry"
# What is told at these questions is about danger; each has its act below.
ABOUT_DANGER: Final = frozenset({"tell_danger", "tell_details", "tell_whom_or_details"})


def quietly(moment: Moment, kind: str, words: str, concern_id: str | None = None) -> Moment:
    """What was tapped needs no word back: the next question shows that it was taken."""
    return moment.does(NoteOnConcern(concern_id or moment.talk.about or "", kind, words))


def answer(kind: str, longest: int = 4096) -> Act:
    """An act that notes own words as the answer to a question, up to so many characters. More, or
    words after staff have moved it on, may be about anything: they are kept, and it is asked. Words
    of danger are noted as that, whatever was asked."""

    def answer(moment: Moment, words: str) -> Moment:
        if len(words) <= longest and is_fresh(moment.talk, moment.facts):
            danger = kind != OWN_WORRY and shows_danger(words, "", moment.facts.lexicon)
            return note(moment, "danger-words" if danger else kind, words)
        return keep(moment, words)

    return answer


# ---- danger -----------------------------------------------------------------------------------


def _sound(moment: Moment, _: str) -> Moment:
    """Help comes first. That staff are alerted is said only while somebody can be."""
    today, about = moment.facts.today.isoformat(), moment.talk.about or ""
    talk = replace(moment.talk, alarmed=about, alarmed_on=today)
    key = "help.alarm-told" if about in moment.facts.alertable else "help.alarm"
    return quietly(moment.remembers(talk).tells(key), "in-danger", "yes")


def sound_late(moment: Moment, _: str) -> Moment:
    """The answer that was skipped, or is true only now."""
    newest = latest_open(moment.facts)
    return _sound_about(moment, newest.id if newest else None)


def _sound_about(moment: Moment, concern_id: str | None) -> Moment:
    before = moment.talk.about
    about = replace(moment.talk, about=concern_id)
    sounded = _sound(moment.remembers(about), "").tells("talk.noted")
    return sounded.remembers(replace(sounded.talk, about=before))


def in_danger_about(moment: Moment, own: OwnConcern) -> Moment | None:
    """A tap on a yes of any age counts for the concern that it was asked about. None when nothing
    can be done there any more, or for a doubled tap, which says nothing new."""
    talk, newest = moment.talk, own is moment.facts.concerns[0]
    asked = talk.at == "danger" and talk.about == own.id
    if own.state not in OPEN_STATES or (talk.at == "danger-details" and talk.alarmed == own.id):
        return None
    if asked:
        return _sound(moment, "").goes("danger-details")
    sounded = _sound_about(moment, own.id)
    if talk.parts or talk.topic:
        return sounded.goes(STAY)
    if newest and goes_at_once(replace(talk, about=own.id), moment.facts):
        return sounded.goes("danger-details")
    return sounded.remembers(replace(sounded.talk, about=own.id)).goes("adding")


def _note_no_danger(moment: Moment, _: str) -> Moment:
    return quietly(moment, "in-danger", "no")


def _note_unsure_danger(moment: Moment, _: str) -> Moment:
    return quietly(moment, "in-danger", "not-sure").tells("talk.danger-unsure")


def deny(moment: Moment, _: str) -> Moment:
    """Said after a yes. Both stay with the concern, as they were said."""
    return quietly(moment, "in-danger", "no", moment.talk.alarmed).tells("talk.danger-denied")


def _told_of_danger(kind: str) -> Act:
    """Words about danger go to the concern at once: nobody shaking should have to tap Send."""

    def tell(moment: Moment, words: str) -> Moment:
        if not goes_at_once(moment.talk, moment.facts):
            return keep(moment, words)
        return quietly(moment, kind, words).tells("talk.danger-words")

    return tell


def alone_at_once(moment: Moment) -> bool:
    """Whether what is sent of danger goes at once, and takes nothing along that is still unsent."""
    return not moment.talk.parts and goes_at_once(moment.talk, moment.facts)


def danger_file(moment: Moment, file: Attached) -> Moment:
    """A file goes as such words go: who shakes or cannot write speaks where they are."""
    kept = moment.does(KeepFile(file.kind, file.ticket, file.size))
    return kept.does(AddToConcern(moment.talk.about or "")).tells("talk.danger-words")


_tell_details: Final = _told_of_danger("danger-details")


# ---- the others -------------------------------------------------------------------------------


def _for(moment: Moment, *, carer: bool) -> Moment:
    return moment.remembers(replace(moment.talk, carer=carer))


def _note_for_whom(moment: Moment, choice: str) -> Moment:
    return quietly(_for(moment, carer=choice != "me"), "for-whom", choice)


def _tell_for_whom(moment: Moment, words: str) -> Moment:
    """A few words answer the question, more only if they tell of somebody: "the food is cold" is
    something else, and may belong somewhere else."""
    carer = _tells_of_somebody(words, moment.facts)
    if not carer and len(words.split()) > MOST_WORDS:
        return keep(moment, words)
    return answer("for-whom", LONGEST_ANSWER)(_for(moment, carer=carer), words)


def _tell_whom_or_details(moment: Moment, words: str) -> Moment:
    """Words like "my brother" answer the question; anything longer is more about the danger."""
    few = len(words.split()) <= MOST_WORDS
    if few and _tells_of_somebody(words, moment.facts):
        return _tell_for_whom(moment, words)
    return _tell_details(moment, words)


def _tells_of_somebody(words: str, facts: Facts) -> bool:
    relations = {plain(one) for one in facts.labels.get(RELATIONS, "").split("|")}
    return not relations.isdisjoint(plain(words).split())


def _tell_write_to(moment: Moment, words: str) -> Moment:
    """A worry comes in several messages: from a carer, more than a name is more of it."""
    if not moment.talk.carer or len(words) <= LONGEST_NAME:
        return answer("write-to", LONGEST_WISH)(moment, words)
    noted = answer(OWN_WORRY)(moment, words)
    return noted.remembers(replace(noted.talk, at=OWN_WORRY))  # so that this is asked again


def _note_write_to(moment: Moment, choice: str) -> Moment:
    return quietly(moment, "write-to", choice)


def clear_chat(moment: Moment, _: str) -> Moment:
    return moment.does(ClearChat(moment.talk.about))


ACTS: Final[Mapping[str, Act]] = {
    "sound": _sound,
    "note_no_danger": _note_no_danger,
    "note_unsure_danger": _note_unsure_danger,
    "deny": deny,
    "sound_late": sound_late,
    "tell_danger": _told_of_danger("danger-words"),
    "tell_details": _tell_details,
    "tell_whom_or_details": _tell_whom_or_details,
    "note_for_whom": _note_for_whom,
    "tell_for_whom": _tell_for_whom,
    "note_write_to": _note_write_to,
    "tell_write_to": _tell_write_to,
    "clear_chat": clear_chat,
}
