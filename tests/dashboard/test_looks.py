"""One place for colours: the server's theme has those of the charts, and words can be read on them."""

import tomllib
from pathlib import Path

import pytest

from dashboard.looks import looks, stylesheet

CONFIG = Path(__file__).resolve().parents[2] / "dashboard" / ".streamlit" / "config.toml"
STATIC = CONFIG.parents[1] / "static"


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_servers_theme_has_the_colours_of_the_charts(theme):
    told, mine = tomllib.loads(CONFIG.read_text())["theme"][theme], looks(theme, False)
    assert told["backgroundColor"] == mine.paper and told["secondaryBackgroundColor"] == mine.band
    assert told["textColor"] == told["primaryColor"] == told["linkColor"] == mine.ink
    assert told["borderColor"] == mine.control


@pytest.mark.parametrize("is_simulated", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_marks_can_be_read(theme, is_simulated):
    mine = looks(theme, is_simulated)
    for ground in (mine.paper, mine.band):
        assert all(contrast(words, ground) >= 4.5 for words in (mine.ink, mine.ink2, mine.ink3, mine.accent))
        assert contrast(mine.grey, ground) >= 3 and contrast(mine.control, ground) >= 3
    assert contrast(mine.on_accent, mine.accent) >= 4.5
    assert all(contrast(words, tile) >= 4.5 for words, tile in zip(mine.on_scale, mine.scale, strict=True))


def test_the_stylesheet_is_filled_in_and_asks_no_other_host():
    css = stylesheet(looks("dark", True))
    assert "$" not in css and "url(" not in css and "//" not in css


def test_every_font_of_the_theme_is_our_own_file_with_its_licence_beside_it():
    faces = tomllib.loads(CONFIG.read_text())["theme"]["fontFaces"]
    for face in faces:
        assert (STATIC.parent / face["url"].replace("app/", "", 1)).exists()
        assert not face["family"][-1].isdigit(), "Streamlit drops a family whose name ends in a number"
    assert len(list((STATIC / "fonts").glob("OFL-*.txt"))) == 2


def test_the_server_reports_nothing_and_watches_nothing():
    told = tomllib.loads(CONFIG.read_text())
    assert told["browser"]["gatherUsageStats"] is False and told["server"]["fileWatcherType"] == "none"
    assert told["client"]["toolbarMode"] == "minimal"
