"""Who and what the demo shows before a newcomer touches it. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.casework.answer import Answer
from bot.casework.model import Role

PHONES: Final = ("Service user", "Carer", "Member of staff")
PASSPHRASE: Final = "seven kettles on a quiet windowsill"  # noqa: S105 -- printed for every visitor


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff. `part` is what a visitor is told of them; Sam is there because the
    independent role takes two people."""

    name: str
    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    part: str = ""


# One answers and another leads, so that "one level up" is somebody else.
STAFF: Final = (
    Worker(
        "Priya Shah", ("rowan", "birch"), (Role.ANSWERER, Role.ANSWERER), "answers for both teams"
    ),
    Worker(
        "Tom Reyes",
        ("rowan", "birch"),
        (Role.LEAD, Role.LEAD, Role.ON_DUTY),
        "leads both teams and is on duty; the third phone is his",
    ),
    Worker(
        "Grace Okafor",
        (),
        (Role.SENIOR, Role.INDEPENDENT),
        'outside every team; gets what was sent to "Not sure"',
    ),
    Worker("Sam Lindqvist", (), (Role.INDEPENDENT,)),
)
SHOWN_STAFF: Final = tuple(one for one in STAFF if one.part)
WITH_THE_PHONE: Final = "Tom Reyes"


@dataclass(frozen=True, slots=True)
class Past:
    """A concern from before the visitor came: what was said, to whom, and how far it got."""

    said: tuple[str, ...]
    ago: timedelta
    handler: str | None = None  # has acknowledged it
    answer: Answer | None = None  # and told the outcome


PAST: Final = (
    Past(
        (
            "My medication was changed on Tuesday and nobody told me why.",
            "I asked twice. I was told the doctor would come, and she did not.",
            "Send",
            "Rowan ward",
            "No, send it",
            "Skip",
        ),
        ago=timedelta(days=5),
        handler="Priya Shah",
    ),
    Past(
        (
            "The crisis line rang out three times on Saturday night. My son was in a bad way.",
            "Send",
            "Birch community team",
            "No, send it",
            "Skip",
            "For someone else",
        ),
        ago=timedelta(days=4),
        handler="Tom Reyes",
        answer=Answer(
            first_name="Tom",
            role="team lead",
            thanks="Thank you for telling us. I am glad you wrote.",
            sorry="I am sorry that nobody picked up when you needed us.",
            done="The night line had one person on that Saturday. From this week there are two.",
            next="I will check the missed calls every Monday in December.",
            back="If it happens again, reply here and it comes back to me.",
        ),
    ),
    Past(
        (
            "The showers on the ward do not lock and people walk in.",
            "Send",
            "Rowan ward",
            "No, send it",
            "Skip",
            "For me",
        ),
        ago=timedelta(hours=20),
    ),
)
