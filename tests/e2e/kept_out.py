"""Staff of whom two are called Priya, and concerns that some of them are kept out of."""

from __future__ import annotations

from inside import Roles
from people import Phone
from town import receipt

ROLES: Roles = {
    "Priya Shah": (("rowan", "answerer"), ("rowan", "lead")),
    "Priya Nair": (("birch", "answerer"), ("*", "senior")),
    "Omar Bell": (("rowan", "answerer"), ("rowan", "lead")),
    "Tom Reyes": (("birch", "answerer"), ("birch", "lead")),
    "Grace Okafor": (("*", "senior"),),
    "Sam Lindqvist": (("*", "independent"),),
    "Ines Adair": (("*", "independent"),),
}
PRIYAS = ("Priya Shah", "Priya Nair")
OF_PRIYA = "Priya took my phone and laughed."


async def raise_concern(
    street_phone: Phone, words: str, place: str = "Rowan ward", kept_from: str = ""
) -> str:
    phone = street_phone
    await phone.say(words)
    await phone.tap("Send")
    await phone.tap(place)
    if not kept_from:
        await phone.tap("No, send it")
        return await receipt(phone)
    await phone.tap("Yes, choose")
    await phone.until("Who should not see it?")
    await phone.say(kept_from)
    await phone.tap("Send it")
    return await receipt(phone)
