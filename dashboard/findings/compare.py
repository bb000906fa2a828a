"""What can be said about two to six agencies: which rates differ, told from intervals; and what is only on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from dashboard import statistics
from dashboard.charts.consent_over_time import rate_in_words
from dashboard.findings.compare_facts import programs_by_use
from dashboard.i18n import _, day, interval, listed, ngettext, number, percent
from dashboard.public_data import Consent
from dashboard.states import state
from dashboard.statistics import Difference

LETTERS = "ABCDEF"


@dataclass(frozen=True)
class Compared:
    """One picked agency: its letter on this page, its name, and its consent figure within the picked regime."""

    letter: str
    agency_id: str
    name: str
    consent: Consent

    @property
    def has_rate(self) -> bool:
        """Whether a published block gives it a rate."""
        return self.consent.asked > 0

    @property
    def row(self) -> dict[str, Any]:
        """asked, shared_low, shared_high as charts and words read them."""
        return {
            "asked": self.consent.asked,
            "shared_low": self.consent.shared_low,
            "shared_high": self.consent.shared_high,
        }

    @property
    def decimals(self) -> int:
        """Under 100 residents no decimals."""
        return 1 if self.consent.asked >= 100 else 0


@dataclass(frozen=True)
class Pair:
    """Two agencies and the difference of their rates, first minus second; intervals of all pairs hold together."""

    first: Compared
    second: Compared
    difference: Difference

    @property
    def differs(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        return self.difference.verdict == statistics.DIFFERS

    @property
    def higher(self) -> Compared:
        """Of a pair that differs, the agency with the higher rate."""
        return self.first if self.difference.low > 0 else self.second


def called(row: Mapping[Any, Any]) -> str:
    """'Fort Lauderdale Police Department, FL'; a name that ends in its state stays as it is."""
    name, state = str(row["name"]), row["state"]
    return name if not state or name.endswith(f", {state}") else f"{name}, {state}"


def compared(agencies: pd.DataFrame, consents: Sequence[Consent]) -> list[Compared]:
    """The picked agencies in the order picked, each with a letter. `agencies`: agency_id, name, state."""
    return [
        Compared(LETTERS[i], row["agency_id"], called(row), consent)
        for i, (row, consent) in enumerate(zip(agencies.to_dict("records"), consents, strict=True))
    ]


def pairs(agencies: Sequence[Compared]) -> list[Pair]:
    """Every pair of agencies that have a rate. All intervals together hold at 95 % (Bonferroni)."""
    able = list(combinations([agency for agency in agencies if agency.has_rate], 2))
    level = statistics.level_for(len(able))
    return [
        Pair(first, second, statistics.difference(_as_rate(first), _as_rate(second), level=level))
        for first, second in able
    ]


def _as_rate(agency: Compared) -> statistics.Rate:
    told = agency.consent
    return statistics.Rate(told.shared_low, told.shared_high, told.asked, told.design_effect)


def finding(agencies: Sequence[Compared], found: Sequence[Pair]) -> str:
    """The page's title where the release holds figures: from the intervals of the differences alone."""
    if not found:
        return _silence(agencies)
    apart = [pair for pair in found if pair.differs]
    if len(found) == 1:
        if not apart:
            return _("The data cannot tell these two agencies apart")
        return _more_often(apart[0])
    count = len([agency for agency in agencies if agency.has_rate])
    if not apart:
        return _("The data cannot tell these {count} agencies apart").format(count=number(count))
    if len(apart) == len(found):
        return _("Each of the {pairs} pairs of agencies differs by more than chance explains").format(
            pairs=number(len(found))
        )
    return ngettext(
        "{apart} of {pairs} pairs of agencies differs; the data cannot tell the others apart",
        "{apart} of {pairs} pairs of agencies differ; the data cannot tell the others apart",
        len(apart),
    ).format(apart=number(len(apart)), pairs=number(len(found)))


def _silence(agencies: Sequence[Compared]) -> str:
    """The title where no two of the agencies have a rate."""
    able = [agency for agency in agencies if agency.has_rate]
    if able:
        return _("Of these agencies only {agency} has a consent figure, so there is no difference to tell").format(
            agency=able[0].name
        )
    states = {agency.consent.status for agency in agencies}
    if "pending" in states:
        return _("The consent figures of these agencies are pending")
    if states == {"not_measurable"}:
        return _("Nobody can say how many residents these agencies reached, so no rates can be compared")
    if states == {"no_request_tool"}:
        return _("In this period the agencies had no way to ask through the program")
    return _("No consent figure is reported for these agencies, so no rates can be compared")


def dek(agencies: Sequence[Compared], found: Sequence[Pair], regime: str) -> str:
    """Rates with their n, the difference with its interval, and which regime this is. `regime`: name and dates."""
    told = []
    if len(found) == 1:
        pair = found[0]
        told.append(
            _("{first}: **{first_rate}** of {first_asked} residents asked shared.").format(
                first=pair.first.name, first_rate=rate(pair.first), first_asked=number(pair.first.consent.asked)
            )
        )
        told.append(
            _("{second}: **{second_rate}** of {second_asked}.").format(
                second=pair.second.name, second_rate=rate(pair.second), second_asked=number(pair.second.consent.asked)
            )
        )
        told.append(_("The difference is **{difference}**.").format(difference=in_points(pair)))
    elif found:
        told.append(
            _(
                "{count} agencies make **{pairs} pairs**. Each interval is widened so that all of them hold together."
            ).format(count=number(len([agency for agency in agencies if agency.has_rate])), pairs=number(len(found)))
        )
        without = [agency.name for agency in agencies if not agency.has_rate]
        if without:
            told.append(_("No figure: {agencies}.").format(agencies=listed(without)))
    else:
        states = listed(sorted({state(agency.consent.status).word for agency in agencies if not agency.has_rate}))
        told.append(_("State of the missing figures: **{states}**. Unknown is not zero.").format(states=states))
    told.append(_("This is {regime}; other regimes are compared apart and never added in.").format(regime=regime))
    return " ".join(told)


def rate(agency: Compared) -> str:
    """'24.1%', 'at most 5%': as exactly as the number asked allows."""
    return rate_in_words(agency.row, agency.decimals)


def rate_with_interval(agency: Compared) -> str:
    """'24.1% of 212 asked (18.9 to 30.2)'."""
    low, high = agency.consent.rate_low, agency.consent.rate_high
    if low is None or high is None:
        return ""
    return _("{rate} of {asked} asked ({interval})").format(
        rate=rate(agency), asked=number(agency.consent.asked), interval=interval(low, high, agency.decimals)
    )


def in_points(pair: Pair) -> str:
    """'5.1 points (95% interval -3.0 to 13.1)'; the share of the interval as far as Bonferroni raised it."""
    told = pair.difference
    low, high = (number(100 * value, 1) for value in (told.estimate_low, told.estimate_high))
    estimate = low if low == high else _("{low} to {high}").format(low=low, high=high)
    return _("{estimate} points ({level} interval {interval})").format(
        estimate=estimate, level=level_in_words(told.level), interval=interval(told.low, told.high)
    )


def level_in_words(level: float) -> str:
    """'95%', '99.2%', '99.67%': as many decimals as tell the levels of 1, 6 and 15 pairs apart."""
    return percent(level, 0 if round(100 * level, 2).is_integer() else 2)


def verdict(pair: Pair) -> str:
    """What the interval allows to say of two agencies, in one sentence."""
    if not pair.differs:
        return _("The data cannot tell these two agencies apart.")
    return _more_often(pair) + "."


def _more_often(pair: Pair) -> str:
    lower = pair.second if pair.higher is pair.first else pair.first
    return _("Residents asked by {higher} said yes more often than those asked by {lower}").format(
        higher=pair.higher.name, lower=lower.name
    )


def differences_finding(found: Sequence[Pair]) -> str:
    """Title of the chart of differences."""
    apart = sum(pair.differs for pair in found)
    if len(found) == 1:
        return (
            _("Is this difference real? The interval leaves out zero, so yes")
            if apart
            else _("Is this difference real? The interval holds zero, so the data cannot tell")
        )
    if not apart:
        return _("Is any difference real? Each interval holds zero, so the data cannot tell")
    return _("Which differences are real? {apart} of {pairs} intervals leave out zero").format(
        apart=number(apart), pairs=number(len(found))
    )


def many_compared(found: Sequence[Pair]) -> str:
    """The warning where more than two agencies are compared; '' for one pair."""
    if len(found) < 2:
        return ""
    level = level_in_words(found[0].difference.level)
    return " ".join(
        (
            _("**Many pairs are compared here.**"),
            _("If no agencies differed, usual 95% intervals would still call about {few} of {pairs} pairs different.")
            .format(few=number(0.05 * len(found), 1), pairs=number(len(found))),
            _("So each interval here is one of {level} (Bonferroni): that all of them hold is at least 95% sure.")
            .format(level=level),
            _("Agencies that were picked because they look far apart will seem to differ more than they do."),
        )
    )  # fmt: skip


def rates_in_words(agencies: Sequence[Compared], words_of: Mapping[str, str]) -> str:
    """The sentence that stands for the chart of rates. `words_of`: the word of each state."""
    told = [
        f"{agency.name}: {rate_with_interval(agency) if agency.has_rate else words_of[agency.consent.status]}"
        for agency in agencies
    ]
    return _("Share of residents asked who shared, with 95% intervals. {agencies}.").format(agencies="; ".join(told))


def rates_finding(agencies: Sequence[Compared]) -> str:
    """Title of the chart of rates: how sure they are, not who leads."""
    able = [agency for agency in agencies if agency.has_rate]
    widths = [(agency.consent.rate_high or 0.0) - (agency.consent.rate_low or 0.0) for agency in able]
    if not able:
        return _("No consent rate can be shown for these agencies")
    if len(able) == 1:
        return _("One of {count} agencies has a rate; its interval spans {points} points").format(
            count=number(len(agencies)), points=number(100 * widths[0])
        )
    return _("{able} of {count} agencies have a rate; the widest interval spans {points} points").format(
        able=number(len(able)), count=number(len(agencies)), points=number(100 * max(widths))
    )


def months_finding(by_month: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Title of the requests by month: what each log holds, in the order picked. `names`: id -> name."""
    held = by_month.groupby("agency_id", sort=False)["requests"].sum()
    if held.empty:
        return _("No log of these agencies names a request in this regime")
    told = [
        ngettext("{agency} logged {count} request", "{agency} logged {count} requests", int(count)).format(
            agency=names[str(agency_id)], count=number(count)
        )
        for agency_id, count in held.items()
    ]
    if len(told) > 2:
        return _("The logs of {count} agencies hold requests in this regime").format(count=number(len(told)))
    return listed(told)


def log_of(months: pd.DataFrame) -> str:
    """'214 requests in 15 months, April 2025 to June 2026' for the rows of one agency."""
    first, last = (day(value, "month") for value in (months["month_start"].min(), months["month_start"].max()))
    count = int(months["requests"].sum())
    told = ngettext("{count} request", "{count} requests", count).format(count=number(count))
    if first == last:
        return _("{requests}, {month}").format(requests=told, month=first)
    return _("{requests}, {first} to {last}").format(requests=told, first=first, last=last)


def months_in_words(by_month: pd.DataFrame, names: Mapping[str, str]) -> str:
    """The sentence that stands for the chart by month."""
    logs = {str(agency_id): log_of(months) for agency_id, months in by_month.groupby("agency_id", sort=False)}
    told = [f"{name}: {logs.get(agency_id, _('no log'))}" for agency_id, name in names.items()]
    return _("Requests by month on one scale, a panel for each agency. {agencies}.").format(agencies="; ".join(told))


def record_finding(agencies: pd.DataFrame, partnerships: pd.DataFrame) -> str:
    """The title where no picked agency has a log: what is on record of each, and that no rate is."""
    dated = partnerships[partnerships["started_on"].notna()].drop_duplicates("agency_id")
    starts = {row["agency_id"]: row for row in dated.to_dict("records")}
    if len(agencies) == 2 and len(starts) == 2:
        told = [
            _("{agency} joined {date}").format(agency=row["name"], date=_on(starts[row["agency_id"]]))
            for row in agencies.to_dict("records")
        ]
        return listed(told)
    if not starts:
        return _("No source says when these {count} agencies joined, and none gives a rate").format(
            count=number(len(agencies))
        )
    return _("These {count} agencies can be compared by what is on record, not by how residents answered").format(
        count=number(len(agencies))
    )


def facts_finding(agencies: pd.DataFrame, partnerships: pd.DataFrame) -> str:
    """Title of the facts side by side: of how many agencies each kind of fact is on record, as the table tells them."""
    told = partnerships[partnerships["program_id"].isin(programs_by_use(partnerships)[:1])]
    known = {
        "start": told["started_on"].notna(),
        "approval": told["approval"] != "unknown",
        "incentive": told["incentive"] != "unknown",
    }
    counts = {name: number(told[rows]["agency_id"].nunique()) for name, rows in known.items()}
    return _("On record for {count} agencies: start dates {start}, approvals {approval}, answers on devices or "
             "discounts {incentive}").format(count=number(len(agencies)), **counts)  # fmt: skip


def record_dek(published: pd.DataFrame, has_figures: bool) -> str:
    """What stands below that title: which numbers exist, and why no rate can be compared."""
    told = []
    if not published.empty:
        told.append(
            ngettext(
                "**{count} number** was published about {agencies} of them.",
                "**{count} numbers** were published about {agencies} of them.",
                len(published),
            ).format(count=number(len(published)), agencies=number(published["agency_id"].nunique()))
        )
    told.append(_("None of them gave us a log of its requests, so neither requests nor rates can be compared."))
    if not has_figures:
        told.append(_("Nor did any other agency: the public record holds no consent rate."))
    return " ".join(told)


def _on(partnership: Mapping[Any, Any]) -> str:
    precision = partnership["started_precision"]
    told = day(partnership["started_on"], precision)
    return _("on {day}").format(day=told) if precision == "day" else _("in {month}").format(month=told)
