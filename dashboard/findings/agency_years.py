"""What the strip of years says: a label per column, words per cell, and its finding. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard import words
from dashboard.i18n import _, day, is_known, listed, month_name, ngettext, number, pgettext
from dashboard.states import state

# A year cut by less than this is called by its number alone: nobody misreads 2024 that begins on January 31.
SLIGHT = timedelta(days=45)
SHORT = timedelta(days=62)


def question_words() -> dict[str, str]:
    """Question -> its name on the strip."""
    return {
        "takes_part": pgettext("row of a narrow chart", "Takes part"),
        "requests": pgettext("row of a narrow chart", "Requests sent"),
        "asked": pgettext("row of a narrow chart", "Residents asked"),
        "shared": pgettext("row of a narrow chart", "Said yes"),
    }


def with_words(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells of `public_data.agency_years` with what a chart and a table need.

    Adds: column (0 for the oldest period), row (0 for the first question), regime, period, period_short,
    question_name, figure ('' without one), counts (what the figure counts), unit (its code in a file), hover.
    """
    if cells.empty:
        return cells.assign(
            column=[],
            row=[],
            regime=[],
            period=[],
            period_short=[],
            question_name=[],
            figure=[],
            counts=[],
            unit=[],
            hover=[],
        )
    names = question_words()
    first = cells["starts_on"].iloc[0]
    periods = list(dict.fromkeys(zip(cells["regime_id"], cells["starts_on"], strict=True)))
    rows = []
    for cell in cells.to_dict("records"):
        period = period_words(cell, is_first=cell["starts_on"] == first)
        figure = figure_words(cell)
        regime = words.word(words.REGIMES, cell["regime_id"])
        said = state(cell["status"]).word
        unit = unit_of(cell)
        # The press counts messages: one resident may have had more than one.
        counts = _("Messages sent") if unit == "messages" else names[cell["question"]]
        told = [_("{question}, {period} ({regime}): {state}").format(
            question=counts, period=period, regime=regime, state=said)]  # fmt: skip
        if figure:
            told.append(figure)
        elif cell["basis"] == "count" and cell["question"] != "takes_part":
            told.append(_("a count whose period reaches beyond this column"))
        if cell["basis"] == "count" and is_known(cell["counted_to"]):
            told.append(_counted_when(cell))
        if cell["status"] == "partly_published" and cell["basis"] == "log":
            told.append(words.covered_requests(cell["requests_covered"], cell["requests"]))
        rows.append(
            {
                "column": periods.index((cell["regime_id"], cell["starts_on"])),
                "row": list(names).index(cell["question"]),
                "regime": regime,
                "period": period,
                "period_short": f"’{cell['year'] % 100:02d}",
                "question_name": names[cell["question"]],
                "figure": figure,
                "counts": counts,
                "unit": unit,
                "hover": ", ".join(told),
            }
        )
    return pd.concat([cells.reset_index(drop=True), pd.DataFrame(rows)], axis=1)


def period_words(cell: Mapping[Any, Any], *, is_first: bool) -> str:
    """'2019', '2021 to Jun', 'from Jun 2021', 'Jan 2024'."""
    starts, ends, year = cell["starts_on"], cell["ends_on"], int(cell["year"])
    last = ends - timedelta(days=1)
    if ends - starts <= SHORT and (cell["is_cut_before"] or cell["is_cut_after"]):
        return f"{month_name(starts)} {year}"
    begins_late = cell["is_cut_before"] and starts - date(year, 1, 1) > SLIGHT and not is_first
    ends_early = cell["is_cut_after"] and date(year + 1, 1, 1) - ends > SLIGHT
    if begins_late:
        return _("from {month} {year}").format(month=month_name(starts), year=year)
    if ends_early:
        return _("{year} to {month}").format(year=year, month=month_name(last))
    return str(year)


def figure_words(cell: Mapping[Any, Any]) -> str:
    """'22', 'at least 1', '0 to 3', '319 messages'; '' where the cell holds no figure."""
    if not is_known(cell["low"]):
        return ""
    low, high = number(cell["low"]), number(cell["high"])
    if low != high:
        return _("{low} to {high}").format(low=low, high=high)
    told = words.qualified(low, cell["qualifier"])
    if unit_of(cell) == "messages":
        return ngettext("{count} message", "{count} messages", int(cell["high"])).format(count=told)
    return told


def unit_of(cell: Mapping[Any, Any]) -> str | None:
    """What the cell's figure counts: requests, residents, or messages to them; None where it holds no figure."""
    if not is_known(cell["low"]):
        return None
    if cell["question"] == "requests":
        return "requests"
    return "messages" if cell["question"] == "asked" and cell["basis"] == "count" else "residents"


def finding(cells: pd.DataFrame) -> str:
    """Title of the strip: what years hold a figure, and that the others are blank."""
    if cells.empty:
        return _("No period is known")
    figures = cells[cells["question"].ne("takes_part") & cells["low"].notna()]
    shown = cells[cells["question"].eq("takes_part") & cells["status"].eq("published")]
    last_year = int(cells["year"].max())
    if not figures.empty:
        told = years_words(figures["year"])
        blank = int(figures["year"].max()) < last_year
        pattern = _("Figures exist for {years}; the years since are blank") if blank else _("Figures exist for {years}")
        return pattern.format(years=told)
    if not shown.empty:
        return _("Taking part is on record for {years}; no figure is").format(years=years_words(shown["year"]))
    return _("No year of a request program is on record")


def in_words(cells: pd.DataFrame) -> str:
    """The strip in one sentence for those who do not see it: each question with its years by state."""
    told = []
    rows = cells.to_dict("records")
    for name in dict.fromkeys(cells["question_name"]):
        mine = (row for row in rows if row["question_name"] == name)
        parts = [f"{row['period']}: {row['figure'] or state(row['status']).word}" for row in mine]
        told.append(f"{name}: {', '.join(parts)}")
    return ". ".join(told) + "."


def by_period(figures: pd.DataFrame) -> list[str]:
    """One line per period that holds a figure: '2018: Requests sent **22**, Messages sent **319 messages**'."""
    return [
        _("{period}: {figures}").format(
            period=period,
            figures=", ".join(f"{row['counts']} **{row['figure']}**" for row in mine.to_dict("records")),
        )
        for period, mine in figures.groupby("period", sort=False)
    ]


def years_words(years: pd.Series) -> str:
    """'2018', '2018 to 2020', '2018 and 2020 to 2023'."""
    known = sorted({int(year) for year in years})
    runs: list[list[int]] = []
    for year in known:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    spans = [str(run[0]) if len(run) == 1 else _("{low} to {high}").format(low=run[0], high=run[-1]) for run in runs]
    return listed(spans)


def _counted_when(cell: Mapping[Any, Any]) -> str:
    ends = day(cell["counted_to"])
    if not is_known(cell["counted_from"]):
        return _("by {day}").format(day=ends)
    return _("{low} to {high}").format(low=day(cell["counted_from"]), high=ends)
