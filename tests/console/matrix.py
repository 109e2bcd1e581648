"""Who may do what in the console, as a table that people can read, and the ward it is tried on.

Every route of the console has a row. The rows say what the rules are meant to be; test_matrix.py
holds them against bot/casework/access.py, and both against the console itself.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from bot.casework.access import Action, Duty, readers
from bot.casework.model import INDEPENDENT_TEAM
from bot.desk.inviting import Inviting
from bot.turns.files import FilePart
from bot.turns.people import working
from storage import concerns, published, staff
from storage.concerns import NewPart
from storage.published import Published
from storage.staff import StaffRow
from tests.console.browsing import passphrase_of
from tests.console.conftest import CHEAP, NOW
from tests.storage.filing import attach, claim, fill

# Whose answers are tried. Each is in Willow Ward, but for the last and the organisation's own.
#   letter, role, name, memberships
PEOPLE = {
    "reader": ("R", "Ben Marsh", (("willow", "reader"),)),
    "answerer": ("A", "Anna Osei", (("willow", "answerer"),)),
    "lead": ("L", "Cleo Hart", (("willow", "lead"),)),
    "senior": ("S", "Grace Okoro", (("*", "senior"),)),
    "on duty": ("D", "Otto Lind", (("*", "on-duty"),)),
    "independent": ("I", "Ines Bell", (("*", "independent"),)),
    "another team's answerer": ("A", "Dina Shaw", (("birch", "answerer"),)),
}
# Which concerns each can read at all. Of all others they are told what they would be told of
# nothing: 404. The fourth is of their own team, and they are left out of it.
WILLOW, BIRCH, APART, LEFT_OUT = "WWWW-WWWW", "BBBB-BBBB", "PPPP-PPPP", "XXXX-XXXX"
READS = {
    "reader": {WILLOW},
    "answerer": {WILLOW},
    "lead": {WILLOW},
    "senior": {WILLOW, BIRCH},
    "on duty": {WILLOW, BIRCH},
    "independent": {WILLOW, BIRCH, APART},
    "another team's answerer": {BIRCH},
}
TEAMS = {WILLOW: "willow", BIRCH: "birch", APART: INDEPENDENT_TEAM}
ALL = "R A L S D I"
OTHER = "Pat Newcombe"  # invited, not come yet

ONE = "/concerns/{reference}"
Rule = Action | Duty | None  # None: nothing but being signed in
DATE = {"result": "changed", "day": "1", "month": "12", "year": "2026"}


@dataclass(frozen=True)
class Row:
    """One route: what its rule is called, the letters of those whom it lets, what a form that asks
    for it in earnest holds, and what such a form is answered with."""

    method: str
    path: str
    rule: Rule
    who: str
    form: dict[str, str] = field(default_factory=dict)
    ok: int = 0
    put: dict[str, object] = field(default_factory=dict)  # the state that its concern is put into

    @property
    def allowed(self) -> int:
        return self.ok or {"GET": 200, "POST": 303}[self.method]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


SAVE = {"do": "save", "first_name": "Sam"}
OUTCOME = {"state": "outcome", "result": "changed"}
PASSED = {"team": "nowhere", "why": "It is theirs.", "seen": ""}
ASKED = {"format": "csv", "reason": "inspection"}
ROWS = (
    # ---- one concern ------------------------- R: reader, A: answerer, L: lead, S: senior,
    Row("GET", ONE, Action.READ, "R A L S D I"),  # D: on duty, I: independent
    Row("GET", f"{ONE}/files/{{part}}", Action.READ, "R A L S D I"),
    Row("POST", f"{ONE}/note", Action.NOTE, "A L S D I", {"note": "For you."}),
    Row("POST", f"{ONE}/mark/{{kind}}", Action.MARK, "A L S I", {"applies": "no"}),
    Row("POST", f"{ONE}/link", Action.LINK, "A L S I", {"do": "relate", "other": "N"}, 409),
    Row("POST", f"{ONE}/code", Action.CODE, "A L S I"),
    Row("POST", f"{ONE}/take", Action.TAKE, "A L S I"),
    Row("POST", f"{ONE}/acknowledge", Action.ACKNOWLEDGE, "A L S I"),
    Row("POST", f"{ONE}/look-into", Action.ANSWER, "A L S I"),
    Row("POST", f"{ONE}/resume", Action.ANSWER, "A L S I", put={"state": "paused"}),
    Row("POST", f"{ONE}/higher", Action.HIGHER, "A L S I", {}, 0, {"state": "sent", "level": 0}),
    Row("POST", f"{ONE}/send-copy", Action.ANSWER, "A L S I", {}, 409),
    Row("GET", f"{ONE}/answer", Action.ANSWER, "A L S I"),
    Row("POST", f"{ONE}/answer", Action.ANSWER, "A L S I", SAVE),
    Row("GET", f"{ONE}/outcome", Action.RECORD_OUTCOME, "A L S I"),
    Row("POST", f"{ONE}/outcome", Action.RECORD_OUTCOME, "A L S I", SAVE | DATE),
    Row("GET", f"{ONE}/pause", Action.ANSWER, "A L S I"),
    Row("POST", f"{ONE}/pause", Action.ANSWER, "A L S I", SAVE),
    Row("GET", f"{ONE}/question", Action.ANSWER, "A L S I"),
    Row("POST", f"{ONE}/question", Action.ANSWER, "A L S I", SAVE),
    *(
        Row("POST", f"{ONE}/{kind}/check", Action.ANSWER, "A L S I", {"done": "We met."}, 200)
        for kind in ("answer", "outcome", "pause", "question")
    ),
    Row("POST", f"{ONE}/pass-to-person", Action.HAND_ON, "A L S I", {"to": "x", "seen": ""}, 409),
    Row("POST", f"{ONE}/pass-to-team", Action.HAND_ON, "A L S I", PASSED, 409),
    Row("GET", f"{ONE}/publish", Action.PUBLISH, "L S I", put=OUTCOME),
    Row("POST", f"{ONE}/publish", Action.PUBLISH, "L S I", {"said": "a", "did": "b"}, 200),
    Row("GET", f"{ONE}/take-out", Action.EXPORT, "L S I"),
    Row("POST", f"{ONE}/take-out", Action.EXPORT, "L S I", ASKED, 200),
    Row("POST", f"{ONE}/give-access", Action.GIVE_ACCESS, "L S I", {"to": "nobody"}, 409),
    Row("GET", f"{ONE}/step-back", Action.RECUSE, "R A L S D I"),
    Row("POST", f"{ONE}/step-back", Action.RECUSE, "R A L S D I", {"reason": "close"}, 422),
    # ---- many concerns -----------------------------------------------------------------------
    Row("GET", "/concerns", None, ALL),
    Row("GET", "/concerns/search", None, ALL),
    Row("POST", "/concerns/search", None, ALL, {"words": "nurse"}),
    Row("GET", "/stepped-back", None, ALL),
    Row("GET", "/themes", Duty.SEE_THEMES, "A L S I"),
    Row("GET", "/measures", Duty.SEE_MEASURES, "A L S I"),
    Row("GET", "/measures.csv", Duty.SEE_MEASURES, "A L S I"),
    Row("GET", "/audit", Duty.SEE_AUDIT, "L S I"),
    Row("GET", "/take-out", Duty.EXPORT_MANY, "L S I"),
    Row("POST", "/take-out", Duty.EXPORT_MANY, "L S I", ASKED, 200),
    Row("GET", "/changes", None, ALL),  # it is public
    Row("POST", "/changes/{line}/withdraw", Action.PUBLISH, "L S I"),
    # ---- oneself -----------------------------------------------------------------------------
    Row("GET", "/me", None, ALL),
    Row("POST", "/me/link", None, ALL, {}, 200),
    Row("POST", "/me/email", None, ALL, {"email": "sam@trust.example"}),
    Row("GET", "/me/passphrase", None, ALL),
    Row("POST", "/me/passphrase", None, ALL, {"old": "not mine"}, 401),
    Row("GET", "/me/new-keys", None, ALL),
    Row("POST", "/me/new-keys", None, ALL, {"passphrase": "not mine"}, 401),
    Row("GET", "/me/second-factor", None, ALL),
    Row("POST", "/me/second-factor", None, ALL, {"code": "no code"}, 422),
    Row("POST", "/me/second-factor/codes", None, ALL, {"code": "no code"}),
    Row("POST", "/me/second-factor/off", None, ALL, {"code": "no code"}),
    Row("POST", "/sign-out", None, ALL),
    # ---- colleagues ----------------------------------------------------------------------------
    Row("GET", "/people", Duty.SEE_PEOPLE, ALL),
    Row("GET", "/people/access", Action.GIVE_ACCESS, "L S I"),
    Row("POST", "/people/access", Action.GIVE_ACCESS, "L S I", {"to": "nobody"}, 409),
    Row("GET", "/people/invite", Duty.INVITE, "L S"),
    Row("POST", "/people/invite", Duty.INVITE, "L S", {"name": ""}, 422),
    Row("POST", "/people/invite/{colleague}/end", Duty.INVITE, "L S"),
    Row("GET", "/people/second-factor", Duty.INVITE, "L S"),
    Row("GET", "/people/second-factor/{colleague}", Duty.INVITE, "L S"),
    Row("POST", "/people/second-factor/{colleague}", Duty.INVITE, "L S"),
    Row("GET", "/people/{staff}/leave", Duty.END_ACCESS, "L S"),
    Row("POST", "/people/{staff}/leave", Duty.END_ACCESS, "L S", {"sure": "no"}, 422),
)
# For anybody, signed in or not: method and path.
ANYBODY = frozenset(
    {
        ("GET", "/"),
        ("GET", "/health"),
        ("GET", "/console.css"),
        ("GET", "/console.js"),
        ("GET", "/icon.svg"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/sign-in/code"),
        ("POST", "/sign-in/code"),
        ("GET", "/join/{token}"),
        ("POST", "/join/{token}"),
    }
)


@dataclass(frozen=True)
class Scene:
    """The ward with one person of each role, the four concerns, and what the paths speak of."""

    ward: object
    parts: dict[str, str]  # the file in each concern
    line: str  # published from Willow Ward's
    newcomer: str  # invited to read in Willow Ward
    leaver: str  # answers in Willow Ward

    def address(self, row: Row, reference: str) -> str:
        return row.path.format(
            reference=reference,
            part=self.parts[reference],
            kind="candour",
            line=self.line,
            colleague=self.newcomer if "invite" in row.path else self.leaver,
            staff=self.leaver,
        )


async def hire(ward, name: str, held) -> None:
    member = secrets.token_hex(16)
    pair = staff.new_keys(member, passphrase_of(name), CHEAP)
    row = StaffRow(member, name, pair.public, pair.private_locked, True, False, held)
    async with ward.store.write() as conn:
        await staff.add_with_keys(conn, ward.keys, row, NOW)
    ward.ids[name] = member


async def send(ward, reference: str, team: str, kept_from=(), words: str = "A nurse said.") -> None:
    """A concern, sealed to those whom the rule names."""
    async with ward.store.read() as conn:
        everyone = working(await staff.everyone(conn, ward.keys))
    excluded = [ward.ids[name] for name in kept_from]
    await ward.raise_concern(
        words,
        reference=reference,
        team=team,
        kept_from=kept_from,
        said=(("topic", "Not listened to, or judged"),),
        readers=readers(everyone, team, excluded),
    )


async def file_in(ward, reference: str) -> str:
    """A photo in this concern; its part's id."""
    async with ward.store.read() as conn:
        concern = (await concerns.by_reference(conn, [reference]))[reference].id
    file_id, seed = await attach(ward.store, ward.keys, concern_id=concern)
    part_id, now = secrets.token_hex(16), ward.clock.now()
    part = NewPart(part_id, concern, "file", None, now, FilePart(file_id, seed, "photo").body())
    async with ward.store.write() as conn:
        await concerns.add_parts(conn, [part])
    [job] = await claim(ward.store, ward.keys, now)
    await fill(ward.store, job, b"a picture", "jpg")
    return part_id


async def staffed(ward) -> None:
    """One person of each role, and a second independent one."""
    for _, name, held in PEOPLE.values():
        if name not in ward.ids:
            await hire(ward, name, held)
    await hire(ward, "Ivo Lane", (("*", "independent"),))


async def furnished(ward, left_out: str) -> Scene:
    """`left_out` is the name of whoever the fourth concern is kept from."""
    await staffed(ward)
    team = "birch" if left_out == "Dina Shaw" else "willow"
    for reference, where in TEAMS.items():
        await send(ward, reference, where)
    await send(ward, LEFT_OUT, team, (left_out,))
    parts = {one: await file_in(ward, one) for one in (*TEAMS, LEFT_OUT)}
    line, leaver = secrets.token_hex(16), "Lee Voss"
    await hire(ward, leaver, (("willow", "answerer"),))
    cleo = ward.ids["Cleo Hart"]
    async with ward.store.write() as conn:
        await published.add(conn, Published(line, "willow", "a", "b", NOW, cleo, None))
    made = await Inviting(ward.store, ward.keys).invite(OTHER, (("willow", "reader"),), None, NOW)
    assert made.token
    async with ward.store.read() as conn:
        newcomer = (await staff.by_name(conn, ward.keys, OTHER)).id
    return Scene(ward, parts, line, newcomer, ward.ids[leaver])
