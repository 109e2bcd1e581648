"""heard poster: a sheet that can be hung on a wall, and whose code is really the link."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
import segno
from PIL import Image

from bot.poster import changes, picture
from bot.poster.faces import Faces, PosterError
from bot.poster.layout import QUIET, Said, sheet
from bot.poster.sentences import KEYS, worded
from config.nations import load_nation
from config.wording import Wording
from tests.cli.conftest import ROOT, TOKEN
from tests.cli.test_socket import running as answering
from tests.cli.test_socket import typed

BOT = "riverside_bot"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
DANGER = "In danger now: call 999."


def poster(home, *more, team="elm", bot=BOT, **environment):
    ended = home.heard("poster", "--team", team, "--bot-name", bot, *more, **environment)
    assert ended.returncode == 0, ended.stderr
    return ended


def living(home):
    found = map(json.loads, home.heard("link", "list", "--json").stdout.splitlines())
    return [one["code"] for one in found if not one["revoked_at"]]


def modules(image, size):
    """The QR code as a reader sees it: its corners found by their black, its modules sampled."""
    dark = image.point(lambda grey: 255 if grey < 128 else 0)
    code = next(box for box in _blocks(dark) if abs(box[2] - box[0] - (box[3] - box[1])) <= 2)
    step = (code[2] - code[0]) / size
    spots = [step * (place + 0.5) for place in range(size)]
    white = step * QUIET
    around = dark.crop((code[0] - white, code[1] - white, code[2] + white, code[3] + white))
    assert around.getbbox() == (white, white, code[2] - code[0] + white, code[3] - code[1] + white)
    return [
        [image.getpixel((int(code[0] + x), int(code[1] + y))) < 128 for x in spots] for y in spots
    ]


def _blocks(dark):
    """The boxes round what stands between empty rows, from the top."""
    rows = [bool(dark.crop((0, y, dark.width, y + 1)).getbbox()) for y in range(dark.height)]
    start = None
    for y, black in enumerate([*rows, False]):
        if black and start is None:
            start = y
        if not black and start is not None:
            left, _, right, _ = dark.crop((0, start, dark.width, y)).getbbox()
            if y - start > 400:  # no line of type is as high
                yield left, start, right, y
            start = None


def printed(file):
    (page,) = pypdf.PdfReader(file).pages
    return page


def test_paper_and_picture_carry_the_link_and_the_five_lines(home):
    ended = poster(home)
    (code,) = living(home)
    link = f"https://t.me/{BOT}?start={code}"
    assert f"Both lead to: {link}" in ended.stdout
    assert "Elm Ward had no link, so one was made." in ended.stderr
    page = printed(home.folder / "heard-poster-elm.pdf")
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    lines = page.extract_text().splitlines()
    assert lines[0] == "Elm Ward"
    assert link.removeprefix("https://") in lines
    said = " ".join(" ".join(lines).split())
    wanted = worded(Wording.load(), load_nation("england"), "Elm Ward", link)
    assert len(wanted.lines) == 5
    assert all(" ".join(line.split()) in said for line in (wanted.title, wanted.how, *wanted.lines))
    assert DANGER in lines
    with Image.open(home.folder / "heard-poster-elm.png") as file:
        image = file.copy()
    assert image.size == (2480, 3508)
    assert [round(dots) for dots in image.info["dpi"]] == [300, 300]
    code = segno.make_qr(link, error="m")
    assert code.error in "MQH"
    wanted_modules = [[bool(module) for module in row] for row in code.matrix]
    assert modules(image, len(wanted_modules)) == wanted_modules


def test_the_paper_draws_the_same_code_as_the_picture(home):
    poster(home)
    drawn = printed(home.folder / "heard-poster-elm.pdf").get_contents().get_data().decode()
    found = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re\b", drawn)
    boxes = {tuple(round(float(one)) for one in box) for box in found}
    side = max({box[2] for box in boxes}, key=[box[2] for box in boxes].count)
    square = {box for box in boxes if box[2:] == (side, side)}
    left, top = min(box[0] for box in square), max(box[1] for box in square)
    link = f"https://t.me/{BOT}?start={living(home)[0]}"
    matrix = segno.make_qr(link, error="m").matrix
    assert {((top - box[1]) // side, (box[0] - left) // side) for box in square} == {
        (row, column) for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark
    }


def test_the_same_link_is_printed_again_until_it_is_revoked(home):
    poster(home)
    (first,) = living(home)
    assert "so one was made" not in poster(home, "--out", "another/folder").stderr
    assert living(home) == [first]
    assert (home.folder / "another/folder/heard-poster-elm.pdf").exists()
    assert home.heard("link", "revoke", "--team", "elm").returncode == 0
    again = poster(home)
    (second,) = living(home)
    assert second != first and second in again.stdout
    page = printed(home.folder / "heard-poster-elm.pdf").extract_text()
    assert second in page and first not in page


def test_telegram_is_asked_for_the_name_of_the_bot(home, telegram):
    online = {"HEARD_TELEGRAM_TOKEN": TOKEN, "HEARD_TELEGRAM_API": telegram}
    ended = home.heard("poster", "--team", "elm", **online)
    assert ended.returncode == 0, ended.stderr
    assert re.search(rf"https://t\.me/\w+bot\?start={living(home)[0]}\n", ended.stdout)


def test_without_telegram_and_without_a_name_nothing_is_made(home):
    ended = home.heard("poster", "--team", "elm")
    assert ended.returncode == 1
    assert "give it with --bot-name" in ended.stderr
    assert living(home) == []
    assert not list(home.folder.glob("heard-poster*"))


@pytest.mark.parametrize("bot", ["a b", "bot", "../x", "x" * 33, "t.me/riverside_bot"])
def test_what_cannot_be_a_bots_name_is_refused(home, bot):
    ended = home.heard("poster", "--team", "elm", "--bot-name", bot)
    assert ended.returncode == 2
    assert living(home) == []


def test_a_poster_for_a_team_that_is_not_there_is_refused(home):
    ended = home.heard("poster", "--team", "ash", "--bot-name", BOT)
    assert ended.returncode == 1
    assert "There is no team 'ash'" in ended.stderr


def test_a_poster_in_a_language_that_the_bot_does_not_speak_is_refused(home):
    ended = home.heard("poster", "--team", "elm", "--bot-name", BOT, "--language", "cy")
    assert ended.returncode == 1
    assert "The bot does not speak 'cy'" in ended.stderr
    assert living(home) == []


def _named(home, name):
    settings = home.folder / "heard.toml"
    settings.write_text(settings.read_text("utf-8").replace("Elm Ward", name), "utf-8")


def test_letters_that_would_be_empty_boxes_are_refused_before_a_link_is_made(home):
    _named(home, "ایلم وارڈ")
    ended = home.heard("poster", "--team", "elm", "--bot-name", BOT)
    assert ended.returncode == 1
    assert "Give a font file" in ended.stderr and "--font" in ended.stderr
    assert living(home) == []
    ended = home.heard("poster", "--team", "elm", "--bot-name", BOT, "--font", "heard.toml")
    assert ended.returncode == 1
    assert "is not a font that can be used here" in ended.stderr


@pytest.mark.skipif(not DEJAVU.exists(), reason="no font with Welsh letters on this machine")
def test_welsh_needs_a_font_and_is_printed_as_letters(home):
    _named(home, "Tŷ Ŵyn")
    ended = home.heard("poster", "--team", "elm", "--bot-name", BOT)
    assert ended.returncode == 1
    assert "The poster's letters lack Ŵ ŷ." in ended.stderr
    poster(home, "--font", str(DEJAVU))
    page = printed(home.folder / "heard-poster-elm.pdf").extract_text()
    assert page.startswith("Tŷ Ŵyn\n") and DANGER in page


@pytest.mark.skipif(not DEJAVU.exists(), reason="no font with Arabic letters on this machine")
def test_a_script_whose_letters_join_is_printed_as_the_picture(home):
    _named(home, "جناح الدردار")
    poster(home, "--font", str(DEJAVU))
    page = printed(home.folder / "heard-poster-elm.pdf")
    assert page.extract_text().strip() == ""
    assert [image.image.size for image in page.images] == [(2480, 3508)]


@pytest.mark.skipif(not DEJAVU.exists(), reason="no font with Arabic letters on this machine")
def test_what_is_read_from_the_right_stands_on_the_right():
    faces = Faces.of(DEJAVU)
    words = ("أنت تختار من لا يجب أن \u2068يراها\u2069.",)
    drawn = sheet(Said("جناح", "هنا", "اكتب", "https://t.me/some_bot?start=1", words), faces)
    line = next(one for one in drawn.words if one.text == words[0])
    assert drawn.leftward and line.anchor == "r" and line.x > 2000
    dark = picture.drawn(drawn, faces).point(lambda grey: 255 - grey)
    left, _, right, _ = dark.crop((0, line.baseline - 60, 2480, line.baseline)).getbbox()
    assert right > 2200 and left > 1000


@pytest.mark.parametrize("name", ["A", "Oak House " * 7, "W" * 80, "Meadows & Sons’ <b>Ward</b>"])
def test_whatever_the_team_is_called_nothing_runs_over_the_edge(name):
    link = "https://t.me/" + "m" * 32 + "?start=" + "m" * 16
    faces = Faces.of(None)
    drawn = sheet(worded(Wording.load(), load_nation("scotland"), name, link), faces)
    dark = picture.drawn(drawn, faces).point(lambda grey: 255 - grey)
    left, top, right, bottom = dark.getbbox()
    assert left >= 150 and top >= 150 and right <= 2480 - 150 and bottom <= 3508 - 100
    assert link.removeprefix("https://") in {one.text for one in drawn.words}
    assert not drawn.leftward


def test_more_than_a_page_holds_is_refused():
    said = Said("Elm", "Title", "How", "https://t.me/some_bot?start=1", ("Long words. " * 60,) * 5)
    with pytest.raises(PosterError, match="too much text"):
        sheet(said, Faces.of(None))


def test_nothing_is_drawn_in_colour_or_dated(home):
    poster(home)
    file = home.folder / "heard-poster-elm.pdf"
    kept = file.read_bytes()
    with Image.open(file.with_suffix(".png")) as image:
        assert image.mode == "L"
    poster(home)
    assert file.read_bytes() == kept
    with pypdf.PdfReader(file) as reader:
        assert "anonymous" not in str(reader.metadata)


async def test_a_poster_is_made_while_heard_runs(home):
    async with answering(home):
        status, out, err = await typed(home, "poster", "--team", "oak", "--bot-name", "@" + BOT)
    assert status == 0, err
    assert f"https://t.me/{BOT}?start={living(home)[0]}" in out
    assert printed(home.folder / "heard-poster-oak.pdf").extract_text().startswith("Oak House")


def test_a_start_loads_nothing_that_draws():
    program = (
        "import sys, bot.app, bot.admin.commands, bot.cli.run, bot.cli.link;"
        "print([name for name in ('PIL', 'reportlab') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == "[]"


def test_every_sentence_of_a_poster_is_there_and_no_other():
    sentences = Wording.load().sentences
    ours = {*KEYS, *changes.KEYS}
    assert {key for key in sentences if key.startswith("poster.")} == ours
