"""What is asked after sending: a yes to danger is never lost; looking elsewhere costs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.casework.model import State
from bot.dialogue.effects import AddToConcern, KeepFile, NoteOnConcern, Tell
from bot.dialogue.inputs import Attached, Commanded, Edited
from tests.dialogue.phone import Phone

WORRY = "I have not slept for weeks, and my own work is going to pieces over it."


def sent(*taps):
    phone = Phone()
    phone.says("The ward is cold.")
    for tap in ("Send", "Rowan Ward", "No, send it", *taps):
        phone.taps(tap)
    return phone


def noted(phone):
    return [(one.kind, one.words) for one in phone.effects if isinstance(one, NoteOnConcern)]


def told(phone):
    return [one.key for one in phone.effects if isinstance(one, Tell)]


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "tapped"])
@pytest.mark.parametrize("on", [(), ("Skip",), ("Skip", "Nothing needed", "No, leave it here")])
def test_danger_that_was_skipped_and_then_said_is_noted_and_who_and_where_are_asked(typed, on):
    phone = sent("Skip", *on)
    if typed:
        phone.says("yes, in danger now")
    else:
        phone.taps("Yes, in danger now")
    assert noted(phone) == [("in-danger", "yes")]
    assert told(phone) == ["help.alarm-told", "talk.noted", "talk.danger-details"]


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.LOOKING])
def test_where_somebody_is_goes_to_staff_at_once_when_they_have_just_taken_it_up(state):
    phone = sent("Yes, in danger now")
    phone.becomes(phone.concerns[0].reference, state)
    phone.says("It is my brother, at 4 Elm Road, 07700 900123.")
    assert [kind for kind, _ in noted(phone)] == ["danger-details"]
    assert phone.draft == []


VOICE = Attached("voice", "ticket", 5_000)


@pytest.mark.parametrize("taps", [(), ("Yes, in danger now",)], ids=["asked", "yes"])
def test_a_voice_note_about_danger_goes_to_staff_at_once(taps):
    phone = sent(*taps)
    about = phone.concerns[0].id
    phone.does(VOICE)
    assert [type(one) for one in phone.effects[:2]] == [KeepFile, AddToConcern]
    assert phone.effects[1].concern_id == about
    assert told(phone)[0] == "talk.danger-words"
    assert phone.draft == []


def test_a_voice_note_takes_along_nothing_that_is_still_unsent():
    phone = sent("Yes, in danger now")
    phone.does(Edited("And the food is cold."))
    phone.talk = replace(phone.talk, at="danger-details")
    phone.does(VOICE)
    assert not any(isinstance(one, AddToConcern) for one in phone.effects)
    assert len(phone.draft) == 2


def test_a_voice_note_after_an_outcome_waits_until_it_is_asked_where_it_belongs():
    phone = sent("Yes, in danger now")
    phone.becomes(phone.concerns[0].reference, State.OUTCOME)
    phone.does(VOICE)
    assert not any(isinstance(one, AddToConcern) for one in phone.effects)
    assert len(phone.draft) == 1


def test_danger_said_over_a_draft_is_noted_and_leaves_the_draft_where_it_was():
    phone = sent("Skip", "Skip", "Nothing needed", "No, leave it here")
    phone.says("Something else happened.")
    phone.taps("Something new")
    phone.taps("Yes, in danger now")
    assert noted(phone) == [("in-danger", "yes")]
    assert told(phone)[-1] == "talk.saved"
    assert phone.draft == ["Something else happened."]


def test_a_doubled_tap_on_yes_is_noted_once():
    phone = sent("Yes, in danger now")
    phone.taps("Yes, in danger now")
    assert noted(phone) == []
    assert "help.block" in told(phone)


def test_danger_said_when_all_has_ended_gets_help_and_notes_nothing():
    phone = sent("Skip")
    phone.becomes(phone.concerns[0].reference, State.CLOSED)
    phone.taps("Yes, in danger now")
    assert noted(phone) == []
    assert told(phone)[0] == "help.block"


@pytest.mark.parametrize(("days", "denied"), [(0, True), (2, True), (3, False), (200, False)])
def test_i_am_safe_takes_back_a_yes_of_the_last_two_days_only(days, denied):
    phone = sent("Yes, in danger now", "Skip", "Skip", "Nothing needed", "No, leave it here")
    phone.waits(timedelta(days=days))
    phone.says("i was joking")
    assert noted(phone) == ([("in-danger", "no")] if denied else [])
    assert phone.draft == ([] if denied else ["i was joking"])


def test_i_was_joking_about_what_is_being_written_says_nothing_of_an_older_concern():
    phone = sent("Yes, in danger now", "Skip", "Skip", "Nothing needed", "No, leave it here")
    phone.says("The food is bad too.")
    phone.taps("Something new")
    phone.says("i was joking")
    assert noted(phone) == []
    assert phone.draft == ["The food is bad too.", "i was joking"]


@pytest.mark.parametrize("name", ["concerns", "language", "mydata", "forget"])
def test_whoever_looks_elsewhere_comes_back_to_the_question_and_its_own_concern(name):
    phone = sent("Skip", "Skip", "Nothing needed", "No, leave it here")
    phone.says("Another thing.")
    for tap in ("Something new", "Send", "Rowan Ward", "No, send it", "Skip", "For my partner"):
        phone.taps(tap)
    newest = phone.talk.about
    phone.does(Commanded(name))
    if name == "concerns":
        phone.says("2")
        assert phone.talk.about != newest
    phone.taps("Back")
    if name == "concerns":
        phone.taps("Back")
    assert (phone.talk.at, phone.talk.about) == ("agrees", newest)
    assert phone.talk.carer


def test_nothing_more_is_asked_of_what_was_taken_back():
    phone = sent("Skip")
    for tap in ("Take it back", "Yes, take it back"):
        phone.taps(tap)
    assert phone.talk.at == "idle"


def test_a_carers_worry_in_several_messages_stays_a_worry_and_the_name_is_still_asked():
    phone = sent("Skip", "For my partner", "They do not know")
    phone.says("I cry every day.")
    phone.says(WORRY)
    assert noted(phone) == [("own-worry", WORRY)]
    phone.says("Sue")
    assert noted(phone) == [("write-to", "Sue")]


def test_words_of_danger_are_noted_as_that_whatever_was_asked():
    phone = sent("Skip", "Skip")
    phone.says("I am going to kill myself tonight")
    assert noted(phone) == [("danger-words", "I am going to kill myself tonight")]


@pytest.mark.parametrize("tap", ["Yes, in danger now", "Get help now"])
def test_danger_right_after_the_contacts_gets_the_short_list(tap):
    phone = sent(tap)
    phone.says("I am going to kill myself tonight")
    assert told(phone)[0] == "help.danger-short"


def test_who_will_see_this_is_true_of_what_was_sent_outside_the_team():
    phone = sent()
    phone.says("who will see this")
    assert told(phone)[0] == "talk.re-who-sees-sent"


def test_an_edit_of_what_was_deleted_is_not_said_to_be_kept_twice():
    phone = Phone()
    phone.says("The ward is cold.")
    for tap in ("Stop", "Delete it"):
        phone.taps(tap)
    phone.says("hello")
    phone.does(Edited("The ward is warm."))
    assert "talk.edited" not in told(phone)


@pytest.mark.parametrize("taps", [("Yes, in danger now",), ("Skip", "Skip"), ()])
def test_of_words_that_went_to_staff_at_once_the_bot_remembers_none(taps):
    phone = sent(*taps)
    phone.says("Flat 3, Elm Road")
    assert noted(phone)
    assert "Elm" not in repr(phone.talk)


@pytest.mark.parametrize("bare", ["yes", "ok", "no"])
def test_a_bare_yes_or_no_is_never_taken_for_the_agreement_of_somebody_else(bare):
    phone = sent("Skip", "For my child")
    phone.says(bare)
    assert noted(phone) == []
    assert told(phone) == ["talk.which-no", "talk.agrees"]
    phone.says("yes, they agree")
    assert noted(phone) == [("consent", "yes")]


def test_that_staff_are_told_is_said_only_while_somebody_can_be():
    phone = sent()
    phone.on_call = False
    phone.taps("Yes, in danger now")
    assert told(phone)[0] == "help.alarm"
    phone.taps("Skip")
    phone.on_call = True
    phone.taps("Yes, in danger now")
    assert told(phone)[0] == "help.alarm-told"


def two_sent():
    phone = sent("Skip", "Skip", "Nothing needed", "No, leave it here")
    phone.says("Another thing.")
    for tap in ("Something new", "Send", "Rowan Ward", "No, send it", "Skip"):
        phone.taps(tap)
    return phone


def test_an_old_yes_counts_for_the_concern_that_it_was_asked_about():
    phone = two_sent()
    older = phone.concerns[1].id
    phone.taps("Yes, in danger now", oldest=True)
    assert [one.concern_id for one in phone.effects if isinstance(one, NoteOnConcern)] == [older]
    assert told(phone) == ["help.alarm-told", "talk.noted", "talk.adding"]
    assert phone.talk.about == older


def test_an_old_yes_over_a_draft_leaves_the_draft_where_it_was():
    phone = two_sent()
    phone.says("Something else happened, and it was long and bad.")
    at = phone.talk.at
    phone.taps("Yes, in danger now", oldest=True)
    assert noted(phone) == [("in-danger", "yes")]
    assert phone.talk.at == at
    assert phone.draft == ["Something else happened, and it was long and bad."]


def test_an_old_yes_for_what_has_ended_gets_help_and_notes_nothing():
    phone = two_sent()
    phone.becomes(phone.concerns[1].reference, State.CLOSED)
    phone.taps("Yes, in danger now", oldest=True)
    assert noted(phone) == []
    assert told(phone)[0] == "help.block"
