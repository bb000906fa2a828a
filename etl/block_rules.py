"""When a set of requests may be published, and what of it. There is no off switch; BLOCKS.md says why.

Whole-number arithmetic only, on arrays or single numbers: a twentieth of 40 is `40 // 20`, never `0.05 * 40`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.errors import ProtectionError

RULES_VERSION = "1"
CLOSED_FOR_DAYS = 60

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class BlockRules:
    """The constants of the rule. The program uses `RULES` only; tests scale them down to try every possible world."""

    asked: int = 10  # residents asked in an exact block, at least
    each: int = 2  # residents who shared, and who did not, at least
    excess: int = 6  # residents asked beyond one per request, at least
    big: int = 40  # from this many asked a block is safe whatever the answers were, as a range
    one_in: int = 20  # the range of a big block of extreme answers reaches to one in twenty of those asked
    width: int = 5  # how wide every part's number of residents asked must stay for a reader

    def __post_init__(self) -> None:
        """Refuse constants with which the proof does not hold."""
        # "shared can reach 2" must be plainly true of every range, or a range with few asked would prove all-no.
        if self.big // self.one_in < self.each:
            raise ProtectionError("Block rules: a range must reach the smallest number of each answer.")
        # An open run tells that it asked fewer than `excess` extra; that alone must leave `width` to choose from.
        if self.excess < self.width + 1:
            raise ProtectionError("Block rules: the excess asked must be larger than the width that parts keep.")
        if self.big < self.asked or self.each < 1:
            raise ProtectionError("Block rules: a range block asks at least as many residents as an exact one.")


RULES = BlockRules()


def safe(requests: Counts, asked: Counts, shared: Counts, rules: BlockRules = RULES) -> Flags:
    """For each set of requests: may it be published? Adding requests to a safe set keeps it safe."""
    mixed = (asked >= rules.asked) & (shared >= rules.each) & (asked - shared >= rules.each)
    return (asked - requests >= rules.excess) & (mixed | (asked >= rules.big))


def shared_range(asked: Counts, shared: Counts, rules: BlockRules = RULES) -> tuple[Counts, Counts]:
    """What a safe block shows of `shared`: (low, high); equal in an exact block, apart where nearly all agree."""
    reach = asked // rules.one_in
    is_big = asked >= rules.big
    few = is_big & (shared <= reach)
    many = is_big & ~few & (asked - shared <= reach)
    low = np.where(few, 0, np.where(many, asked - reach, shared))
    high = np.where(few, reach, np.where(many, asked, shared))
    return low, high


def shows_responded(
    asked: Counts,
    shared_low: Counts,
    shared_high: Counts,
    responded: Counts,
    declined: Counts,
    rules: BlockRules = RULES,
) -> Flags:
    """Where `responded` may stand beside a block: every shared count in its range must go with at least 2 who declined.

    `responded` and `declined` are those of the whole block; the caller leaves out blocks for which they are not known.
    """
    answers_missing = asked - responded >= rules.each
    is_exact = shared_low == shared_high
    is_low = ~is_exact & (shared_low == 0)
    # A high range never shows it: responded would be a lower limit for nothing and an upper limit for shared.
    exact_may = is_exact & (declined >= rules.each)
    low_may = is_low & (responded >= shared_high + rules.each)
    return answers_missing & (exact_may | low_may)
