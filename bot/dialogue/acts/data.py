"""What the choices of the chapter `data` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.acts.act import Act, say
from bot.dialogue.effects import AskForData, ForgetPerson, RaiseDataComplaint, SendOwnData
from bot.dialogue.known import complaint_by, complaint_reference, copy_by
from bot.dialogue.moment import Moment


def _get_data(moment: Moment, _: str) -> Moment:
    facts = moment.facts
    sent = moment.tells("talk.data-file").does(SendOwnData())
    if not facts.concerns:
        return sent
    wanted = [one.id for one in facts.concerns if one.id not in facts.data_asked]
    if not wanted:
        return sent.tells("talk.data-asked-before")
    asked = sent.does(*(AskForData(one, copy_by(facts)) for one in wanted))
    return asked.tells("talk.data-asked")


def _complain(moment: Moment, words: str) -> Moment:
    facts = moment.facts
    raised = RaiseDataComplaint(
        facts.new_id, complaint_reference(facts), words, complaint_by(facts)
    )
    return moment.does(raised).tells("talk.complaint-sent")


def _forget(moment: Moment, _: str) -> Moment:
    return moment.tells("talk.forgotten").does(ForgetPerson())


ACTS: Final[Mapping[str, Act]] = {
    "get_data": _get_data,
    "complain": _complain,
    "forget": _forget,
    "say_be_sure": say("talk.be-sure"),
    "say_nothing_to_clear": say("talk.nothing-to-clear"),
}
