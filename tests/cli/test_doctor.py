"""heard doctor: each fault is found, told with what to do, and counted in the exit status."""

import os
import sqlite3
import time
from datetime import UTC, datetime

from storage import alarms
from tests.cli.conftest import TOKEN


def doctor(home, api="http://127.0.0.1:9", token=TOKEN):
    return home.heard("doctor", HEARD_TELEGRAM_API=api, HEARD_TELEGRAM_TOKEN=token)


def line(ended, what):
    (found,) = [one for one in ended.stdout.splitlines() if one[6:].startswith(what + ":")]
    return found


def test_all_well_ends_with_0(staffed, telegram):
    ended = doctor(staffed, telegram)
    assert ended.returncode == 0, ended.stdout
    assert "FAIL" not in ended.stdout
    assert "reached as @" in ended.stdout
    assert line(ended, "webhook") == "OK    webhook: none: polling"
    assert "SQLite" in line(ended, "database")


def test_an_empty_role_fails(home, telegram):
    ended = doctor(home, telegram)
    assert ended.returncode == 1
    assert "FAIL  roles: Nobody with a key has the senior role." in ended.stdout


def test_a_wrong_token_fails_and_is_not_repeated(home, telegram):
    ended = doctor(home, telegram, "1000001:another")
    assert "FAIL  Telegram: it does not know the token" in ended.stdout
    assert "another" not in ended.stdout + ended.stderr


def test_no_telegram_fails_with_what_to_check(home):
    found = line(doctor(home), "Telegram")
    assert found.startswith("FAIL")
    assert "HEARD_TELEGRAM_API" in found
    assert TOKEN not in found


def test_a_secret_that_others_can_read_fails(home):
    (home.folder / "keys" / "delivery.key").chmod(0o644)
    ended = doctor(home)
    assert ended.returncode == 1
    assert "chmod 600" in ended.stdout


def test_an_old_draft_key_fails(home):
    old = time.time() - 60 * 60 * 49
    os.utime(home.folder / "keys" / "epochs" / "1.key", (old, old))
    assert line(doctor(home), "draft key").startswith("FAIL")


def test_secrets_of_another_heard_fail(home, tmp_path):
    (tmp_path / "other").mkdir()
    other = type(home)(tmp_path / "other")
    (other.folder / "heard.toml").write_text((home.folder / "heard.toml").read_text())
    assert other.heard("init").returncode == 0
    ended = home.heard("doctor", HEARD_SECRETS=str(other.folder / "keys"))
    assert "FAIL  keys: the secrets belong to another database" in ended.stdout


def test_a_damaged_database_fails(home):
    with sqlite3.connect(home.folder / "heard.db") as conn:
        conn.execute("PRAGMA writable_schema=ON")
        conn.execute("UPDATE sqlite_schema SET rootpage=2 WHERE name='parts'")
    conn.close()
    ended = doctor(home)
    assert ended.returncode == 1
    assert "FAIL  database: SQLite reports damage" in ended.stdout


def test_alarms_that_nobody_saw_are_shown(home):
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    home.stored(lambda conn: alarms.sound(conn, "a" * 32, at, "draft-damaged", "b" * 32))
    assert line(doctor(home), "alarm").startswith("WARN  alarm: 20 November 03:00 draft-damaged")


def test_the_quick_check_needs_no_telegram(home):
    ended = home.heard("doctor", "--quick")
    assert ended.returncode == 0, ended.stderr
    (home.folder / "heard.db").unlink()
    assert home.heard("doctor", "--quick").returncode == 1


def test_alarms_that_were_looked_at_are_shown_no_more_and_can_sound_again(home):
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)

    def sound(id_):
        same = ("draft-damaged", "b" * 32)
        home.stored(lambda conn: alarms.sound_once(conn, id_, at, *same))

    sound("a" * 32)
    sound("c" * 32)
    noted = home.heard("doctor", "--seen")
    assert noted.returncode == 0, noted.stderr
    assert noted.stdout == f"seen  20 November 03:00 draft-damaged: {'b' * 32}\n"
    assert line(doctor(home), "alarms").startswith("OK")
    sound("d" * 32)
    assert "draft-damaged" in line(doctor(home), "alarm")


def test_words_that_people_with_lived_experience_have_not_read_are_told_of_until_they_have(home):
    def said(**environment):
        ended = home.heard("doctor", **environment)
        return [one for one in ended.stdout.splitlines() if one[6:].startswith("wording:")]

    complete, unread = said()
    assert complete == "OK    wording: complete in en"
    assert unread.startswith("WARN  wording: not yet reviewed by people with lived experience")
    assert said(HEARD_WORDING_REVIEWED="true") == [complete]
    (missing,) = said(HEARD_LANGUAGES="en, pl")
    assert missing == "FAIL  wording: There is no wording for 'pl'. Mend config/wording"


def test_nobody_on_duty_who_can_be_told_of_danger_is_warned_of(staffed):
    found = line(doctor(staffed), "alerts")
    assert found.startswith("WARN  alerts: nobody on duty can be told")
