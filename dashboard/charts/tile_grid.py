"""Where each state lies on the tile map: equal squares, so that a small state counts as much as a large one."""

from typing import Final

COLUMNS, ROWS = 11, 8

# Row by row as it looks; two characters a tile, two dots where there is none. Row 0 is the top.
_PICTURE = """
AK .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. .. .. .. .. VT NH
WA ID MT ND MN IL WI MI NY RI MA
OR NV WY SD IA IN OH PA NJ CT ..
CA UT CO NE MO KY WV VA MD DE ..
.. AZ NM KS AR TN NC SC DC .. ..
.. .. .. OK LA MS AL GA .. .. ..
HI .. .. TX .. .. .. .. FL .. ..
"""

# State code -> (column, row), from the top left corner.
TILES: Final[dict[str, tuple[int, int]]] = {
    code: (column, row)
    for row, line in enumerate(_PICTURE.split("\n")[1:-1])
    for column, code in enumerate(line.split())
    if code != ".."
}
