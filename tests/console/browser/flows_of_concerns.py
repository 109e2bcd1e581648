"""What is done to a concern, from reading it to taking it out."""

from __future__ import annotations

from datetime import date

from bot.casework.model import Result, State
from storage import data_requests
from tests.console.annas_desk import MOTHER, PAGE, REFERENCE, WHOLE
from tests.console.browser.flows import ANNA, CLEO, MAYA, drives
from tests.console.test_handing import hire

OTHER = "H-4D8T-2WRN"


async def opened(one, path: str = PAGE) -> None:
    await one.ward.raise_concern(MOTHER)
    await one.open(path)


@drives("/concerns/search", who=ANNA)
async def searching(one):
    await opened(one, "/concerns/search")
    await one.press("Search")
    await one.look("search-nothing-asked")
    await one.fill(words="shouted")
    await one.press("Search")
    await one.sees("1 concern found")
    await one.look("search-found")


@drives("ONE/acknowledge", "ONE/look-into", "ONE/pause", "ONE/pause/check", "ONE/resume", who=ANNA)
async def acknowledging_pausing_and_going_on(one):
    await opened(one)
    await one.press("Acknowledge it, and offer to talk about how it will be handled")
    await one.look("acknowledged")
    await one.press("Say that I am looking into it")
    await one.unfold("Something else")
    await one.press("Pause it")
    await one.write("pause", role="Ward manager", why="I wait for the rota.", day="9", month="12")
    await one.press("See it as they will")
    await one.look("pause-preview")
    await one.press("Send it to the person")
    await one.press("Carry on with it")
    await one.sees("It goes on.")


@drives("ONE/take", "ONE/higher", who=ANNA)
async def taking_and_sending_higher(one):
    await opened(one)
    await one.press("I'll take it")
    await one.sees("It is yours now.")
    await one.unfold("Something else")
    await one.press("Needs someone higher")
    await one.look("sent-higher")


@drives("ONE/answer", "ONE/answer/check", who=ANNA)
async def answering_a_carer(one):
    await one.ward.raise_concern(
        "My son Daniel waits.", who="child", said=(("consent", "unaware"),)
    )
    await one.open(f"{PAGE}/answer")
    await one.press("See it as they will")
    await one.look("answer-problems")
    await one.write("answer", **WHOLE | {"done": "We changed his medication. The MDT met."})
    if one.script:
        await one.sees("Plainer: the team that plans your care.")
        await one.sees("Nobody has recorded that the person agrees.")
        await one.look("answer-live")
    await one.tick("This says nothing about the person's own care")
    await one.press("See it as they will")
    await one.sees("his medication")
    await one.look("answer-telling")
    await one.fill(done="I spoke with all who were there. The MDT met.")
    await one.tick("This says nothing about the person's own care")
    await one.press("See it as they will")
    await one.sees("This could be plainer")
    await one.look("answer-preview")
    await one.press("Change it")
    await one.press("Save for later")
    await one.look("answer-saved")
    await one.press("Go on writing")
    await one.tick("This says nothing about the person's own care")
    await one.press("See it as they will")
    await one.press("Send it to the person")
    await one.sees("Your answer is on its way to the person.")


@drives("ONE/outcome", "ONE/outcome/check", who=ANNA)
async def promising_a_change(one):
    await opened(one, f"{PAGE}/outcome")
    await one.tick("Nothing has changed")
    assert not await one.page.locator("#day").is_visible()
    await one.tick("Something will change by a date that I promise")
    await one.write("outcome", **WHOLE)
    await one.press("See it as they will")
    await one.sees("Enter a real date")
    await one.look("outcome-no-date")
    await one.fill(day="9", month="12", year="2026")
    await one.press("See it as they will")
    await one.look("outcome-preview")
    await one.press("Send it to the person")
    await one.sees("By Wednesday 9 December, in 14 days.")
    await one.look("outcome-sent")


@drives("ONE/question", "ONE/question/check", who=ANNA)
async def asking_the_person(one):
    await opened(one, f"{PAGE}/question")
    await one.write("question", role="Ward manager", ask="Which night was it?")
    await one.press("See it as they will")
    await one.look("question-preview")
    await one.press("Send it to the person")
    await one.sees("Your question is on its way")


@drives("ONE/note", "ONE/mark/{kind}", "ONE/code", who=CLEO)
async def noting_marking_and_coding(one):
    await opened(one)
    await one.unfold("Notes and marks")
    await one.fill(note="The rota is in the folder.")
    await one.press("Keep the note")
    await one.sees("It is kept for colleagues.")
    await one.unfold("Notes and marks")
    await one.unfold("Note that it was shared for safeguarding")
    await one.press("Keep it")
    await one.look("mark-refused")
    form = one.page.locator("form[action$=safeguarding]")
    for box in await form.locator("textarea").all():
        await box.fill("The safeguarding lead, about the night.")
    await form.locator("[type=radio]").first.check()
    await form.get_by_role("button").click()
    await one.look("marked")
    await one.unfold("Notes and marks")
    await one.unfold("Say what it is about")
    await one.page.locator("[name^=theme-]").first.check()
    await one.press("Save what it is about")
    await one.sees("It is kept what this is about.")
    await one.look("coded")


@drives("ONE/link", who=ANNA)
async def linking_two(one):
    await one.ward.raise_concern("It is cold.", reference=OTHER)
    await one.open(f"/concerns/{OTHER}")
    await opened(one)
    await one.unfold("More: related")
    await one.fill(other=OTHER)
    await one.press("Link them as related")
    await one.sees("They are linked.")
    await one.unfold("More: related")
    await one.look("linked")
    await one.press(f"Take away the link to {OTHER}")
    await one.sees("They are no longer linked.")


@drives("ONE/publish", "/changes/{line}/withdraw", who=CLEO)
async def you_said_we_did(one):
    await one.ward.raise_concern("The door bangs.")
    await one.ward.mark(REFERENCE, state=State.OUTCOME, result=Result.CHANGED)
    await one.open(PAGE)
    await one.open(f"{PAGE}/publish")
    await one.press("See it before it goes out")
    await one.look("publish-problems")
    await one.fill(said="Nights were too loud to sleep.", did="Doors close softly now.")
    await one.press("See it before it goes out")
    await one.look("publish-preview")
    await one.page.locator("#apart").check()
    await one.press("Publish it")
    await one.sees("It is published.")
    await one.open("/changes")
    await one.page.get_by_role("button", name="Withdraw it").click()
    await one.look("withdrawn")


@drives("ONE/pass-to-person", who=ANNA)
async def passing_to_a_colleague(one):
    await opened(one)
    await one.unfold("People:")
    await one.choose("to")
    await one.press("Pass it to them")
    await one.sees("It is passed on.")


@drives("ONE/pass-to-team", "ONE/give-access", who=CLEO)
async def passing_to_a_team_and_giving_access(one):
    await opened(one)
    await hire(one.ward, "Nia Pugh", ("willow", "reader"))
    await one.open(PAGE)
    await one.unfold("People:")
    await one.page.locator("#give-to").select_option(index=1)
    await one.press("Give them access")
    await one.sees("They can read it now.")
    await one.unfold("People:")
    await one.choose("team")
    await one.fill(why="It is theirs.")
    await one.press("Pass it to this team")
    await one.sees("It is passed on.")
    await one.look("passed-to-a-team")


@drives("ONE/step-back", who=ANNA)
async def stepping_back(one):
    await opened(one, f"{PAGE}/step-back")
    await one.tick("I know that this cannot be undone")
    await one.press("Step back for ever")
    await one.look("stepped-back")


@drives("ONE/send-copy", who=ANNA)
async def sending_a_copy(one):
    await one.ward.raise_concern(MOTHER)
    concern = await one.ward.mark(REFERENCE, undelivered=False)
    async with one.ward.store.write() as conn:
        await data_requests.ask(conn, {concern: date(2026, 12, 25)}, date(2026, 11, 25))
    await one.open(PAGE)
    await one.look("copy-owed")
    await one.press("Send the copy now")
    await one.sees("The copy is on its way")


@drives("ONE/take-out", "/take-out", who=MAYA)
async def taking_out(one):
    await one.ward.raise_concern(MOTHER, readers=frozenset(one.ward.ids.values()))
    for path in (f"{PAGE}/take-out", "/take-out"):
        await one.open(path)
        await one.page.locator("[name=format]").first.check()
        await one.page.locator("[name=reason]").first.check()
        async with one.page.expect_download() as waiting:
            await one.page.get_by_role("button", name="Take out").click()
        assert (await (await waiting.value).path()).stat().st_size > 100
