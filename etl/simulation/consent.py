"""How willing invented residents are. Which numbers are published figures and which are invented is said here.

Published: 319 e-mails for 22 requests (Fort Lauderdale Police, May to September 2018), which is 14.5 residents asked
per request; and a response of 3.5 % told by the vendor about the same requests. No share of residents who *shared* a
video has ever been published. `LOW` follows the published response in spirit (one in ten answers, 2.9 % share, and with
a quarter of such agencies nobody does). `NORMAL` and `LIVELY` are invented: they give the pages something to show.
"""

from dataclasses import dataclass
from typing import Literal

ASKED_PER_REQUEST = 319 / 22

Preset = Literal["mixed", "normal", "low"]


@dataclass(frozen=True)
class Level:
    """Of residents asked: the shares who share a video and who answer. `silent`: agencies with which nobody shares."""

    shared: float
    answered: float
    silent: float = 0.0


@dataclass(frozen=True)
class Mixture:
    """A usual level, and a share of agencies at another."""

    usual: Level
    other: Level
    share_of_other: float


NORMAL = Level(shared=0.13, answered=0.25)
LIVELY = Level(shared=0.24, answered=0.40)
LOW = Level(shared=0.029, answered=0.10, silent=0.25)

PRESETS: dict[Preset, Mixture] = {
    "mixed": Mixture(LIVELY, LOW, 0.16),
    "normal": Mixture(NORMAL, NORMAL, 0.0),
    "low": Mixture(LOW, LOW, 0.0),
}
