"""What a member of staff did never goes to the team concerned, wherever the person taps."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest

from bot.casework.model import INDEPENDENT_TEAM
from bot.dialogue.effects import SendConcern, Tell
from bot.dialogue.inputs import Commanded, Pressed, Said
from bot.dialogue.model import Talk
from bot.dialogue.step import step
from tests.dialogue.phone import PLACES, STAFF, Phone

TEAMS = {
    place.id: {one.id for one in STAFF if one.memberships[0].team == place.id} for place in PLACES
}


def _sendings(phone, first):
    """Every concern that taps can send, with whether it was said that it is about staff."""
    facts = phone.facts()
    start = step(Talk(), first, facts)
    todo = deque([(start.talk, start.effects)])
    seen = set()
    while todo:
        talk, effects = todo.popleft()
        for tell in (one for one in effects if isinstance(one, Tell) and one.prompt):
            for button in (button for row in tell.rows for button in row):
                after = step(talk, Pressed(talk.step, button.choice), facts)
                sent = [one for one in after.effects if isinstance(one, SendConcern)]
                yield from ((one, talk.about_staff or one.topic == "staff") for one in sent)
                if not sent and replace(after.talk, step=0) not in seen:
                    seen.add(replace(after.talk, step=0))
                    todo.append((after.talk, after.effects))


@pytest.mark.parametrize("places", [PLACES, PLACES[:1]], ids=["two teams", "one team"])
@pytest.mark.parametrize(
    "first", [Said("She hit me."), Commanded("start", "rowan-poster")], ids=["words", "link"]
)
def test_by_every_way_of_tapping_it_goes_outside_and_the_whole_team_is_kept_out(places, first):
    found = list(_sendings(Phone(places=places), first))
    about = [sent for sent, staff in found if staff]
    assert len(about) > 5
    for sent in about:
        assert sent.team == INDEPENDENT_TEAM
        assert TEAMS.get(sent.place, set()) <= set(sent.kept_from)
    assert any(sent.team == "rowan" for sent, staff in found if not staff)


def test_the_topic_counts_whether_it_is_chosen_before_or_after_the_place():
    phone = Phone()
    phone.says("She hit me.")
    for tap in ("Send", "Rowan Ward", "Back", "Back", "Choose what it is about"):
        phone.taps(tap)
    phone.taps("What a member of staff did")
    phone.taps("Send")
    assert phone.shown[-1].tell.key == "talk.kept-staff"
    phone.taps("No, send it")
    sent, _ = phone.sent[0]
    assert (sent.team, sent.place) == (INDEPENDENT_TEAM, "rowan")
    assert set(sent.kept_from) == TEAMS["rowan"]


def test_it_is_about_staff_there_stays_said_when_the_place_is_changed():
    phone = Phone()
    phone.says("She hit me.")
    for tap in ("Send", "Rowan Ward", "It is about staff there", "Back", "Back"):
        phone.taps(tap)
    phone.taps("North Community Team")
    phone.taps("Send it")
    sent, _ = phone.sent[0]
    assert (sent.team, sent.place) == (INDEPENDENT_TEAM, "north")
    assert set(sent.kept_from) == TEAMS["north"]


def test_an_old_draft_about_delays_is_sent_under_the_topic_it_was_folded_into():
    phone = Phone(talk=Talk(at="kept", topic="system", place="rowan", trail=("saved",)))
    phone.says("no")
    assert phone.sent[0][0].topic == "missing"


def test_when_only_the_team_could_read_it_misconduct_is_not_sent_and_that_is_said():
    team = tuple(one for one in STAFF if one.memberships[0].team == "rowan")
    phone = Phone(staff=team)
    for one in ("She hit me.", "send", "rowan"):
        phone.says(one)
    phone.taps("It is about staff there")
    assert phone.sent == []
    assert phone.shown[-1].tell.key == "talk.nobody"
