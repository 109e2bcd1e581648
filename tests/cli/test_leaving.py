"""heard staff leave: out at once, and what they had goes to colleagues."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from storage import concerns, schema
from tests.cli.conftest import PASSPHRASE

SOON = datetime.now(UTC) + timedelta(days=2)


def listed(home):
    lines = home.heard("staff", "list", "--json").stdout.splitlines()
    return {entry["name"]: entry for entry in map(json.loads, lines)}


def test_who_leaves_reads_nothing_more_and_the_gap_is_said(home):
    home.send("H-2222-2222", ["It is cold."], readers=["Sam Okoro"])
    refused = home.heard("staff", "leave", "sam okoro")
    assert refused.returncode == 1
    assert "Sam Okoro still has access" in refused.stderr
    assert "has no lead with a key." in refused.stderr
    assert "nobody else can read" in refused.stderr
    assert "--anyway" in refused.stderr
    assert listed(home)["Sam Okoro"]["active"]
    ended = home.heard("staff", "leave", "sam okoro", "--anyway")
    assert ended.returncode == 0
    assert "Sam Okoro cannot sign in any more." in ended.stdout
    assert "has no lead with a key. See to it" in ended.stderr
    assert listed(home)["Sam Okoro"]["active"] is False
    tried = home.heard(
        "export",
        "--reason",
        "inspection",
        "--staff",
        "Sam Okoro",
        "--passphrase-stdin",
        said=PASSPHRASE + "\n",
    )
    assert tried.returncode == 1
    assert "cold" not in tried.stdout


def test_nobody_leaves_who_was_never_there(home):
    ended = home.heard("staff", "leave", "Nobody")
    assert ended.returncode == 1
    assert "heard staff list" in ended.stderr


def test_what_somebody_had_who_leaves_goes_to_colleagues(staffed):
    concern = staffed.send("H-2222-2222", ["It is cold."], readers=["Sam Okoro", "Lee", "Jo Bell"])
    said = PASSPHRASE + "\n"
    added = staffed.heard(
        "staff", "add", "Ann", "--team", "elm", "--role", "lead", "--passphrase-stdin", said=said
    )
    assert added.returncode == 0
    sam = staffed.staff_id("Sam Okoro")
    theirs = update(schema.concerns).values(owner_id=sam, due_at=SOON, due_kind="answer")
    staffed.stored(lambda conn: conn.execute(theirs))
    ended = staffed.heard("staff", "leave", "Sam Okoro")
    assert ended.returncode == 0, ended.stderr
    assert "1 open concern of theirs went to colleagues." in ended.stdout
    assert sam not in staffed.stored(lambda conn: concerns.readers(conn, [concern]))[concern]
    row = staffed.stored(lambda conn: concerns.load(conn, [concern]))[concern]
    assert row.owner_id is None
