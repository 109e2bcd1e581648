"""What could be plainer in a letter, and what may not stand in one to a carer: for the form, the
preview and, while somebody types, the script. It keeps and logs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.casework.access import Action, may
from bot.casework.model import Member
from bot.casework.plain import Rules, findings
from bot.casework.third_parties import Known, names_in, telling
from bot.console import writing
from bot.console.concern.pages import readable
from bot.console.concern.standing import answers
from bot.console.gate import Visit
from bot.console.letters.sitting import kind_of, today_of
from bot.turns.plain_words import care
from storage.concerns import OpenPart

REACHED = "back"  # the box for how staff are reached
CARERS_WORDS = ("words", "added", "not-answered", "danger-words", "danger-details", "for-whom")


@dataclass(frozen=True, slots=True)
class Note:
    """Something about one box. `stops`: it cannot go like this."""

    field: str
    words: str
    advice: str
    stops: bool = False


def hard_words(kind: str, words: Mapping[str, str], rules: Rules) -> list[Note]:
    """What could be said more plainly, box by box. It stops nothing."""
    return [
        Note(name, one.words, one.advice)
        for name in _boxes(kind)
        for one in findings(words[name], rules)
    ]


def known_to(parts: Sequence[OpenPart], member: Member) -> Known:
    """Names that the carer wrote. Those kept from it whom we found by name are not among them: what
    is refused would tell who they are."""
    told = [text for kind in CARERS_WORDS for text in answers(parts, kind)]
    kept = answers(parts, "kept-from")
    names = names_in(kept, care()) | names_in(told, care(), own=True)
    return Known(names, _signer(member))


def telling_of_others(
    kind: str, words: Mapping[str, str], known: Known, today: date
) -> Iterator[Note]:
    """What may not go to a carer while the person's agreement is not recorded."""
    signer = known.signer | frozenset(words["first_name"].split())
    for name in _boxes(kind):
        allowed = Known(known.names, signer)
        for one in telling(words[name], allowed, care(), today, reach=name == REACHED):
            yield Note(name, one.words, one.why, stops=True)


def as_problems(notes: Sequence[Note]) -> list[writing.Problem]:
    """One for each box, so that everything is said beside it."""
    texts: dict[str, list[str]] = {}
    for one in notes:
        texts.setdefault(one.field, []).append(f"“{one.words}”: {one.advice}")
    return [writing.Problem(field, " ".join(said)) for field, said in texts.items()]


async def check(visit: Visit) -> Response:
    """What the script asks for while somebody types. It opens nothing, so it cannot know what the
    carer wrote: names are looked for when the letter is looked at."""
    concern = await readable(visit)
    if not may(visit.member, concern.team, Action.ANSWER):
        raise HTTPException(403)
    kind, words = kind_of(visit.request), writing.written(visit.form)
    found = hard_words(kind, words, visit.console.desk.house.plain)
    if visit.form.get("to_carer") == "yes":
        known = Known(frozenset(), _signer(visit.member))
        found += telling_of_others(kind, words, known, today_of(visit, concern.team))
    return JSONResponse([asdict(one) for one in found])


def _boxes(kind: str) -> list[str]:
    return [box.name for box in writing.boxes(kind) if box.rows > 1]


def _signer(member: Member) -> frozenset[str]:
    return frozenset(member.name.split())
