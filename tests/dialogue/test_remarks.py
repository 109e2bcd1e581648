"""Questions and remarks are met in place, and a story is never taken for one."""

from __future__ import annotations

import pytest

from bot.dialogue.effects import Keep, Tell
from bot.dialogue.remarks import QUESTIONS, REMARKS, notice
from tests.dialogue.phone import WORDING, Phone

LABELS = WORDING.labels


def ids(text):
    return [one.id for one in notice(text, LABELS).remarks]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("who will see this", "who-sees"),
        ("hi, who will see this??", "who-sees"),
        ("WHOS GONNA C THIS", "who-sees"),
        ("who wil raed dis", "who-sees"),
        ("will they punnish me", "punish"),
        ("Am I in trouble now?", "punish"),
        ("r u a real person", "bot"),
        ("are you AI?", "bot"),
        ("Is anyone there", "bot"),
        ("did it sned", "sent"),
        ("has it been sent yet?", "sent"),
        ("How long???", "long"),
        ("when will i hear back pls", "long"),
        ("can u call me", "call"),
        ("can I talk to a human please", "call"),
        ("Whats a concern", "concern"),
        ("is this anonymous", "private"),
        ("do i have to give my name", "private"),
        ("what if they find out it was me", "find-out"),
        ("how do i delete this", "delete"),
        ("is it too late to complain", "late"),
        ("will you tell my mum", "family"),
        ("how does this work", "how"),
    ],
)
def test_a_message_that_is_a_question_is_nothing_else(text, id_):
    found = notice(text, LABELS)
    assert found.whole
    assert ids(text) == [id_]


def test_every_phrase_is_understood_as_its_own_remark():
    for remark in REMARKS:
        for phrase in LABELS[remark.phrases].split("|"):
            found = notice(phrase.replace("#", "14"), LABELS)
            assert found.remarks[:1] == (remark,), phrase
            assert found.whole, phrase


@pytest.mark.parametrize(
    "text",
    [
        "How long was I left alone for",
        "did she send it to my mum without asking",
        "who will see this through with me now my nurse has gone",
        "They said they will call me and they never did",
        "I asked will they punish me and the nurse laughed",
        "is this a real person treating me like that, or a monster",
        "what happens to it when I am discharged is what nobody tells me",
        "when I was 14 he hit me",
        "my daughter is 14",
        "im 14 stone now because of the tablets",
        "I am 15 minutes late and they discharged me",
        "I was a nurse once",
        "stupid rules",
        "They told me I am useless",
        "useless staff, nobody came",
        "fuck off is what he said to me",
        "It was years ago that they first promised",
        "was",
        "help was",
        "\U0001f622",
        "\u0644\u0627 \u0623\u062d\u062f",
    ],
)
def test_a_story_is_never_swallowed(text):
    phone = Phone()
    phone.says("They lost my notes.")
    phone.says(text)
    assert phone.draft[1:] == [text]


@pytest.mark.parametrize("question", [one.phrases for one in QUESTIONS])
def test_a_question_in_any_state_is_answered_and_leaves_everything_as_it_was(question):
    text = LABELS[question].split("|")[0]
    phone = Phone()
    phone.says("They lost my notes.")
    for tap in ("Send", "Rowan Ward", "Yes, choose"):
        before = phone.talk
        seen = phone.says(text)
        assert phone.talk == before
        assert [one.tell.prompt for one in seen] == [False, True]
        phone.taps(tap)
    assert phone.draft == ["They lost my notes."]


def test_a_longer_text_with_a_question_is_kept_and_answered():
    phone = Phone()
    text = "They took my phone and nobody told me why. Who will see this?"
    seen = phone.says(text)
    assert phone.draft == [text]
    assert "talk.re-who-sees" in [one.tell.key for one in seen if not isinstance(one, str)]


@pytest.mark.parametrize(
    "text", ["im 14", "I'm 14yo and scared", "I am fourteen", "im only 12 years old", "Im under 18"]
)
def test_a_child_is_shown_childrens_lines_from_then_on(text):
    phone = Phone()
    phone.says(text)
    assert phone.talk.child
    assert phone.draft == [text]
    phone.taps("Get help now")
    lines = phone.shown[-2].text.splitlines()
    assert next(at for at, one in enumerate(lines) if "Childline" in one) < len(lines) // 2


def test_what_is_left_out_is_the_newest_part_and_only_while_it_is():
    phone = Phone()
    phone.says("They lost my notes.")
    phone.says("fuck off")
    assert phone.draft == ["They lost my notes.", "fuck off"]
    phone.taps("Leave that out")
    assert phone.draft == ["They lost my notes."]
    phone.taps("Leave that out")
    assert phone.draft == ["They lost my notes."]
    phone.says("piss off")
    phone.says("And my letters.")
    phone.taps("Leave that out", oldest=True)
    assert phone.draft == ["They lost my notes.", "piss off", "And my letters."]


def test_of_two_odd_things_each_button_leaves_out_its_own_or_nothing():
    phone = Phone()
    phone.says("fuck off")
    phone.says("shut up")
    phone.taps("Leave that out", oldest=True)
    assert phone.draft == ["fuck off", "shut up"]
    phone.taps("Leave that out")
    assert phone.draft == ["fuck off"]


def test_a_remark_about_oneself_is_not_taken_for_a_name():
    phone = Phone()
    phone.says("He hurt me.")
    phone.taps("Send")
    phone.taps("Rowan Ward")
    phone.says("im 14")
    assert phone.talk.kept_from_words == ""
    assert phone.draft[-1] == "im 14"
    seen = phone.says("that bastard Dave")
    assert phone.talk.kept_from == ("dave-palmer",)
    assert not [one for one in seen if isinstance(one, Keep)]


@pytest.mark.parametrize(
    ("concerns", "draft", "key"),
    [
        (False, False, "talk.re-sent-nothing"),
        (False, True, "talk.re-sent-draft"),
        (True, False, "talk.re-sent-done"),
        (True, True, "talk.re-sent-both"),
    ],
)
def test_did_it_send_is_answered_as_it_is(concerns, draft, key):
    phone = Phone()
    if concerns:
        for one in ("They lost my notes.", "send", "rowan", "no", "skip", "skip", "skip", "skip"):
            phone.says(one)
    if draft:
        phone.says("And my letters, all of them.")
    tells = [one.tell for one in phone.says("did it send?") if not isinstance(one, str)]
    assert key in [one.key for one in tells]
    assert all(isinstance(one, Tell) for one in tells)
