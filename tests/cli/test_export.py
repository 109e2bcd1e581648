"""heard export: all that one member of staff may read, and nothing else."""

import csv
import json

import pytest

from bot.admin import exporting
from bot.admin.model import Hands
from bot.clock import SystemClock
from bot.turns.files import FilePart
from config.settings import load
from storage import audit, concerns, file_jobs, files, staff
from storage.engine import Store
from storage.file_bytes import FileSealer
from tests.cli.conftest import PASSPHRASE
from tests.storage.builders import HOUR, NOW, new_concern

SAM = ("export", "--reason", "inspection", "--staff", "Sam Okoro", "--passphrase-stdin")


def exported(home, name="Sam Okoro", passphrase=PASSPHRASE):
    said = passphrase + "\n"
    asked = ("export", "--reason", "inspection", "--staff", name, "--passphrase-stdin")
    ended = home.heard(*asked, said=said)
    assert ended.returncode == 0, ended.stderr
    return {entry["reference"]: entry for entry in map(json.loads, ended.stdout.splitlines())}


def test_an_export_has_every_text_in_order(home):
    home.send("H-1", ["first", "second – ünd\nthird"], ["Sam Okoro"])
    entry = exported(home)["H-1"]
    assert [part["text"] for part in entry["parts"]] == ["first", "second – ünd\nthird"]
    assert (entry["team"], entry["state"], entry["attachments"]) == ("elm", "sent", [])
    assert {part["by"] for part in entry["parts"]} == {"person"}


def test_an_export_leaves_out_what_its_reader_is_kept_from(home):
    home.send("H-1", ["about Sam"], ["Sam Okoro", "Jo Bell"], excluded=["Sam Okoro"])
    home.send("H-2", ["about food"], ["Sam Okoro", "Jo Bell"])
    assert set(exported(home)) == {"H-2"}
    assert set(exported(home, "Jo Bell")) == {"H-1", "H-2"}


def test_a_wrong_name_and_a_wrong_passphrase_are_told_alike(home):
    wrong = home.heard(*SAM, said="not the passphrase\n")
    nobody = home.heard(*("Nobody" if one == "Sam Okoro" else one for one in SAM), said="words\n")
    assert (wrong.returncode, nobody.returncode) == (1, 1)
    assert wrong.stderr == nobody.stderr
    assert wrong.stdout == ""


def test_each_exported_concern_remembers_it(home):
    concern_id = home.send("H-1", ["words"], ["Sam Okoro"])
    exported(home)
    deeds = home.stored(lambda conn: audit.of_concern(conn, concern_id))
    assert [deed.action for deed in deeds] == ["exported"]
    assert deeds[0].staff_id == home.staff_id("Sam Okoro")
    assert deeds[0].detail == "reason:inspection format:json"


class Terminal:
    """What was printed; `then` is awaited before each line."""

    def __init__(self, then):
        self.lines, self.then = [], then

    async def line(self, text):
        await self.then()
        self.lines.append(text)

    async def progress(self, text):
        pass


async def test_a_concern_sent_during_an_export_doubles_no_other(home):
    settings = load({"HEARD_CONFIG": str(home.folder / "heard.toml"), "HEARD_DATABASE": home.url})
    hands = Hands(settings, home.secrets, await Store.open(settings.database), SystemClock())

    async def send(count, at):
        async with hands.store.write() as conn:
            sam = await staff.by_name(conn, hands.secrets, "Sam Okoro")
            many = [new_concern([sam.id], b"words", sent_at=at, team="elm") for _ in range(count)]
            await concerns.send(conn, hands.secrets, many)

    await send(exporting.AT_ONCE + 1, NOW)
    terminal = Terminal(lambda: send(1, NOW + HOUR))
    ask = {"name": "Sam Okoro", "passphrase": PASSPHRASE, "format": "lines", "notes": False}
    ask |= {"reason": "inspection", "why": None, "teams": [], "states": []}
    await exporting.export(hands, ask | {"since": None, "until": None}, terminal)
    await hands.store.close()
    references = [json.loads(line)["reference"] for line in terminal.lines]
    assert len(references) == len(set(references)) == exporting.AT_ONCE + 1


def test_an_export_says_that_there_is_a_file_but_never_its_key(home):
    concern = home.send("H-1", ["words"], ["Sam Okoro"])
    key = files.new_file_key()
    new = files.NewFile("f" * 32, key.public, b"task", "c" * 32, concern)
    part = concerns.NewPart(
        "a" * 32, concern, "file", None, NOW, FilePart("f" * 32, key.seed, "photo").body()
    )
    home.stored(lambda conn: files.add(conn, home.secrets, [new], NOW))
    home.stored(lambda conn: concerns.add_parts(conn, [part]))
    entry = exported(home)["H-1"]
    assert entry["parts"][-1]["text"] == "[photo: still on its way]"
    assert entry["attachments"] == ["Photo"]
    assert key.seed.hex() not in json.dumps(entry)
    [job] = home.stored(lambda conn: file_jobs.claim(conn, home.secrets, NOW, HOUR, 1))
    sealer = FileSealer(job.file_id, job.public)
    last, about = sealer.finish("jpg")
    home.stored(lambda conn: file_jobs.append(conn, job, 0, [last], NOW + HOUR))
    home.stored(lambda conn: file_jobs.kept(conn, job, about))
    text = exported(home)["H-1"]["parts"][-1]["text"]
    assert text == "[photo: kept, open it in the console]"


def test_nothing_is_taken_out_without_a_reason(home):
    ended = home.heard("export", "--staff", "Sam Okoro", "--passphrase-stdin", said="x\n")
    assert (ended.returncode, ended.stdout) == (2, "")
    other = ("export", "--reason", "other", *SAM[3:])
    assert "--why" in home.heard(*other, said=PASSPHRASE + "\n").stderr


def test_a_table_cannot_be_run_by_a_spreadsheet(home):
    words = ["=1+1", "+44 20", "-x", "@sum", "\tx", "plain"]
    home.send("H-1", words, ["Sam Okoro"])
    ended = home.heard(*SAM, "--format", "csv", said=PASSPHRASE + "\n")
    rows = list(csv.DictReader(ended.stdout.splitlines()))
    assert [row["text"] for row in rows] == [*(f"'{one}" for one in words[:-1]), "plain"]
    assert rows[0]["team"] == "Elm Ward"
    assert "1 of 1 concerns" in ended.stderr


def test_the_lfpse_table_has_a_version_and_no_words(home):
    concern = home.send("H-1", ["secret words"], ["Sam Okoro"])
    graded = json.dumps({"physical": "low", "psychological": "severe"}).encode()
    ended = home.heard(*SAM, "--format", "lfpse", said=PASSPHRASE + "\n")
    [row] = csv.DictReader(ended.stdout.splitlines())
    assert row["TableVersion"].startswith("heard-lfpse-1, checked 20")
    assert (row["PhysicalHarm"], row["PsychologicalHarm"], row["ServiceArea"]) == ("", "", "4")
    sam = home.staff_id("Sam Okoro")
    part = concerns.NewPart("d" * 32, concern, "harm", sam, NOW, graded)
    home.stored(lambda conn: concerns.add_parts(conn, [part]))
    ended = home.heard(*SAM, "--format", "lfpse", said=PASSPHRASE + "\n")
    [row] = csv.DictReader(ended.stdout.splitlines())
    assert (row["PhysicalHarm"], row["PsychologicalHarm"]) == ("4", "1")
    assert "secret" not in ended.stdout


def test_staffs_own_notes_go_out_only_when_asked_for(home):
    concern = home.send("H-1", ["words"], ["Sam Okoro"])
    sam = home.staff_id("Sam Okoro")
    part = concerns.NewPart("d" * 32, concern, "staff-note", sam, NOW, b"for colleagues")
    home.stored(lambda conn: concerns.add_parts(conn, [part]))
    assert "for colleagues" not in json.dumps(exported(home))
    with_notes = home.heard(*SAM, "--with-staff-notes", said=PASSPHRASE + "\n").stdout
    assert "for colleagues" in with_notes


def test_only_what_was_chosen_is_taken_out(home):
    home.send("H-1", ["words"], ["Sam Okoro"])
    for more, count in (
        (("--team", "elm", "--state", "sent", "--from", "2026-11-20", "--to", "2026-11-20"), 1),
        (("--team", "oak"), 0),
        (("--state", "closed"), 0),
        (("--to", "2026-11-19"), 0),
        (("--from", "2026-11-21"), 0),
    ):
        ended = home.heard(*SAM, *more, said=PASSPHRASE + "\n")
        assert (ended.returncode, len(ended.stdout.splitlines())) == (0, count), ended.stderr


def as_role(home, role):
    sam = home.staff_id("Sam Okoro")
    home.stored(lambda conn: staff.set_memberships(conn, sam, (("elm", role),)))


@pytest.mark.parametrize("role", ["reader", "answerer"])
def test_whose_role_does_not_let_them_take_concerns_out_is_refused(home, role):
    concern = home.send("H-1", ["words"], ["Sam Okoro"])
    as_role(home, role)
    ended = home.heard(*SAM, said=PASSPHRASE + "\n")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "may not take concerns out of Heard" in ended.stderr
    assert home.stored(lambda conn: audit.of_concern(conn, concern)) == []


@pytest.mark.parametrize(("said", "told"), [("yes", "true"), ("no", "false"), ("", "")])
def test_the_duty_of_candour_is_told_as_staff_said_that_it_applies(home, said, told):
    concern, sam = home.send("H-1", ["words"], ["Sam Okoro"]), home.staff_id("Sam Okoro")
    for number, applies in enumerate(("yes" if said == "no" else "no", said)):
        body = json.dumps({"applies": applies, "done": "Told face to face."}).encode()
        part = concerns.NewPart(f"{number:032x}", concern, "candour", sam, NOW, body)
        home.stored(lambda conn, part=part: concerns.add_parts(conn, [part]))
    ended = home.heard(*SAM, "--format", "lfpse", said=PASSPHRASE + "\n")
    [row] = csv.DictReader(ended.stdout.splitlines())
    assert row["DutyOfCandour"] == told
    assert "face to face" not in ended.stdout
