"""Staff without Telegram get their lists and alerts by e-mail: from the running program, through a
real mail server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from heard_process import TEAMS
from inside import Inside, found, inside
from people import Phone, until

from storage import staff
from tests.mail.post_office import PASSWORD, USER, PostOffice, certificate

MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
ROLES = {
    "Dana Hill": (("rowan", "answerer"),),
    "Olu Bello": (("*", "on-duty"),),
    "Ruth Adeyemi": (("rowan", "lead"), ("birch", "lead"), ("birch", "answerer")),
    "Grace Okoro": (("*", "senior"),),
    "Helen Marsh": (("*", "independent"),),
    "Tom Byrne": (("*", "independent"),),
}


@pytest.fixture
def office(tmp_path_factory):
    office = PostOffice(certificate(tmp_path_factory.mktemp("papers")))
    office.start()
    yield office
    office.stop()


@pytest.fixture
async def here(tmp_path, office):
    mail = {
        "smtp_host": "localhost",
        "smtp_user": USER,
        "smtp_password": PASSWORD,
        "smtp_from": "heard@ashby.example",
        "smtp_ca": str(office.papers.public),
    }
    lines = [f'{name} = "{value}"' for name, value in mail.items()]
    lines.append(f"smtp_port = {office.port}")
    (tmp_path / "heard.toml").write_text("\n".join(lines) + TEAMS, encoding="utf-8")
    await found(tmp_path, ROLES)
    async with inside(tmp_path, MONDAY - timedelta(days=2, hours=20)) as here:
        yield here


async def gives_address(here: Inside, name: str) -> str:
    address = f"{name.split(maxsplit=1)[0].lower()}@ward.example"
    ids = await here.staff_ids()
    async with here.heard.store.write() as conn:
        await staff.set_email(conn, here.heard.keys, ids[name], address)
    return address


async def came(office: PostOffice, address: str, *words: str) -> str:
    async def there() -> bool:
        return any(_fits(one, address, words) for one in office.got)

    await until(there)
    return next(made.get_content() for to, made in office.got if _fits((to, made), address, words))


def _fits(one, address: str, words: tuple[str, ...]) -> bool:
    to, made = one
    return to == address and all(word in made.get_content() for word in words)


async def sent(here: Inside, words: str) -> tuple[Phone, str]:
    person = await here.street.newcomer("Sam")
    await person.say(words)
    await person.tap("Send")
    await person.tap(here.settings.teams[0].name)
    await person.tap("No, send it")
    receipt = await person.until("Your reference is")
    return person, receipt["text"].partition("reference is ")[2][:11]


async def test_lists_alerts_and_the_week_come_by_mail_and_say_no_word(here, office):
    dana = await gives_address(here, "Dana Hill")
    ruth = await gives_address(here, "Ruth Adeyemi")
    olu = await gives_address(here, "Olu Bello")
    person, reference = await sent(here, "They locked the garden again.")
    await person.tap("Yes, in danger now")
    alert = await came(office, olu, reference, "someone is in danger now")
    assert f"/concerns/{reference}" in alert

    here.clock.move_to(MONDAY)
    await here.heard.ticks.look_now()
    listed = await came(office, dana, "Concerns on Monday 30 November", reference)
    assert f"Open: {here.console_url}/concerns" in listed
    week = await came(office, ruth, "The week from Monday 23 November")
    assert "Sent: 1." in week
    await came(office, ruth, "Published last week: 0.")
    assert not any("week" in made.get_content() for to, made in office.got if to == dana)

    for _, made in office.got:
        for told in (made["Subject"], made.get_content()):
            assert "garden" not in told
            assert "Sam" not in told
        assert reference not in made["Subject"]
