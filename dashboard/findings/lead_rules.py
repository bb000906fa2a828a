"""Leads in words: what each rule looks for, what it found, what would explain it innocently, and what to ask.

A lead is a question and never an accusation. Both directions are worded alike, and nothing is ranked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard import words
from dashboard.charts.consent_over_time import rate_in_words
from dashboard.i18n import N_, _, begun, day, is_known, iso, number, percent

NO_VOTE: Final = ("administrative", "none_found")
COLUMNS: Final = ["agency_id", "name", "state", "subject", "found", "question"]


@dataclass(frozen=True)
class Rule:
    """One kind of lead: its name, what the rule looks for, what keeps errors in check, and what is innocent."""

    code: str
    english_name: str
    english_rule: str
    english_control: str
    english_innocent: str
    english_doubt: str

    @property
    def name(self) -> str:
        """Short name, in the reader's language."""
        return _(self.english_name)

    @property
    def rule(self) -> str:
        """How leads of this kind are found."""
        return _(self.english_rule)

    @property
    def control(self) -> str:
        """What keeps false alarms in check."""
        return _(self.english_control)

    @property
    def innocent(self) -> str:
        """What would explain such a lead innocently."""
        return _(self.english_innocent)

    @property
    def doubt(self) -> str:
        """What could be wrong with the rule itself."""
        return _(self.english_doubt)


_TESTED = N_(
    "Benjamini and Hochberg over all tests of this kind in the release: of what is found, 5% are false alarms on "
    "average. A filter hides leads; it never tests again."
)
_READ = N_("A rule on documents and no test: chance plays no part, so nothing needs to be held in check.")
_SOURCES = N_("A source can be wrong or out of date. What no source says is not in this list.")

RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule
    for rule in (
        Rule(
            "spike",
            N_("Unusual months"),
            N_(
                "A month with more requests than the same agency's last 24 months of the same regime make likely "
                "(exact Poisson test, widened where months vary more than chance). At least 12 of them must be known."
            ),
            _TESTED,
            N_(
                "One large case with many requests. A new officer, a new tool, or a drive to train staff. A backlog "
                "logged in one month. A change in how requests are counted."
            ),
            N_(
                "A log may leave out months or requests. The test takes the months of an agency as independent of each "
                "other, which they are not quite."
            ),
        ),
        Rule(
            "funnel",
            N_("Outside the funnel"),
            N_(
                "An agency whose consent rate lies outside the limits of the funnel plot of its regime. The limits "
                "allow for the usual spread between agencies. A range counts only if all of it lies outside. A regime "
                "with fewer than ten agencies is not tested."
            ),
            _TESTED,
            N_(
                "Other kinds of incidents. Smaller or larger areas asked. Residents who know the officer. A log that "
                "leaves out requests without an answer, or counts a resident twice."
            ),
            N_(
                "The usual spread is estimated from the same agencies. Their logs may count in different ways, and the "
                "blocks that are published may not be like the rest."
            ),
        ),
        Rule(
            "vote",
            N_("No vote on record"),
            N_(
                "A partnership that a source says was signed by the administration alone, or for which someone looked "
                "for a vote and found none. Where no source speaks of approval, nothing is claimed: those are counted "
                "apart, as not reported."
            ),
            _READ,
            N_(
                "The law of the place may ask for no vote. A vote may have come later, or stand in minutes that "
                "nobody has put online."
            ),
            _SOURCES,
        ),
        Rule(
            "incentive",
            N_("Devices or discounts"),
            N_("A partnership that came with free devices, or with discounts for residents, as a source says."),
            _READ,
            N_(
                "Devices may have gone to residents by lottery and not to the agency. A discount may have been open "
                "to every city. Public money may have been voted for it in the open."
            ),
            _SOURCES,
        ),
        Rule(
            "silence",
            N_("Silence"),
            N_(
                "An agency that takes part in a program with a way to ask, and of which we know no number of requests. "
                "Or we know none for the last 12 months in which it could ask. Time without a tool to ask with does "
                "not count."
            ),
            _READ,
            N_(
                "It may have sent no request. It may have left without anybody saying so. Nobody may have asked it "
                "for its log. Silence here is a gap in the record, not an act of the agency."
            ),
            _SOURCES,
        ),
        Rule(
            "dates",
            N_("Start dates that differ"),
            N_("A partnership to which two sources give start dates that do not agree."),
            _READ,
            N_(
                "One source may give the day of signing and another the day of the announcement. A list may give the "
                "day on which a row was added."
            ),
            _SOURCES,
        ),
    )
}


def in_a_file(code: str) -> str:
    """One line for the head of a file: how its leads were found, with which control, and what is innocent."""
    rule = RULES[code]
    return _("How found: {rule} Errors: {control} Innocent reasons: {innocent}").format(
        rule=rule.rule, control=rule.control, innocent=rule.innocent
    )


def spikes(tests: pd.DataFrame) -> pd.DataFrame:
    """Leads from the months that were found. `tests` as of `public_data.leads.spike_tests`."""
    rows = []
    for row in tests[tests["is_found"]].to_dict("records"):
        month, count, usual = day(row["month_start"], "month"), number(row["requests"]), number(row["expected"], 1)
        found = _("{count} requests in {month}; its earlier months make about {usual} likely.")
        ask = _("What led to {count} requests in {month}? How many incidents were they about?")
        rows.append(
            _lead(
                row,
                subject=f"{words.word(words.REGIMES, row['regime_id'])}, {iso(row['month_start'], 'month')}",
                found=found.format(count=count, month=month, usual=usual),
                question=ask.format(count=count, month=month),
            )
        )
    return _frame(rows)


def outside(tests: pd.DataFrame) -> pd.DataFrame:
    """Leads from the agencies found outside their funnel. `tests` as of `public_data.leads.funnel_tests`."""
    rows = []
    for row in tests[tests["is_found"]].to_dict("records"):
        low, high = percent(row["target_low"], 0), percent(row["target_high"], 0)
        everyone = low if low == high else _("{low} to {high}").format(low=low, high=high)
        found = _("{rate} of {asked} residents asked shared; over all {agencies} agencies it is {everyone}.")
        ask = _("Whom does the agency ask, about what, and how does it count those who shared?")
        rows.append(
            _lead(
                row,
                subject=words.word(words.REGIMES, row["regime_id"]),
                found=begun(
                    found.format(
                        rate=rate_in_words(row, 0),
                        asked=number(row["asked"]),
                        agencies=number(row["agencies"]),
                        everyone=everyone,
                    )
                ),
                question=ask,
            )
            | {"cautious_rate": row["shrunken_rate"]}
        )
    return _frame(rows, "cautious_rate")


def without_vote(partnerships: pd.DataFrame) -> pd.DataFrame:
    """Leads from partnerships of which a source says that nobody voted. Not reported is no lead."""
    told = {
        "administrative": N_("Signed by the administration; no vote is on record."),
        "none_found": N_("A source looked for a vote or hearing and found none."),
    }
    return _frame(
        [
            _lead(
                row,
                subject=words.word(words.PROGRAMS, row["program_id"]),
                found=_(told[row["approval"]]),
                question=_("Who approved the agreement, on what day, and where are the minutes?"),
            )
            for row in partnerships[partnerships["approval"].isin(NO_VOTE)].to_dict("records")
        ]
    )


def with_incentive(partnerships: pd.DataFrame) -> pd.DataFrame:
    """Leads from partnerships that came with devices or discounts."""
    return _frame(
        [
            _lead(
                row,
                subject=words.word(words.PROGRAMS, row["program_id"]),
                found=_("Devices or discounts came with it."),
                question=_("What was given, by whom, to whom, and who paid for it?"),
            )
            for row in partnerships[partnerships["incentive"] == "yes"].to_dict("records")
        ]
    )


def silent(silences: pd.DataFrame) -> pd.DataFrame:
    """Leads from agencies without a request figure. `silences` as of `public_data.leads.silences`."""
    rows = []
    for row in silences[silences["silence"] != "no"].to_dict("records"):
        if row["silence"] == "never":
            found = _("No number of requests is known.")
        else:
            found = _("The last number of requests is of {day}; it could ask until {until}.").format(
                day=iso(row["last_figure_on"]), until=iso(row["could_ask_until"])
            )
        question = _("How many requests were sent, month by month? Is there a log, and may we see it?")
        rows.append(_lead(row, subject=words.word(words.PROGRAMS, row["program_id"]), found=found, question=question))
    return _frame(rows)


def conflicting(partnerships: pd.DataFrame) -> pd.DataFrame:
    """Leads from partnerships whose sources give different start dates."""
    return _frame(
        [
            _lead(
                row,
                subject=words.word(words.PROGRAMS, row["program_id"]),
                found=str(row["dates"] if is_known(row["dates"]) else row["conflicts"]),
                question=_("On what day was the agreement signed, and on what day did requests begin?"),
            )
            for row in partnerships[partnerships["conflicts"].notna()].to_dict("records")
        ]
    )


def _lead(row: Mapping[Any, Any], *, subject: str, found: str, question: str) -> dict[str, Any]:
    told = {"subject": subject, "found": found, "question": question}
    kept = {name: row[name] for name in ("agency_id", "name", "state")}
    return kept | told | {name: row.get(name) for name in ("p_value", "q_value")}


def _frame(rows: Sequence[dict[str, Any]], *more: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*COLUMNS, *more, "p_value", "q_value"])


def all_leads(kinds: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every lead in one frame, with how it was found and what would be innocent: the file of the whole page."""
    told = [
        rows.assign(kind=code, rule=RULES[code].rule, control=RULES[code].control, innocent=RULES[code].innocent)
        for code, rows in kinds.items()
        if not rows.empty
    ]
    names = ["kind", *COLUMNS, "p_value", "q_value", "rule", "control", "innocent"]
    return pd.concat(told, ignore_index=True)[names] if told else pd.DataFrame(columns=names)
