"""How Porchlight looks: colours by theme and edition, the scale of the maps, and the page's few lines of CSS.

Accent means data, ink means interface; the edition is a colour (record amber, demo plum). Nothing else sets a colour.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Literal

Theme = Literal["light", "dark"]
FONT = "'Porchlight Sans', 'Porchlight States', sans-serif"
STYLESHEET = Path(__file__).with_name("looks.css")


@dataclass(frozen=True)
class Looks:
    """The colours of one theme in one edition. Charts are given it and know nothing of themes or editions."""

    theme: Theme
    is_simulated: bool
    paper: str
    band: str
    ink: str
    ink2: str
    ink3: str
    control: str
    rule: str
    grid: str
    accent: str
    soft: str
    on_accent: str
    grey: str
    grey_soft: str
    scale: tuple[str, ...]
    on_scale: tuple[str, ...]


_NEUTRAL = {
    "light": {
        "paper": "#FCFBF8",
        "band": "#F4F1EA",
        "ink": "#1C2126",
        "ink2": "#474E55",
        "ink3": "#646B72",
        "control": "#80868B",
        "rule": "#D8D3C8",
        "grid": "#DDD7CB",
        "grey": "#868C91",
        "grey_soft": "#D3D1CA",
    },
    "dark": {
        "paper": "#15181B",
        "band": "#1E2226",
        "ink": "#EDE9E1",
        "ink2": "#BDBAB2",
        "ink3": "#9A9890",
        "control": "#7D8288",
        "rule": "#3B4046",
        "grid": "#33393F",
        "grey": "#8B9096",
        "grey_soft": "#454A50",
    },
}
# accent, soft, words on the accent
_EDITION = {
    ("light", False): ("#A94F05", "#F5D9B8", "#FFFFFF"),
    ("dark", False): ("#F2A93B", "#5A3A10", "#15181B"),
    ("light", True): ("#7A3B9A", "#E6D5F0", "#FFFFFF"),
    ("dark", True): ("#CBA1E6", "#46305A", "#15181B"),
}
# Five steps, low to high, and the colour of a number on each; plum steps have the lightness of the amber ones.
_SCALE = {
    ("light", False): ("#FAEBD7 #F2CB99 #DE9C55 #AE5A12 #863D04", "#1C2126 #1C2126 #1C2126 #FFFFFF #FFFFFF"),
    ("dark", False): ("#33281B #563A14 #855814 #C4831F #F6B95A", "#EDE9E1 #EDE9E1 #FFFFFF #15181B #15181B"),
    ("light", True): ("#F2E9F7 #DFC8EB #BE95D3 #7A3B9A #57246F", "#1C2126 #1C2126 #1C2126 #FFFFFF #FFFFFF"),
    ("dark", True): ("#2B2433 #46305A #6B4A87 #A67BC4 #D9B8EE", "#EDE9E1 #EDE9E1 #FFFFFF #15181B #15181B"),
}


@lru_cache
def looks(theme: Theme, is_simulated: bool) -> Looks:
    """The colours for the reader's theme and the release's edition."""
    accent, soft, on_accent = _EDITION[theme, is_simulated]
    scale, on_scale = _SCALE[theme, is_simulated]
    return Looks(
        theme=theme,
        is_simulated=is_simulated,
        accent=accent,
        soft=soft,
        on_accent=on_accent,
        scale=tuple(scale.split()),
        on_scale=tuple(on_scale.split()),
        **_NEUTRAL[theme],
    )


@lru_cache
def stylesheet(colours: Looks) -> str:
    """The page's CSS with the colours filled in."""
    values = {name: value for name, value in vars(colours).items() if isinstance(value, str)}
    return Template(STYLESHEET.read_text(encoding="utf-8")).substitute(values)
