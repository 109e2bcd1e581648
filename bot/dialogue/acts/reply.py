"""What the choices of the chapter `reply` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import OPEN_STATES, State
from bot.dialogue.acts.act import Act, keep_aside, note
from bot.dialogue.acts.sent import quietly
from bot.dialogue.effects import Merge
from bot.dialogue.known import own_concern
from bot.dialogue.moment import Moment

WANTS_TALK: Final = "wants-talk"


def _skip_question(moment: Moment, _: str) -> Moment:
    """Staff hear that no answer comes, so that they do not wait for one."""
    own = own_concern(moment.talk.about, moment.facts)
    if own is None or not own.asked:
        return moment.tells("talk.cannot-now")
    return quietly(moment, "question-skipped", "skip").tells("talk.question-skipped")


def _want_talk(moment: Moment, _: str) -> Moment:
    return quietly(moment, WANTS_TALK, "yes")


def _want_no_talk(moment: Moment, _: str) -> Moment:
    return quietly(moment, WANTS_TALK, "no").tells("talk.no-talk")


def _tell_talk_how(moment: Moment, words: str) -> Moment:
    """Days later, or when it has ended, words may be about anything: they are kept."""
    own = own_concern(moment.talk.about, moment.facts)
    if moment.facts.away or own is None or own.state not in OPEN_STATES:
        return keep_aside(moment, words)
    return note(moment, WANTS_TALK, words)


def _merge(moment: Moment, _: str) -> Moment:
    """Only where it was asked, of two that are theirs and still open; else nothing changes."""
    own = own_concern(moment.talk.about, moment.facts)
    older = own_concern(own.one_with, moment.facts) if own is not None else None
    if own is None or older is None or older.state not in OPEN_STATES:
        return moment.tells("talk.cannot-now")
    return moment.does(Merge(own.id, older.id)).moved(own.id, State.CLOSED)


def _keep_apart(moment: Moment, _: str) -> Moment:
    """Staff are told nothing: they do not know whether anybody was asked."""
    return moment.tells("talk.kept-apart")


ACTS: Final[Mapping[str, Act]] = {
    "skip_question": _skip_question,
    "want_talk": _want_talk,
    "want_no_talk": _want_no_talk,
    "tell_talk_how": _tell_talk_how,
    "merge": _merge,
    "keep_apart": _keep_apart,
}
