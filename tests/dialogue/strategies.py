"""What people may say, send and do at any moment, for random walks through the talk."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.casework.model import State
from bot.dialogue.inputs import (
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    OpenNews,
    Pressed,
    PressedAbout,
    Returned,
    Said,
    SetAside,
    Unreadable,
)
from bot.dialogue.model import OwnConcern
from tests.dialogue.phone import INDEPENDENT, PLACES, TODAY, WORDING

TWO = (("en", "English"), ("cy", "Cymraeg"))
SENT = tuple(
    OwnConcern(f"{at:032x}", f"H-AAAA-{at:04d}", state, TODAY, None)
    for at, state in enumerate((State.SENT, State.OUTCOME, State.CLOSED, State.WITHDRAWN), 1)
)
HOMES = st.sampled_from(
    [
        *({}, {}, {"languages": TWO}),
        *({"places": PLACES[:1]}, {"places": ()}, {"staff": INDEPENDENT}, {"staff": ()}),
        *({"concerns": SENT[:1]}, {"concerns": SENT[:1]}, {"concerns": SENT}, {"concerns": SENT}),
    ]
)
PHRASES = sorted({one for line in WORDING.labels.values() for one in line.split("|") if one})
ANSWERS = st.sampled_from(
    [
        *("yes", "no", "not sure", "1", "2", "9", "sned", "dunno"),
        *("my mum", "H-7K2M-0003", "07700 900123", "reopen", "take it back", "add to it"),
        *("i am 14", "are you a real person?", "will they punish me?", "can you call me", "???"),
    ]
)
# Of places and people: where names are asked for they may add nothing to what was said already.
NAMES = st.sampled_from(
    ["rowan", "Dave", "mehta", "m", "he", "Helen Marsh, Tom Byrne", "the whole team"]
)
DANGER = st.sampled_from(
    [
        *("I want to kill myself tonight", "my son took all his pills and wont wake up"),
        *("he says he will hurt her with a knife", "im going to end it all", "I CANT GO ON"),
    ]
)
SCRIPTS = st.sampled_from(
    [
        "ماذا أفعل لا أحد يسمعني",
        "没有人听我说话",
        "Никто меня не слушает",
        "कोई नहीं सुनता",
        "😢😢 nobody 😢",
        "zażółć",
    ]
)
TAILS = (
    st.text(max_size=20) | SCRIPTS | st.sampled_from(["x" * 3900, "\n\n- a\n- b", "{reference}"])
)
ODD = st.sampled_from(
    [
        *(Unreadable(kind) for kind in ("sticker", "location", "contact", "poll")),
        *(SetAside(), Returned(), Elsewhere(), OpenNews("0" * 32)),
        *(Said(""), Said("\u200b\n"), Edited(" ")),
    ]
)
FORGED = st.sampled_from(
    [
        *(Forged(), Pressed(10**8, "send"), Pressed(10**8, "delete"), Pressed(10**8, "rowan")),
        *(PressedAbout("0" * 32, "add"), PressedAbout("f" * 32, "take-back")),
    ]
)
COMMANDS = st.sampled_from(
    [
        *(Commanded(name) for name in ("start", "help", "stop", "link", "concerns", "language")),
        *(Commanded("mydata"), Commanded("forget"), Commanded("unknown")),
        *(Commanded("start", "rowan-poster"), Commanded("start", "no-such-code")),
        *(Commanded("link", "AB12"), Commanded("help", "me with the ward")),
    ]
)
