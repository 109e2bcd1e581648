"""Every page of the console, at the width of a phone and of a desk, with script and without."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.casework.model import DueKind, Result, State
from bot.desk.inviting import Inviting
from storage import concerns, data_requests
from storage.concerns import NewPart
from tests.console.browser.tabs import NARROW, WIDE, patterns, tab
from tests.console.conftest import opened_ward
from tests.console.phone import App
from tests.console.test_handing import hire

MAYA = "Maya Lindqvist-Abernathy"
FULL, TOLD, CARER = "H-7K2M-9QXP", "H-4D8T-2WRN", "H-9WVX-33KC"
WORDS = (
    "My mum was left in the corridor for four hours last night. Nobody told us why.\n"
    "When I asked, the person at the desk laughed. " + "A" * 90
)
PAGES = {
    "/sign-in": "/sign-in",
    "/sign-in/code": "/sign-in/code",
    "/join/{token}": "/join/{join}",
    "/concerns": "/concerns",
    "/concerns/search": "/concerns/search",
    "/concerns/{reference}": f"/concerns/{FULL}",
    "/concerns/{reference}/publish": f"/concerns/{TOLD}/publish",
    "/concerns/{reference}/step-back": f"/concerns/{FULL}/step-back",
    "/concerns/{reference}/take-out": f"/concerns/{FULL}/take-out",
    "/concerns/{reference}/answer": f"/concerns/{CARER}/answer",
    "/concerns/{reference}/outcome": f"/concerns/{FULL}/outcome",
    "/concerns/{reference}/pause": f"/concerns/{FULL}/pause",
    "/concerns/{reference}/question": f"/concerns/{FULL}/question",
    "/stepped-back": "/stepped-back",
    "/me": "/me",
    "/me/passphrase": "/me/passphrase",
    "/me/new-keys": "/me/new-keys",
    "/me/second-factor": "/me/second-factor",
    "/people": "/people",
    "/people/access": "/people/access?team=willow",
    "/people/{staff}/leave": "/people/{ben}/leave",
    "/people/invite": "/people/invite",
    "/people/second-factor": "/people/second-factor",
    "/people/second-factor/{colleague}": "/people/second-factor/{ben}",
    "/audit": "/audit",
    "/themes": "/themes",
    "/changes": "/changes",
    "/measures": "/measures",
    "/take-out": "/take-out",
}
MORE = {  # other faces of pages that are in the table
    "new-concern": "/concerns/H-2222-3333",
    "told-concern": f"/concerns/{TOLD}",
    "carers-concern": f"/concerns/{CARER}",
    "list-empty": "/concerns?show=urgent",
    "not-found": "/nowhere",
    "join-gone": "/join/nothing",
    "access-teams": "/people/access",
    "second-factor-on": "/me/second-factor",
}
UNSIGNED = {"/sign-in", "/join/{token}", "join-gone"}
PAGE = "<!doctype html><html lang=en><title>x</title><main><h1>x</h1>{}</main>"
NO_PAGES = {"/", "/health", "/console.css", "/console.js", "/icon.svg"} | {
    "/concerns/{reference}/files/{part}",
    "/measures.csv",
}


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def town(built_once, tmp_path_factory):
    """A ward where everything happened at least once."""
    async with opened_ward(built_once, tmp_path_factory.mktemp("town")) as ward:
        await hire(ward, MAYA, ("willow", "lead"), ("birch", "lead"), ("*", "senior"))
        await ward.raise_concern("Nobody answers the phone.", reference=TOLD)
        await ward.raise_concern(
            "My son Daniel waits for hours.", reference=CARER, who="child",
            said=(("consent", "unaware"), ("topic", "heard"), ("own-worry", "I cannot sleep.")),
        )  # fmt: skip
        await ward.raise_concern(
            WORDS, reference=FULL, kept_from=["Cleo Hart"],
            said=(("topic", "heard"), ("in-danger", "yes"), ("added", "It was cold as well.")),
        )  # fmt: skip
        ward.clock.move_to(ward.clock.now() + timedelta(days=3))
        await ward.raise_concern("The window does not close.", reference="H-2222-3333")
        await give_all(ward, MAYA)
        await ward.mark(TOLD, state=State.OUTCOME, result=Result.CHANGED, due_kind=DueKind.REMIND)
        await happen(ward)
        ward.join = (await invited(ward)).token
        yield ward


async def invited(ward):
    desk = Inviting(ward.store, ward.keys)
    return await desk.invite("Jo Bell", (("willow", "answerer"),), None, ward.clock.now())


async def give_all(ward, name: str) -> None:
    """Access to what was sent before they came, by a colleague's act."""
    ines = await ward.signed_in("Ines Bell")
    for reference in (FULL, TOLD, CARER, "H-2222-3333"):
        page = f"/concerns/{reference}"
        await ines.get(page)
        given = await ines.act(f"{page}/give-access", page, to=ward.ids[name])
        assert given.status == 303


async def happen(ward) -> None:
    """Everything that shows somewhere: acts, notes, a file that is gone, a copy that is owed, a
    published line, a phone of Ben's."""
    maya = await ward.signed_in(MAYA)
    page = f"/concerns/{FULL}"
    await maya.get(page)
    await maya.act(f"{page}/acknowledge", page)
    await maya.act(f"{page}/note", page, note="The rota of that night is in the folder.")
    await maya.act(f"{page}/code", page, **{"theme-stigma": "yes"})
    await maya.get(f"/concerns/{CARER}")
    await maya.act(f"{page}/link", page, do="relate", other=CARER)
    concern = await ward.mark(FULL, in_danger=True, undelivered=True)
    async with ward.store.write() as conn:
        await data_requests.ask(conn, {concern: DUE(ward)}, ward.clock.now().date())
        part = NewPart(secrets.token_hex(16), concern, "added", None, ward.clock.now(), b"And more")
        await concerns.add_parts(conn, [part])
    line = {"said": "Nights were too loud to sleep.", "did": "Doors close softly now."}
    told = f"/concerns/{TOLD}"
    await maya.get(told)
    done = await maya.act(f"{told}/publish", f"{told}/publish", do="publish", apart="yes", **line)
    assert done.status == 303
    ben = await ward.signed_in("Ben Marsh")
    await phone_for(ward, ben)


def DUE(ward):  # noqa: N802 - a date, not a function to a reader
    return ward.clock.now().date() + timedelta(days=30)


async def phone_for(ward, browser) -> App:
    page = await browser.get("/me/second-factor")
    app = App.from_page(page.text, lambda: ward.seconds.now)
    done = await browser.post("/me/second-factor", {"csrf": page.csrf, "code": app.code()})
    assert done.status == 200
    return app


async def test_every_page_is_looked_at(ward):
    """A new page stands in the table, or this fails."""
    assert set(patterns(ward.console(), "GET")) - NO_PAGES == set(PAGES)


async def test_looking_finds_what_is_wrong(chromium, town):
    async with tab(chromium, town, script=True, width=NARROW) as one:
        for fault in ('<input name="x">', '<p style="width: 400px">wide'):
            await one.page.set_content(PAGE.format(fault))
            with pytest.raises(AssertionError, match=r"label|wide"):
                await one.look("made-up")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
async def test_pages_fit_and_axe_finds_nothing(chromium, town, width, script):
    signed = {"script": script, "width": width, "folder": "page-"}
    async with tab(chromium, town, who=MAYA, **signed) as one:
        for name, path in (PAGES | MORE).items():
            if name not in UNSIGNED | {"/sign-in/code", "second-factor-on"}:
                await look(one, town, name, path)
    async with tab(chromium, town, **signed) as one:
        for name in sorted(UNSIGNED):
            await look(one, town, name, (PAGES | MORE)[name])
        await one.open("/sign-in")
        await one.fill(name="Ben Marsh", passphrase="quiet-otter-ben-lantern")
        await one.press("Sign in")
        await one.page.wait_for_url("**/sign-in/code*")
        await one.look("sign-in-code")


async def look(one, town, name: str, path: str) -> None:
    await one.open(path.format(join=town.join, ben=town.ids["Ben Marsh"]))
    if "concern" in name or name == f"/concerns/{FULL}":
        for fold in await one.page.locator("main details > summary").all():
            if await fold.is_visible():
                await fold.click()
    await one.look(name.strip("/").replace("/", "-").replace("{", "").replace("}", ""))
