"""Passing on, giving access, stepping back and who can read it, as pages and forms."""

from __future__ import annotations

import re
import secrets
from html import unescape

import pytest

from storage import audit, staff
from storage.staff import StaffRow
from tests.console.annas_desk import MOTHER, PAGE, REFERENCE
from tests.console.browsing import passphrase_of
from tests.console.conftest import CHEAP, NOW

ANNA, BEN, CLEO, DEV, INES = "Anna Osei", "Ben Marsh", "Cleo Hart", "Dev Rao", "Ines Bell"
NIA = "Nia Cole"


def options(page, name: str) -> dict[str, str]:
    """What can be chosen in a list: its words, and the value that is sent."""
    found = re.search(rf'<select [^>]*name="{name}".*?</select>', page.text, re.DOTALL)
    pairs = re.findall(r'<option value="([^"]+)">([^<]*)', found[0]) if found else []
    return {unescape(words): value for value, words in pairs}


def readers(page) -> dict[str, list[str]]:
    part = page.text.partition('id="readers-title"')[2].partition("</dl>")[0]
    found = re.findall(r"<dt>([^<]*)</dt><dd>(.*?)</dd>", part, re.DOTALL)
    return {role: re.findall(r"<bdi>([^<]*)</bdi>", names) for role, names in found}


async def hire(ward, name: str, *held: tuple[str, str]) -> None:
    """Somebody who comes after what was sent before."""
    member = secrets.token_hex(16)
    pair = staff.new_keys(member, passphrase_of(name), CHEAP)
    row = StaffRow(member, name, pair.public, pair.private_locked, True, False, held)
    async with ward.store.write() as conn:
        await staff.add_with_keys(conn, ward.keys, row, NOW)
    ward.ids[name] = member


async def opened(ward, name: str):
    """A browser that has the concern before it, and the page."""
    browser = await ward.signed_in(name)
    return browser, await browser.get(PAGE)


async def post(browser, path: str, page, **fields: str):
    return await browser.post(f"{PAGE}/{path}", {"csrf": page.csrf, **fields})


def version(page) -> str:
    return page.field("seen")


async def test_a_concern_goes_to_another_team_which_can_open_it(ward):
    await ward.raise_concern(MOTHER)
    anna, page = await opened(ward, ANNA)
    assert options(page, "team") == {"Birch Community Team": "birch"}
    dev, none = await opened(ward, DEV)
    assert none.status == 404
    done = await post(anna, "pass-to-team", page, team="birch", seen=version(page), why="")
    assert done.headers["Location"] == f"{PAGE}?done=passed-team"
    after = await anna.get(done.headers["Location"])
    assert "It is passed on. The team and the person are told." in after.text
    assert readers(after)["Could read it before it was passed on, and still can"] == [
        ANNA,
        BEN,
        CLEO,
    ]
    page = await dev.get(PAGE)
    assert page.status == 200
    assert MOTHER in page.text
    assert "Passed on by Anna Osei" in page.text


async def test_the_panel_says_who_can_read_it_and_only_that_somebody_cannot(ward):
    await ward.raise_concern(MOTHER, kept_from=[CLEO])
    _, page = await opened(ward, ANNA)
    assert readers(page) == {
        "Reads and answers": [ANNA],
        "Reads": [BEN],
        "Independent, in no team": [INES],
    }
    assert "Some people are kept from it, for ever." in page.text
    assert "Cleo" not in page.text
    assert "The recovery key opens it too" in page.text


async def test_nobody_who_is_left_out_is_offered_or_accepted(ward):
    await ward.raise_concern(MOTHER, kept_from=[CLEO])
    anna, page = await opened(ward, ANNA)
    assert list(options(page, "to")) == ["Ines Bell (independent, in no team)"]
    refused = await post(anna, "pass-to-person", page, to=ward.ids[CLEO], seen=version(page))
    nobody = await post(anna, "pass-to-person", page, to="f" * 32, seen=version(page))
    assert refused.status == nobody.status == 409
    assert "It cannot go to that colleague." in refused.text
    _, page = await opened(ward, CLEO)
    assert page.status == 404


async def test_a_colleague_gets_it_and_it_is_said_whose_it_is(ward):
    await ward.raise_concern(MOTHER)
    anna, page = await opened(ward, ANNA)
    done = await post(anna, "pass-to-person", page, to=ward.ids[CLEO], seen=version(page))
    assert done.headers["Location"] == f"{PAGE}?done=passed"
    assert re.search(rf"<dd[^>]*>{CLEO}</dd>", (await anna.get(PAGE)).text)
    again = await post(anna, "pass-to-person", page, to=ward.ids[INES], seen=version(page))
    assert again.status == 409
    assert "moved on since you opened it" in again.text


async def test_outside_all_teams_it_takes_a_reason_and_the_persons_word(ward):
    await ward.raise_concern(MOTHER)
    await ward.mark(REFERENCE, team="independent", level=3)
    ines, page = await opened(ward, INES)
    assert "This person chose people in no team." in page.text
    given = {"team": "birch", "seen": version(page)}
    for fields in ({"why": "They asked."}, {"agreed": "yes", "why": " "}):
        refused = await post(ines, "pass-to-team", page, **given, **fields)
        assert refused.status == 409
    assert (await (await ward.signed_in(DEV)).get(PAGE)).status == 404
    done = await post(ines, "pass-to-team", page, **given, why="They asked.", agreed="yes")
    assert done.status == 303
    assert MOTHER in (await (await ward.signed_in(DEV)).get(PAGE)).text
    assert "They asked." in (await ines.get(PAGE)).text


async def test_stepping_back_is_asked_twice_and_is_for_ever(ward, log):
    await ward.raise_concern(MOTHER)
    anna, _ = await opened(ward, ANNA)
    asked = await anna.get(f"{PAGE}/step-back")
    assert "Heard has no way to undo it" in asked.text
    unsure = await post(anna, "step-back", asked, reason="close")
    assert unsure.status == 422
    assert (await anna.get(PAGE)).status == 200
    odd = await post(anna, "step-back", asked, sure="yes", reason="my sister")
    assert odd.status == 400
    done = await post(anna, "step-back", asked, sure="yes", reason="close")
    assert done.headers["Location"] == "/stepped-back"
    assert "You cannot read that concern any more" in (await anna.get("/stepped-back")).text
    assert "recused" in log.getvalue()
    assert REFERENCE not in (await anna.get("/concerns")).text


EVERYWHERE = (
    "",
    "/answer",
    "/outcome",
    "/step-back",
    "/acknowledge",
    "/pass-to-person",
    "/pass-to-team",
    "/give-access",
)


async def test_whoever_stepped_back_finds_the_same_nothing_everywhere(ward):
    await ward.raise_concern(MOTHER)
    cleo, page = await opened(ward, CLEO)
    await post(cleo, "step-back", page, sure="yes")
    csrf = (await cleo.get("/me")).csrf
    for path in EVERYWHERE:
        for method in ("get", "post"):
            seen = []
            for where in (PAGE, "/concerns/ZZZZ-ZZZZ"):
                asked = (
                    cleo.get(where + path)
                    if method == "get"
                    else cleo.post(where + path, {"csrf": csrf, "seen": "1", "team": "birch"})
                )
                answer = await asked
                seen.append((answer.status, answer.text))
            assert seen[0] == seen[1], (method, path)
            assert seen[0][0] in {404, 405}, (method, path)


async def test_the_last_who_may_answer_is_told_what_to_do_first(ward):
    await ward.raise_concern(MOTHER, kept_from=[CLEO, INES])
    anna, page = await opened(ward, ANNA)
    asked = await anna.get(f"{PAGE}/step-back")
    assert "You cannot step back yet." in asked.text
    assert 'name="sure"' not in asked.text
    refused = await post(anna, "step-back", page, sure="yes")
    assert refused.status == 409
    assert "You cannot step back yet." in refused.text
    assert (await anna.get(PAGE)).status == 200


async def test_a_lead_lets_a_new_colleague_read_one_concern(ward):
    await ward.raise_concern(MOTHER)
    await hire(ward, NIA, ("willow", "answerer"))
    nia, none = await opened(ward, NIA)
    assert none.status == 404
    _, annas = await opened(ward, ANNA)
    assert "give-access" not in annas.text
    cleo, page = await opened(ward, CLEO)
    assert (
        f"{NIA} (reads and answers)" in page.text.partition('action="' + PAGE + "/give-access")[2]
    )
    done = await post(cleo, "give-access", page, to=ward.ids[NIA])
    assert done.headers["Location"] == f"{PAGE}?done=access-given"
    assert MOTHER in (await nia.get(PAGE)).text
    async with ward.store.read() as conn:
        concern = await ward.mark(REFERENCE, missed=0)
        lines = await audit.of_concern(conn, concern)
    assert [(one.staff_id, one.detail) for one in lines if one.action == "access-given"] == [
        (ward.ids[CLEO], f"to:{ward.ids[NIA]}")
    ]


DOINGS = {
    "pass-to-person": {"to": "f" * 32, "seen": "1"},
    "pass-to-team": {"team": "birch", "seen": "1"},
    "give-access": {"to": "f" * 32},
    "step-back": {"sure": ""},
}
WHO_MAY = {
    ANNA: {"pass-to-person": 409, "pass-to-team": 303, "give-access": 403, "step-back": 422},
    BEN: {"pass-to-person": 403, "pass-to-team": 403, "give-access": 403, "step-back": 422},
    CLEO: {"pass-to-person": 409, "pass-to-team": 303, "give-access": 409, "step-back": 422},
    DEV: dict.fromkeys(DOINGS, 404),
    INES: {"pass-to-person": 409, "pass-to-team": 303, "give-access": 409, "step-back": 422},
}


@pytest.mark.parametrize("name", WHO_MAY)
@pytest.mark.parametrize("path", DOINGS)
async def test_who_may_do_what(ward, log, name, path):
    await ward.raise_concern(MOTHER)
    browser, page = await opened(ward, name)
    csrf = (await browser.get("/me")).csrf
    seen = version(page) if 'name="seen"' in page.text else "1"
    fields = DOINGS[path] | ({"seen": seen} if "seen" in DOINGS[path] else {})
    answer = await browser.post(f"{PAGE}/{path}", {"csrf": csrf, **fields})
    assert answer.status == WHO_MAY[name][path]
    assert ("not-allowed" in log.getvalue()) == (answer.status == 403)
    forged = await browser.post(f"{PAGE}/{path}", {"csrf": "forged", **fields})
    assert forged.status == 403


async def test_hostile_names_and_reasons_are_shown_as_words(ward):
    await ward.raise_concern(MOTHER)
    await hire(ward, '<b>"Nia</b>', ("willow", "answerer"))
    anna, page = await opened(ward, ANNA)
    assert "<b>" not in page.text
    why = "</div><script>alert(1)</script>{{ 7*7 }}"
    await post(anna, "pass-to-team", page, team="birch", seen=version(page), why=why)
    after = await anna.get(PAGE)
    assert "<script>" not in after.text
    assert "49" not in after.text.partition("What was said")[2].partition("Pass it on")[0]
