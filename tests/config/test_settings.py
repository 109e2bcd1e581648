"""Settings: strict, told in one line each, and documented where people look."""

import re
import tomllib
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from config.settings import CONFIG, SETTINGS_TABLE, Settings, SettingsError, load
from config.teams import TEAM_TABLE

ROOT = Path(__file__).parents[2]
TOKEN = "123456:AAE-secret"


@pytest.fixture
def written(tmp_path):
    """The environment that names a settings file with this text."""

    def write(text):
        file = tmp_path / "heard.toml"
        file.write_text(text, encoding="utf-8")
        return {CONFIG: str(file)}

    return write


def problems(environment):
    with pytest.raises(SettingsError) as refused:
        load(environment)
    return refused.value.problems


def test_nothing_set_gives_the_documented_defaults():
    settings = load({})
    assert settings.telegram_api == "https://api.telegram.org"
    assert settings.telegram_rate == 28
    assert settings.webhook_url is None
    assert settings.database_file == Path("heard.db")
    assert settings.teams == ()


def test_the_environment_wins_over_the_file(written):
    environment = written('organisation = "From the file"\nconsole_port = 9000')
    settings = load(environment | {"HEARD_CONSOLE_PORT": "9001"})
    assert (settings.organisation, settings.console_port) == ("From the file", 9001)


def test_the_example_file_is_valid_and_has_teams():
    settings = load({CONFIG: str(ROOT / "config" / "heard.example.toml")})
    assert [team.id for team in settings.teams] == ["elm-ward", "community-north"]
    assert settings.teams[0].timezone == settings.timezone


def test_a_token_may_come_from_a_file_of_its_own(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n", encoding="utf-8")
    assert load({"HEARD_TELEGRAM_TOKEN_FILE": str(file)}).telegram_token == TOKEN


def test_settings_are_frozen_and_show_no_secret():
    url = "postgresql+psycopg://heard:pass-phrase@db/heard"
    settings = load({"HEARD_TELEGRAM_TOKEN": TOKEN, "HEARD_DATABASE": url})
    assert TOKEN not in repr(settings)
    assert "pass-phrase" not in repr(settings)
    with pytest.raises(FrozenInstanceError):
        settings.telegram_token = "other"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HEARD_CONSOLE_PORT", "0", "a whole number from 1 to 65535, got '0'"),
        ("HEARD_CONSOLE_PORT", "80a", "a whole number"),
        ("HEARD_TELEGRAM_RATE", "fast", "a number of messages a second"),
        ("HEARD_TELEGRAM_RATE", "-1", "a number of messages a second"),
        ("HEARD_TELEGRAM_RATE", "nan", "a number of messages a second"),
        ("HEARD_TELEGRAM_API", "api.telegram.org", "starts with https://"),
        ("HEARD_TELEGRAM_API", "https://api.telegram.org:99999", "starts with https://"),
        ("HEARD_DATABASE", "mysql://x/y", "sqlite+aiosqlite:///FILE"),
        ("HEARD_DATABASE", "sqlite+aiosqlite://", "sqlite+aiosqlite:///FILE"),
        ("HEARD_DATABASE", "heard.db", "sqlite+aiosqlite:///FILE"),
        ("HEARD_NATION", "atlantis", "one of: england"),
        ("HEARD_TIMEZONE", "Europe/Londn", "a time zone such as"),
        ("HEARD_TIMEZONE", "../etc/passwd", "a time zone such as"),
        ("HEARD_LANGUAGES", "en,en", "language tags"),
        ("HEARD_LANGUAGES", "en_GB", "language tags"),
        ("HEARD_WORDING_REVIEWED", "yes", "true or false"),
        ("HEARD_LOG_LEVEL", "loud", "one of: debug"),
        ("HEARD_SECRETS", " ", "the path of a folder"),
        ("HEARD_ORGANISATION", "two\nlines", "one line"),
    ],
)
def test_a_malformed_value_names_the_setting_its_source_and_what_is_expected(name, value, expected):
    (problem,) = problems({name: value})
    assert problem.startswith(f"{name} (environment): expected ")
    assert expected in problem


def test_a_malformed_token_is_refused_without_being_repeated():
    (problem,) = problems({"HEARD_TELEGRAM_TOKEN": "my token"})
    assert "my token" not in problem
    assert problem.startswith("HEARD_TELEGRAM_TOKEN (environment): expected a bot token")


def test_an_unknown_name_is_refused_wherever_it_stands(written):
    found = problems(written("console_prot = 1\n") | {"HEARD_TELEGRAM_TOKN": TOKEN})
    assert "HEARD_TELEGRAM_TOKN (environment): no such setting" in found[0]
    assert found[0].endswith("did you mean HEARD_TELEGRAM_TOKEN?")
    assert found[1].startswith("console_prot (in ")
    assert found[1].endswith("did you mean console_port?")


def test_languages_come_in_the_order_given_and_yes_or_no_is_true_or_false(written):
    assert load({}).wording_reviewed is False
    settings = load(written('languages = "en-easy, cy, ur"\nwording_reviewed = true'))
    assert settings.languages == ("en-easy", "cy", "ur")
    assert settings.wording_reviewed is True
    assert load({"HEARD_WORDING_REVIEWED": "TRUE"}).wording_reviewed is True


def test_every_fault_is_told_at_once():
    assert len(problems({"HEARD_CONSOLE_PORT": "x", "HEARD_NATION": "x", "HEARD_X": "x"})) == 3


def test_a_number_in_quotes_is_not_a_number_in_the_file(written):
    (problem,) = problems(written('console_port = "8100"'))
    assert "expected a whole number from 1 to 65535, got '8100'" in problem


@pytest.mark.parametrize("text", ["= nonsense", "a = [", '"'])
def test_a_file_that_is_not_toml_is_named(written, text):
    environment = written(text)
    assert f"{CONFIG}: {environment[CONFIG]} is not TOML" in problems(environment)[0]


def test_a_file_that_is_not_there_is_named(tmp_path):
    (problem,) = problems({CONFIG: str(tmp_path / "none.toml")})
    assert "none.toml: No such file or directory" in problem


def test_plain_http_is_only_for_this_machine():
    assert "expected https" in problems({"HEARD_CONSOLE_URL": "http://heard.example"})[0]
    assert load({"HEARD_CONSOLE_URL": "http://localhost:8100/"}).console_url.endswith(":8100")


def test_a_webhook_needs_its_secret():
    environment = {"HEARD_WEBHOOK_URL": "https://heard.example/hook"}
    assert "webhook_secret: missing" in problems(environment)[0]
    secret = {"HEARD_WEBHOOK_SECRET": "a-long-enough-secret"}
    assert load(environment | secret).webhook_url == "https://heard.example/hook"


TEAM = '[[teams]]\nid = "elm"\nname = "Elm Ward"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("teams = 3", "expected one [[teams]] section"),
        ("teams = [3]", "expected one [[teams]] section"),
        ('[[teams]]\nname = "x"', "id: missing"),
        ('[[teams]]\nid = "independent"\nname = "x"', "id: expected a short plain id"),
        ('[[teams]]\nid = "Elm Ward"\nname = "x"', "id: expected a short plain id"),
        (TEAM + 'nmae = "x"', "no such setting: nmae; did you mean name?"),
        (TEAM + "handover = 3", "handover: expected times of day"),
        (TEAM + "handover = []", "handover: expected times of day"),
        (TEAM + "handover = [7, 8]", "handover: expected times of day"),
        (TEAM + 'handover = ["07:30", "24:00"]', "handover: expected times of day"),
        (TEAM + f"handover = {[f'0{n}:00' for n in range(7)]}", "handover: expected times of day"),
        (TEAM + 'handover = "07:30"\ndigest_at = "07:30"', "give this or handover, not both"),
        (TEAM + 'digest_at = ["08:30"]', "digest_at: expected a time of day"),
        (TEAM + "digest_at = 08:30:00", "digest_at: expected a time of day"),
        (TEAM + 'digest_at = "25:00"', "digest_at: expected a time of day"),
        (TEAM + TEAM, "team 2"),
        (TEAM + '[[teams]]\nid = "oak"\nname = "Elm Ward"', "another team has 'Elm Ward' already"),
    ],
)
def test_a_team_that_cannot_be_is_refused(written, text, expected):
    assert any(expected in problem for problem in problems(written(text)))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("", ["08:30"]),
        ('handover = ["20:30", "07:30", "07:30"]', ["07:30", "20:30"]),
        ('handover = "07:30, 20:30"', ["07:30", "20:30"]),
        ('digest_at = "09:00"', ["09:00"]),  # as it was written before there were several
    ],
)
def test_a_team_has_its_handovers_in_the_order_of_the_day(written, text, times):
    (team,) = load(written(TEAM + text)).teams
    assert [f"{one:%H:%M}" for one in team.handover] == times


def test_a_team_takes_the_time_zone_of_the_whole_unless_it_has_its_own(written):
    text = 'timezone = "Europe/Dublin"\n' + TEAM
    assert load(written(text)).teams[0].timezone.key == "Europe/Dublin"
    assert load(written(text + 'timezone = "UTC"')).teams[0].timezone.key == "UTC"


def test_the_table_and_the_fields_are_the_same():
    names = [setting.name for setting in SETTINGS_TABLE]
    assert [field.name for field in fields(Settings)] == [*names, "teams"]


def rows(text, heading):
    table = text.partition(heading)[2].partition("\n## ")[0]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines() if "|" in line]
    return [tuple(cell.strip() for cell in row) for row in cells[2:]]


def test_the_table_in_the_readme_is_the_table_in_the_code():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    expected = [
        (f"`{one.variable}`", f"`{one.default}`" if one.default else "", one.what)
        for one in SETTINGS_TABLE
    ]
    assert [row for row in rows(readme, "## Settings") if row[0] != f"`{CONFIG}`"] == expected


def test_the_example_file_explains_every_field_of_a_team():
    example = (ROOT / "config" / "heard.example.toml").read_text(encoding="utf-8")
    given = {name for team in tomllib.loads(example)["teams"] for name in team}
    assert given | {"timezone"} == {setting.name for setting in TEAM_TABLE}


def test_mail_needs_what_belongs_to_it():
    host = {"HEARD_SMTP_HOST": "mail.example", "HEARD_SMTP_FROM": "heard@ward.example"}
    assert "smtp_from: missing" in problems({"HEARD_SMTP_HOST": "mail.example"})[0]
    assert "give both" in problems(host | {"HEARD_SMTP_USER": "heard"})[0]
    assert "on this machine" in problems(host | {"HEARD_SMTP_SECURITY": "none-on-this-machine"})[0]
    here = {"HEARD_SMTP_HOST": "127.0.0.1", "HEARD_SMTP_SECURITY": "none-on-this-machine"}
    assert load(host | here).smtp_port == 587
    assert load({}).smtp_host is None
    secret = {"HEARD_SMTP_USER": "heard", "HEARD_SMTP_PASSWORD": "kettle-lamp"}
    assert "kettle-lamp" not in repr(load(host | secret))


@pytest.mark.parametrize("address", ["heard", "a@b c", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>"])
def test_mail_comes_from_one_plain_address(address):
    assert "expected name@domain" in problems({"HEARD_SMTP_FROM": address})[0]
