"""What a thief could be after: one of everything that a day with Heard leaves behind."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from colleague import Colleague
from haystack import Haystack
from heard_process import PASSPHRASE, STAFF, TOKEN
from people import Phone, Street, until
from strange import poison
from town import Town, receipt, send, taken_in

TELLING = 1 << 32  # as most people's numbers are; five bytes and more stand out from noise
SERVICE_USER = ["Marmalade hallucinated overnight", "wardrobe barricaded thoroughly"]
CARER = ["Grandmother's wheelchair vanished", "unbuttoned humiliation afterwards"]
UNSENT = ["Perhaps tomorrow, whispering", "\u00dcbelkeit und Schlaflosigkeit"]
ABOUT_PRIYA = ["Mockingly imitated stammering"]
UNMATCHED = "the lanky porter Zebediah Quenchley"
ADDED = "Additionally, thermometers disappeared"
ANSWER = "We interviewed everybody regarding Wednesday's supper"
OUTCOME = "Reupholstered armchairs arrive presently"
HALF_WRITTEN = "Regrettably, paperwork smouldered"
DANGER = "Neighbours swallowing unlabelled capsules"
WHERE = "Upstairs, Cinnamon Terrace, beside the launderette"
WRITE_TO = "Nightingale, enlarged lettering"
FOR_WHOM = "my brother Bartholomew"
CONSENT = "Grudgingly, halfheartedly, perhaps"
OWN_WORRY = "Sleepless throughout Hallowe'en, trembling"
COMPLAINT = "Misdirected correspondence reached grandparents"
LETTER = "Handwritten testimony concerning Midsummer " * 9
LETTER_NAME = "Vouchsafed-memoirs.txt"
CAPTION = "Photographed bruises, forearm"


@dataclass
class Loot:
    """What happened, so that a thief's search can be told what to look for."""

    here: Town
    sealed: list[str] = field(default_factory=list)  # every word that anybody wrote
    chats: list[int] = field(default_factory=list)
    haystacks: list[Haystack] = field(default_factory=list)  # taken from it running, and stopped

    @property
    def words(self) -> set[str]:
        names = " ".join(STAFF)
        written = re.findall(r"\w{5,}", " ".join([*self.sealed, names, PASSPHRASE]))
        return {*written, TOKEN.partition(":")[2]}


async def talk(loot: Loot, phone: Phone, words: list[str]) -> None:
    for one in words:
        loot.sealed.append(one)
        await phone.say(one)
    await phone.until("Saved, not sent yet.")


async def live(loot: Loot) -> None:
    """Everything that leaves something behind, once."""
    here = loot.here
    async with here.street() as street:
        await speak(loot, street)
        loot.chats += [phone.person for phone in street.phones]
    assert here.heard.command("backup", str(here.heard.folder / "kept")).returncode == 0


async def speak(loot: Loot, street: Street) -> None:
    user, carer, undecided, afraid, lost, nurse = [
        await street.newcomer(name, TELLING) for name in ("U", "C", "D", "A", "L", "N")
    ]
    await talk(loot, user, SERVICE_USER)
    await attach(loot, user)
    first = await send(user, "Rowan ward")
    await danger(loot, user)
    await talk(loot, carer, CARER)
    for label in ("Send", "Birch community team", "Yes, choose"):
        await carer.tap(label)
    await talk_of_someone(loot, carer, UNMATCHED)
    await speak_for(loot, carer)
    await talk(loot, undecided, UNSENT)
    await talk(loot, afraid, ABOUT_PRIYA)
    for label in ("Send", "Rowan ward", "Yes, choose"):
        await afraid.tap(label)
    second = await talk_of_someone(loot, afraid, "Priya Shah")
    await user.tap("Add to it")
    await user.until("What do you want to add")
    await talk(loot, user, [ADDED])
    await user.tap("Add it now")
    await user.until("Added to")
    await ask_for_data(loot, user)
    await lost.start()
    await street.control("update", update=poison(lost.person)[0], chat_id=lost.person)
    await lost.until("It is set aside safely")
    loot.sealed.append("quietly swallowed")
    await at_the_desk(loot, first, second, nurse)
    await taken_in(street)


async def tell(loot: Loot, phone: Phone, words: str, *heard: str) -> None:
    """Answer a question in one's own words."""
    loot.sealed.append(words)
    await phone.say(words)
    await phone.until(*heard)


async def attach(loot: Loot, phone: Phone) -> None:
    """A letter that is kept, with a name and a caption."""
    loot.sealed += [LETTER, LETTER_NAME, CAPTION]
    content = base64.b64encode(LETTER.encode()).decode()
    await phone.do("attach", kind="document", content=content, name=LETTER_NAME, caption=CAPTION)

    async def kept() -> bool:
        return loot.here.column("files", "state") == ["kept"]

    await until(kept)


async def danger(loot: Loot, phone: Phone) -> None:
    """Every question after a receipt, each answered in words where words count."""
    await tell(loot, phone, DANGER, "This does not call anyone.")
    await phone.tap("Yes, in danger now")
    await phone.until("Who is in danger, where are they")
    await tell(loot, phone, WHERE, "If there is more about the danger")
    await phone.tap("For me")
    await phone.until("How should staff write to you?")
    await tell(loot, phone, WRITE_TO, "Do you want to clear this chat?")
    await phone.tap("No, leave it here")


async def speak_for(loot: Loot, phone: Phone) -> None:
    await phone.tap("Skip")
    await phone.until("Who is this for?")
    await tell(loot, phone, FOR_WHOM, "do they agree?")
    await tell(loot, phone, CONSENT, "Is there a worry of your own")
    await tell(loot, phone, OWN_WORRY, "How should staff write to you?")
    await phone.tap("Nothing needed")
    await phone.tap("No, leave it here")


async def ask_for_data(loot: Loot, phone: Phone) -> None:
    """A copy of everything, and a complaint about how it was used."""
    await phone.say("/mydata")
    await phone.tap("Get my data")
    await phone.until("I asked staff for a copy")
    await phone.say("/mydata")
    await phone.tap("Something is wrong with it")
    await phone.until("What went wrong with your data?")
    await tell(loot, phone, COMPLAINT, "Its reference is D-")


async def talk_of_someone(loot: Loot, phone: Phone, who: str) -> str:
    loot.sealed.append(who)
    await phone.until("Who should not see it?")
    await phone.say(who)
    await phone.tap("Send it")
    return await receipt(phone)


async def at_the_desk(loot: Loot, first: str, second: str, nurse: Phone) -> None:
    """An answer that waits to be read, an outcome, a half-written answer, a linked phone."""
    loot.sealed += [ANSWER, OUTCOME, HALF_WRITTEN]
    priya = await Colleague.sign_in(loot.here.heard.console_url, "Priya Shah")
    await priya.acknowledge(first)
    assert (await priya.write(first, "answer", done=ANSWER)).status == 303
    assert (await priya.write(first, "answer", do="save", done=HALF_WRITTEN)).status == 303
    copied = await priya.browser.act(f"/concerns/{first}/send-copy", on=f"/concerns/{first}")
    assert copied.status == 303, copied.text
    page = await priya.browser.act("/me/link", on="/me")
    code = re.search(r"/link ([0-9A-Za-z]{8,})", page.text)
    assert code is not None, page.text
    await nurse.say(f"/link {code[1]}")
    await nurse.until("This chat is linked.")
    await priya.close()
    grace = await Colleague.sign_in(loot.here.heard.console_url, "Grace Okafor")
    await grace.acknowledge(second)
    sent = await grace.write(second, "outcome", done=OUTCOME, result="changed")
    assert sent.status == 303, sent.text
    await grace.close()
