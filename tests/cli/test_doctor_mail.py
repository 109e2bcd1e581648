"""`heard doctor` tries the mail server, and sends nothing."""

from __future__ import annotations

import pytest

from tests.mail.post_office import PASSWORD, USER, PostOffice, certificate


@pytest.fixture
def office(tmp_path_factory):
    office = PostOffice(certificate(tmp_path_factory.mktemp("papers")))
    office.start()
    yield office
    office.stop()


def said_of_mail(home, office, **other) -> str:
    settings = {
        "HEARD_SMTP_HOST": "localhost",
        "HEARD_SMTP_PORT": str(office.port),
        "HEARD_SMTP_USER": USER,
        "HEARD_SMTP_PASSWORD": PASSWORD,
        "HEARD_SMTP_FROM": "heard@ward.example",
        "HEARD_SMTP_CA": str(office.papers.public),
    }
    done = home.heard("doctor", **(settings | other))
    assert PASSWORD not in done.stdout + done.stderr
    return next(line for line in done.stdout.splitlines() if " mail: " in line)


def test_a_server_that_can_be_used_is_well_and_gets_no_mail(home, office):
    assert said_of_mail(home, office) == "OK    mail: localhost can be used, with starttls"
    assert office.connections
    assert office.got == []


def test_what_is_wrong_is_said_with_what_to_do(home, office):
    wrong = said_of_mail(home, office, HEARD_SMTP_PASSWORD="wrong")
    assert wrong.startswith("FAIL") and "Check HEARD_SMTP_USER" in wrong
    assert "HEARD_SMTP_CA" in said_of_mail(home, office, HEARD_SMTP_CA="")
    assert "cannot be read" in said_of_mail(home, office, HEARD_SMTP_CA="nowhere.pem")
    office.stop()
    assert "cannot be reached" in said_of_mail(home, office)


def test_without_a_server_it_says_so(home, office):
    assert said_of_mail(home, office, HEARD_SMTP_HOST="").startswith("OK    mail: none")
