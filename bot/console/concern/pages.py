"""One concern as a page, and the acts that need no words: acknowledge, look into it, carry on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.model import Act, Concern, Event, NotAllowed
from bot.console import phrases, writing
from bot.console.concern import actions, marked, standing, timeline
from bot.console.concern.panels.every import PANELS
from bot.console.gate import Visit, go
from bot.console.worklist import WAITING_FOR_THEM
from bot.desk.desk import OpenedConcern
from bot.turns import attachments
from bot.turns.concern import as_concern
from storage import audit, concerns, data_requests, staff_names
from storage.errors import DamagedRow

# What just happened, by the word in the page's address: an address never carries the text itself.
DONE: Final[Mapping[str, str]] = {
    "acknowledge": "Acknowledged. The person will be told.",
    "acknowledge-offered": "Acknowledged. The person is asked if they want to talk with you.",
    "question": "Your question is on its way to the person. You will see here what they reply.",
    "noted": "It is kept for colleagues. The person never sees it.",
    "coded": "It is kept what this is about. The person's own words and choice stay as they are.",
    "published": "It is published. Those who asked are told by day, after ten minutes.",
    "linked": "They are linked. Each one keeps its person, its promises and its answer.",
    "unlinked": "They are no longer linked.",
    "asked-whether-one": (
        "If both are from one person, they are asked. You will see it here if they agree."
    ),
    "look-into": "The person will be told that you are looking into it.",
    "resume": "It goes on. The person will be told.",
    "take": "It is yours now. The dates that the person was told stay as they are.",
    "higher": "It has gone up. Those above and the person will be told.",
    "answer": "Your answer is on its way to the person.",
    "pause": "It is paused. The person will be told why, and by when they hear again.",
    "outcome": "The outcome is on its way to the person. They will be asked if it answers them.",
    "passed": "It is passed on. Your colleague is told.",
    "passed-team": "It is passed on. The team and the person are told.",
    "passed-untold": "It is passed on. The team is told.",
    "access-given": "They can read it now.",
    "send-copy": "The copy is on its way to the person.",
    "untold": "It is noted. Nobody is told: this person asked to be forgotten.",
    "saved": "Your answer is saved, not sent. Only you can read it.",
}
# Why the desk refused, by its reason; for any other, the concern simply moved on.
REFUSALS: Final[Mapping[str, str]] = {
    "no-outcome": "A line is published from an outcome. There is none now.",
    "line-refused": "The line was not published. Please look at it again.",
    "open-it-first": "Please read the concern below first. Then you can acknowledge it.",
    "too-long": "It is too long for one message, so it was not sent. It is kept. Make it shorter.",
    "asked": "A question to the person is still open. Wait for their reply.",
    "no-such": "There is no other concern with that reference that you can read.",
    "open-both": "Please open and read the other concern first. Then link it.",
    "linked": "These two are linked already.",
    "not-linked": "These two are not linked.",
    "not-mergeable": (
        "That cannot be asked of these two. Both must be open, and with the same team."
    ),
    "asked-before": "That was asked for these two before. It is asked only once.",
    "nobody": "It cannot go to that colleague.",
    "nobody-there": "It cannot go to that team.",
    "say-why": "Write why it is passed to a team, for your colleagues.",
    "not-agreed": "Do not pass it to a team unless the person agreed. If they did, tick the box.",
    "copy-sent": "The copy was sent already, or nobody asks for one any more.",
    "unreachable": "The way back to the person cannot be read. Whoever runs Heard has been told.",
    "busy": "Many people are working on this at the same moment. Please try again.",
}
MOVED_ON: Final = "This concern has moved on since you opened it. Here is how it is now."
CHANGES: Final = {"acknowledge": Act.ACKNOWLEDGE, "look-into": Act.LOOK_INTO, "resume": Act.RESUME}


async def concern_page(visit: Visit) -> Response:
    query = visit.request.query_params
    done, refused = DONE.get(query.get("done", ""), ""), query.get("refused", "")
    return await show_concern(visit, done=done, refusal=REFUSALS.get(refused, ""))


async def change(visit: Visit) -> Response:
    """Acknowledge, look into or carry on. It does not open the concern: having opened it is what
    acknowledging asks for."""
    path = visit.request.url.path.rpartition("/")[2]
    concern = await readable(visit)
    if not may(visit.member, concern.team, Action.ANSWER):
        raise HTTPException(403)
    offers = path == "acknowledge" and visit.form.get("offer") == "talk"
    event = Event(CHANGES[path], by=visit.member.id, offers_talk=offers)
    desk = visit.console.desk
    try:
        await desk.act(visit.member, visit.reference, event)
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    done = "untold" if concern.forgotten else path + "-offered" * offers
    return go(f"/concerns/{concern.reference}?done={done}")


async def show_concern(
    visit: Visit, status: int = 200, *, done: str = "", refusal: str = ""
) -> Response:
    console, member = visit.console, visit.member
    opened = await console.desk.open(member, visit.session.private, visit.reference)
    if opened is None:
        raise HTTPException(404)
    concern, now = opened.concern, console.clock.now()
    zone, house = console.zone(concern.team), console.desk.house
    answerer = may(member, concern.team, Action.ANSWER)
    looks = await reader(visit, opened)
    asked = await copy_asked(visit, concern)
    return visit.page(
        "concern.html",
        status,
        opened=opened,
        card=timeline.card(concern, house.team_name(concern.team), now, zone),
        owner=looks.name(concern.owner_id) if concern.owner_id else "",
        entries=await entries(visit, opened, looks),
        for_whom=standing.for_whom(opened.parts),
        carer=standing.carer(opened.parts),
        danger=standing.danger(opened.parts, concern),
        forgotten=concern.forgotten,
        copy_asked=phrases.day(asked) if asked else "",
        copy_due=phrases.day(concern.data_due) if concern.data_due else "",
        actions=actions.actions(concern, member, house, now),
        no_actions="Nothing more can be done here."
        if answerer
        else "You can read this concern. Answering it is for others in your team.",
        waits_for_us=concern.state not in WAITING_FOR_THEM,
        draft_kind=writing.kind_of(await draft_of(visit)),
        marked=marked.marks_of(opened.parts),
        done=done,
        refusal=refusal,
        panels=await _panels(visit, opened),
        came_back=visit.request.method == "POST",
    )


async def _panels(
    visit: Visit, opened: OpenedConcern
) -> list[tuple[str, list[tuple[str, Mapping[str, object]]]]]:
    """The groups of the page's parts: of each, the template and the values of every part that has
    something to show here."""
    groups = []
    for name, panels in PANELS.items():
        loaded = [(panel.template, await panel.load(visit, opened)) for panel in panels]
        shown = [(template, values) for template, values in loaded if values is not None]
        groups.append((name, shown))
    return [(name, shown) for name, shown in groups if shown]


async def copy_asked(visit: Visit, concern: Concern) -> date | None:
    """On which day the copy that is owed was asked for, for those who may send it."""
    if concern.data_due is None:
        return None
    async with visit.console.store.read() as conn:
        return await data_requests.asked_on(conn, concern.id)


async def readable(visit: Visit) -> Concern:
    """The concern of this page without opening it. For what does not exist and for what this member
    is kept from, the same 404."""
    async with visit.console.store.read() as conn:
        row = (await concerns.by_reference(conn, [visit.reference])).get(visit.reference)
        if row is None:
            raise HTTPException(404)
        readers = await concerns.readers(conn, [row.id])
        excluded = await concerns.excluded(conn, [row.id])
    allowed = readers.get(row.id, frozenset()) - excluded.get(row.id, frozenset())
    if visit.member.id not in allowed:
        raise HTTPException(404)
    return as_concern(row)


async def draft_of(visit: Visit) -> bytes | None:
    """This member's half-written answer. One that does not open (it was sealed to older keys)
    counts as none: it must not keep anybody from the concern."""
    try:
        return await visit.console.desk.load_draft(
            visit.member, visit.session.private, visit.reference
        )
    except DamagedRow:
        return None


async def reader(visit: Visit, opened: OpenedConcern) -> timeline.Reader:
    """Who looks at the page, with the names of those colleagues who stand on it."""
    console, concern = visit.console, opened.concern
    async with console.store.read() as conn:
        deeds = await audit.of_concern(conn, concern.id)
        about = {concern.owner_id, *(part.author_id for part in opened.parts)}
        for deed in deeds:
            about |= {deed.staff_id, deed.detail.rpartition(":")[2]}
        names = await staff_names.names(conn, console.keys, {one for one in about if one})
    return timeline.Reader(visit.member.id, names, console.zone(concern.team))


async def entries(
    visit: Visit, opened: OpenedConcern, looks: timeline.Reader
) -> list[timeline.Entry]:
    """What was said and done, oldest first."""
    async with visit.console.store.read() as conn:
        deeds = await audit.of_concern(conn, opened.concern.id)
        files = await attachments.states(conn, opened.parts)
    return timeline.entries(opened.parts, deeds, looks, files)


def refusal_of(refused: NotAllowed) -> str:
    return REFUSALS.get(str(refused), MOVED_ON)
