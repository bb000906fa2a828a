"""Proof by bounds, for blocks that share no request with any other published row: the ordinary case, all at once.

Take a part of a block with r of its R requests. The only published fact about it is the block's row. Each request asks
at least one resident, so the rest asked at least R - r, and

    r <= asked(part) <= r + (asked - R).

Every whole number between is reached: ask one resident per request elsewhere and put the rest into the part. As many
who shared as the row allows, up to asked(part), may sit in the part; the same holds for those who did not share. These
limits are met by whole numbers, so they are the truth in both directions: a part that fails here fails. A set made of
parts of several such blocks adds up their limits, because nothing ties the blocks together, so it is open wherever one
part is.
"""

import numpy as np
import pandas as pd

from etl.judging.rules import (
    ASKED_BEYOND_REQUESTS,
    ASKED_NEEDED,
    MIX_NEEDED,
    RANGES_FROM,
    WIDTH_NEEDED,
)
from etl.judging.verdict import Leak, Reach

LIMITS = ("asked_low", "asked_high", "shared_low", "shared_high", "not_shared_low", "not_shared_high", "excess_low")


def shared_limit(blocks: pd.DataFrame) -> pd.Series:
    """The most that can have shared, for a reader who knows that `responded` is shown only where 2 or more declined."""
    known = blocks["shared_high"].where(
        blocks["responded"].isna(), np.minimum(blocks["shared_high"], blocks["responded"] - MIX_NEEDED)
    )
    return known.clip(lower=0).astype("int64")


def judge_parts(parts: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    """Limits for each part of a block and whether they are enough.

    `parts`: one row per set and block: row_key, requests (of the block in the set). `blocks`: one row per row_key:
    requests, asked, responded, shared_low, shared_high. Returns `parts` with LIMITS, is_whole and is_safe.
    """
    row = blocks.set_index("row_key").loc[parts["row_key"]]
    total, asked, low = (row[name].to_numpy("int64") for name in ("requests", "asked", "shared_low"))
    high = shared_limit(row).to_numpy("int64")
    inside = parts["requests"].to_numpy("int64")
    whole = inside >= total
    fewest = np.where(whole, asked, inside)
    most = np.where(whole, asked, inside + asked - total)
    outside = asked - fewest
    judged = parts.assign(
        is_whole=whole,
        asked_low=fewest,
        asked_high=most,
        shared_low=np.maximum(low - outside, 0),
        shared_high=np.minimum(high, most),
        not_shared_low=np.maximum(asked - high - outside, 0),
        not_shared_high=np.minimum(asked - low, most),
        excess_low=fewest - inside,
    )
    return judged.assign(is_safe=safe(judged))


def safe(judged: pd.DataFrame) -> pd.Series:
    """For a frame with LIMITS: is_known_safe or open_enough (see verdict.py), for many rows at once."""
    mixed = (judged["shared_high"] >= MIX_NEEDED) & (judged["not_shared_high"] >= MIX_NEEDED)
    roomy = judged["excess_low"] >= ASKED_BEYOND_REQUESTS
    surely_mixed = (judged["shared_low"] >= MIX_NEEDED) & (judged["not_shared_low"] >= MIX_NEEDED)
    shown_safe = roomy & (judged["asked_low"] >= ASKED_NEEDED) & surely_mixed
    large = roomy & (judged["asked_low"] >= RANGES_FROM) & mixed
    open_enough = mixed & (judged["asked_high"] - judged["asked_low"] >= WIDTH_NEEDED)
    return shown_safe | large | open_enough


def leak_of(part: pd.Series, block: pd.Series, where: str) -> Leak:
    """The recipe for one part that failed: one published row and the number of requests."""
    low, high, yes_low, yes_high, no_low, no_high, excess = (int(part[name]) for name in LIMITS)
    reach = Reach(int(part["requests"]), low, high, yes_low, yes_high, no_low, no_high, excess)
    shown = (
        f"{block['shared_low']} shared"
        if block["shared_low"] == block["shared_high"]
        else f"{block['shared_low']} to {block['shared_high']} shared"
    )
    responded = (
        ""
        if pd.isna(block["responded"])
        else f", {int(block['responded'])} responded (so {MIX_NEEDED} or more declined)"
    )
    rest = int(block["requests"]) - int(part["requests"])
    recipe = f"block {block['block_id']} publishes {block['asked']} asked, {shown}{responded} "
    recipe += f"for {block['requests']} requests"
    if rest > 0:
        recipe += f"; the other {rest} asked at least {rest}, these {part['requests']} at least {part['requests']}"
    return Leak(where, reach, recipe + ".")
