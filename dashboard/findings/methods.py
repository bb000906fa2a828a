"""The words of Data and methods: protection for a council, the example, states, statistics, the record format. Pure."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard import statistics
from dashboard.i18n import N_, _, number, percent, quarter
from dashboard.states import STATES
from dashboard.statistics.words import WORDS


def protection() -> list[tuple[str, str]]:
    """Head and text of each paragraph on how residents are protected; reading grade 9 or lower."""
    return [
        (
            _("We publish people only in groups"),
            _("A group, which we call a **block**, is a set of requests of one agency under one way of asking. A block "
              "is safe when at least **10 residents were asked** in it, at least **2 shared** and at least **2 did "
              "not**, and when at least **6 more residents were asked than there were requests**."),
        ),
        (
            _("A block closes when it is safe"),
            _("We walk through an agency's quarters in order. As soon as the requests so far make a safe block, it "
              "closes, and a new one begins. Then we split it by county, kind of incident and area. A part stands "
              "alone when it is safe and what is left is safe too. The smallest part is never tested on its own; it "
              "stays with the rest."),
        ),
        (
            _("What is not yet safe is pending"),
            _("It waits until more requests join it. We do not say why one cell waits, and nobody who works here may: "
              "the reason would tell something about the people in it. We never show a total from which it could be "
              "taken off. Only quarters that ended at least 60 days ago are used."),
        ),
        (
            _("Ranges, so that an agency does not hide for ever"),
            _("Sometimes almost nobody said yes, or almost everybody. Then a block of 40 or more residents shows a "
              "range, such as “at most 5%”. So an agency that few people answer can still be seen."),
        ),
        (
            _("A block never changes"),
            _("A later release only adds blocks. So two releases cannot be subtracted to see what happened in between. "
              "A late or corrected request waits in the next block. Where the press already told of a period, those "
              "requests stay out of blocks, so that the two cannot be subtracted either."),
        ),
        (
            _("Two tests stand before each release"),
            _("A **judge** reads only the finished files of all releases, as a stranger would, and tries to work out "
              "any smaller group. The **cover test** builds a false world from the release and runs our own program "
              "on it: the very same blocks must come out. Then even a reader who knows the program cannot tell the "
              "true world from the false one. If either test fails, nothing is published. There is no off switch."),
        ),
        (
            _("What a reader can still work out"),
            _("A reader can sometimes tell that fewer than 10 residents were asked in a small part. Such upper limits "
              "remain; how many said yes does not follow from them. A long wait hints that few people shared. And what "
              "somebody knows from elsewhere, we cannot take back."),
        ),
    ]  # fmt: skip


def example_quarters() -> pd.DataFrame:
    """An invented agency's log by quarter: quarter, requests, asked, shared, block (0 for pending).

    The rule of blocks makes exactly these blocks of it; a test holds the example to the program.
    """
    rows = [
        (quarter(date(2025, 1, 1)), 1, 4, 0, 1),
        (quarter(date(2025, 4, 1)), 2, 7, 1, 1),
        (quarter(date(2025, 7, 1)), 1, 6, 2, 1),
        (quarter(date(2025, 10, 1)), 3, 21, 4, 2),
        (quarter(date(2026, 1, 1)), 4, 44, 1, 3),
        (quarter(date(2026, 4, 1)), 1, 5, 1, 0),
        (quarter(date(2026, 7, 1)), 1, 3, 0, 0),
    ]
    return pd.DataFrame(rows, columns=["quarter", "requests", "asked", "shared", "block"])


def example_blocks() -> pd.DataFrame:
    """What is published of the example: block, first, last (positions of quarters), requests, asked, low, high."""
    quarters = example_quarters().reset_index(names="place")
    blocks = (
        quarters[quarters["block"] > 0]
        .groupby("block")
        .agg(first=("place", "min"), last=("place", "max"), requests=("requests", "sum"), asked=("asked", "sum"),
             low=("shared", "sum"), high=("shared", "sum"))
        .reset_index()
    )  # fmt: skip
    # 44 were asked and 1 shared: a range up to one in twenty.
    blocks.loc[blocks["block"] == 3, ["low", "high"]] = 0, 2
    return blocks


def example_in_words() -> list[str]:
    """The example, step by step."""
    return [
        _("**First three quarters.** After two quarters 11 residents were asked, but only 1 shared: not safe, so it "
          "waits. With the third, 17 were asked and 3 shared, in 4 requests: **block 1** closes."),
        _("**Fourth quarter.** 21 asked and 4 shared in 3 requests: safe by itself. **Block 2** closes at once."),
        _("**Fifth quarter.** 44 asked, 1 shared. Too few said yes to show the number. With 40 or more asked, "
          "**block 3** closes with a range: 0 to 2 shared."),
        _("**Last two quarters.** 8 asked so far: pending. Their requests are public all the same."),
    ]  # fmt: skip


def states_table() -> pd.DataFrame:
    """One row per state of a cell: code, word, meaning."""
    return pd.DataFrame(
        [{"code": state.code, "word": state.word, "meaning": state.meaning} for state in STATES.values()]
    )


def definitions() -> list[str]:
    """One paragraph per group of terms."""
    return [
        _("**Participation**: agencies with an active partnership on a day. **Reach**: the share of a state's agencies "
          "that take part, by the FBI's list of 2018, which still holds agencies that are gone: it is approximate."),
        _("**Requests**: requests sent in a period, under one regime. **Asked**: residents to whom a request went. "
          "**Responded**: shared or declined. **No answer**: asked, less responded."),
        _("**Consent rate**: shared over asked. **Share of answers**: shared over responded. They are not the same, "
          "and the first is the one in titles."),
        _("**Coverage**: the share of a selection's requests, or of the agencies reported, that the figures rest on. "
          "Under 80% we say “partly published”. The rest is never estimated."),
    ]  # fmt: skip


def how_read(code: object) -> str:
    """How much of a source was read, in words."""
    told = {
        "full": _("whole text"),
        "excerpt": _("an excerpt"),
        "second_hand": _("second hand"),
        "data": _("data, row by row"),
    }
    return told.get(str(code), str(code))


def who(code: object) -> str:
    """Who knows how many were asked, in words."""
    told = {"vendor": _("the vendor"), "agency": _("the agency"), "nobody": _("nobody"), "unknown": _("not stated")}
    return told.get(str(code), str(code))


HEADS = {
    "interval": N_("Intervals"),
    "design_effect": N_("Residents of one request are alike"),
    "funnel": N_("The funnel plot"),
    "shrinkage": N_("Sorted lists"),
    "difference": N_("Is a difference real?"),
    "many": N_("Looking at many agencies"),
    "spike": N_("Months that stand out"),
    "change": N_("Before and after a date"),
}


def statistics_words() -> list[tuple[str, str]]:
    """Head and text for each method."""
    return [(_(HEADS.get(name, name)), _(text)) for name, text in WORDS.items()]


def worked_examples() -> pd.DataFrame:
    """Intervals computed now by our own code, for anyone to check against a textbook (Newcombe 1998)."""
    rows = []
    for shared, asked in ((81, 263), (15, 148), (0, 20), (1, 29)):
        low, high = statistics.wilson(shared, asked)
        rows.append((number(shared), number(asked), percent(shared / asked), number(low, 4), number(high, 4)))
    return pd.DataFrame(rows, columns=["shared", "asked", "rate", "low", "high"])


@dataclass(frozen=True)
class FormatTable:
    """One table of the record format: file name, what a row is, its columns."""

    name: str
    row_is: str
    columns: str


def record_format() -> list[FormatTable]:
    """The tables of record format v1, those that an agency fills in first."""
    return [
        FormatTable(
            "requests",
            _("one request to residents"),
            "request_ref, agency_id, program_id, channel, requested_on, incident_category, legal_basis, county_fips, "
            "area, asked, responded, shared, declined, outcome, source_id",
        ),
        FormatTable(
            "responses",
            _("one resident asked; no resident has an id"),
            "agency_id, request_ref, response, answered_after_hours",
        ),
        FormatTable("areas", _("a named area of at least 100 households"), "agency_id, area, households, source_id"),
        FormatTable("agencies", _("one agency"), "agency_id, name, kind, state, city, county, source_id"),
        FormatTable(
            "partnerships",
            _("one agency in one program, as one source tells it"),
            "agency_id, program_id, started_on, started_precision, known_active_on, ended_on, approval, incentive, "
            "note, source_id",
        ),
        FormatTable(
            "published_counts",
            _("one number that somebody published about one agency"),
            "agency_id, program_id, period_start, period_end, measure, value, qualifier, note, source_id",
        ),
        FormatTable(
            "reported_totals",
            _("one number for a state or the country"),
            "as_of, as_of_precision, scope, measure, value, qualifier, note, source_id",
        ),
        FormatTable(
            "events", _("one dated step"), "event_id, happened_on, precision, scope, kind, title, summary, source_id"
        ),
        FormatTable(
            "sources",
            _("one page or document"),
            "source_id, publisher, title, url, published_on, published_precision, read, note, licence",
        ),
        FormatTable(
            "corrections",
            _("one figure that was found wrong"),
            "correction_id, corrected_on, table_name, what_was_wrong, what_is_right, source_id",
        ),
    ]
