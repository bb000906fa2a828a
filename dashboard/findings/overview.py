"""Where things stand: what the record says about each period, and where it is silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard import words
from dashboard.charts.participation import in_words
from dashboard.findings import consent as consent_findings
from dashboard.findings.participation import Total, list_end
from dashboard.i18n import _, counted, day, interval, is_known, listed, ngettext, number, percent
from dashboard.public_data import Consent


@dataclass(frozen=True)
class Cell:
    """One answer of the matrix: a state, the figure's own words where there is one, a note."""

    status: str
    words: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Period:
    """A regime, with what the release holds about it."""

    regime_id: str
    name: str
    dates: str
    starts_on: date
    ends_on: date | None
    has_request_tool: bool
    sees_who_was_asked: str
    consent: Consent
    by_month: pd.DataFrame
    totals: pd.DataFrame
    requests_reported: pd.DataFrame
    published_counts: pd.DataFrame
    # The name of the period's program, where it is not the one that the page is about.
    other_program: str = ""

    def holds(self, day_known: object) -> bool:
        """Whether a day lies in the period."""
        if not is_known(day_known):
            return False
        known = pd.Timestamp(str(day_known)).date()
        return self.starts_on <= known and (self.ends_on is None or known < self.ends_on)

    def of(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows whose day lies in the period."""
        return rows[rows[column].map(self.holds).astype(bool)]


def finding(named: int, latest: Period | None) -> str:
    """The page's title. `latest`: the last period for which a consent figure is published, None without any."""
    told = ngettext(
        "We can name {count} agency that could ask doorbell owners for video.",
        "We can name {count} agencies that could ask doorbell owners for video.",
        named,
    ).format(count=number(named))
    if latest is None:
        return f"{told} {_('No public figure says how often residents agree.')}"
    return f"{told} {consent_findings.finding(latest.consent)}."


def dek(by_state: pd.DataFrame, by_month: pd.DataFrame, totals: Sequence[Total], latest: Period | None) -> str:
    """The sentences under the title: where, since when, what was reported, and how sure the consent figure is."""
    states = int(by_state["agencies"].notna().sum())
    ends = list_end(by_month)
    active = by_month[by_month["active"] > 0]
    joined = by_month[(by_month["status"] == "published") & (by_month["joined"] > 0)]["month_start"]
    told = []
    if not joined.empty and not active.empty and ends:
        told.append(
            ngettext(
                "Agencies in **{states} state** joined between {first} and {last}.",
                "Agencies in **{states} states** joined between {first} and {last}.",
                states,
            ).format(
                states=states,
                first=day(active["month_start"].iloc[0], "month"),
                last=day(joined.iloc[-1], "month"),
            )
        )
    elif ends:
        told.append(
            ngettext(
                "They lie in **{states} state**. In which month they joined is not known.",
                "They lie in **{states} states**. In which month they joined is not known.",
                states,
            ).format(states=states)
        )
    else:
        told.append(
            ngettext(
                "They lie in **{states} state** and were named by the press or by public bodies.",
                "They lie in **{states} states** and were named by the press or by public bodies.",
                states,
            ).format(states=states)
        )
    told.append(_("This is a count of names, not a sample, so it has no interval."))
    if latest:
        consent = latest.consent
        assert consent.rate_low is not None and consent.rate_high is not None
        told.append(
            _(
                "{regime}: **{asked} residents asked**, 95% interval {interval}; {coverage} of requests are covered."
            ).format(
                regime=latest.name,
                asked=number(consent.asked),
                interval=interval(consent.rate_low, consent.rate_high),
                coverage=percent(consent.coverage, 0),
            )
        )
    elif totals:
        last = max(totals, key=lambda total: total.stands_on)
        told.append(
            _("The last total that anyone reported, for {when}, was **{total}** {measure}.").format(
                when=last.when, total=last.in_words, measure=words.word(words.MEASURES, last.measure)
            )
        )
    return " ".join(told)


def latest_consent(periods: Sequence[Period]) -> Period | None:
    """The last period with a published consent figure."""
    return next((period for period in reversed(periods) if period.consent.asked), None)


def taking_part(period: Period) -> Cell:
    """Which agencies take part."""
    if not period.has_request_tool:
        return Cell("no_request_tool", _("nothing to join"))
    inside = period.of(period.by_month, "month_end")
    whole = inside[inside["status"] == "published"]
    totals = period.of(period.totals, "stands_on")
    last_total = None if totals.empty else in_words(totals.iloc[-1].to_dict())
    if not whole.empty and whole["active"].iloc[-1] > 0:
        last = whole.iloc[-1]
        complete = len(whole) == len(inside) and not last_total
        named = _named(last["active"])
        month = day(last["month_end"], "month")
        until = (
            _("{program}, to {month}").format(program=period.other_program, month=month)
            if period.other_program
            else _("to {month}").format(month=month)
        )
        return Cell("published" if complete else "partly_published", named, until)
    # Whom a list named that ended before, the months after it carry on: that is nobody's word about these months.
    lists = period.by_month[period.by_month["status"] == "published"]
    carried = 0 if lists.empty else int(lists["active"].iloc[-1])
    most = inside["active"].max()
    named_by_press = int(most) - carried if is_known(most) else 0
    if last_total and (carried or named_by_press < 1):
        return Cell("partly_published", _("**totals only**"), last_total)
    if named_by_press < 1:
        return Cell("not_reported")
    if carried:
        more = ngettext("**{count} more**", "**{count} more**", named_by_press).format(count=number(named_by_press))
        return Cell("partly_published", more, _("named by the press since the list ended"))
    told = _("by the press; {total}").format(total=last_total) if last_total else _("by the press")
    return Cell("partly_published", _named(named_by_press), told)


def _named(count: int) -> str:
    return ngettext("**{count} named**", "**{count} named**", int(count)).format(count=number(count))


def asking(period: Period) -> Cell:
    """How often they ask."""
    if not period.has_request_tool:
        return Cell("no_request_tool", _("no requests"))
    if period.consent.requests_in_selection:
        return Cell(
            "partly_published",
            ngettext("**{count}** request", "**{count}** requests", period.consent.requests_in_selection).format(
                count=number(period.consent.requests_in_selection)
            ),
            _("of agencies whose logs are public"),
        )
    reported = period.of(period.requests_reported, "stands_on")
    if not reported.empty:
        last = reported.iloc[-1]
        value = words.qualified(number(last["value"]), last["qualifier"])
        year = day(last["as_of"], "year")
        return Cell("partly_published", f"**{value}**", _("requests in {year}, press").format(year=year))
    return _from_counts(period, "requests") or Cell("not_reported")


def asked(period: Period) -> Cell:
    """How many residents were asked."""
    if not period.has_request_tool:
        return Cell("no_request_tool", _("no requests"))
    if period.consent.asked:
        return _of_blocks(period, _("**{count}** residents").format(count=number(period.consent.asked)))
    told = _from_counts(period, "asked")
    if told:
        return told
    if period.sees_who_was_asked == "no":
        return Cell("not_measurable", None, _("police cannot see who was asked"))
    return Cell("not_reported")


def said_yes(period: Period) -> Cell:
    """How many said yes."""
    if not period.has_request_tool:
        return Cell("no_request_tool", _("no requests"))
    consent = period.consent
    if consent.asked and consent.rate_low is not None and consent.rate_high is not None:
        share = consent_share(consent)
        return _of_blocks(
            period,
            f"**{share}**",
            _("95% interval {interval}").format(interval=interval(consent.rate_low, consent.rate_high)),
        )
    return _from_counts(period, "shared") or Cell("not_reported")


def consent_share(consent: Consent) -> str:
    """'20.9%', or '18.2% to 20.9%' where blocks give ranges."""
    low, high = percent(consent.shared_low / consent.asked), percent(consent.shared_high / consent.asked)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _of_blocks(period: Period, told: str, note: str | None = None) -> Cell:
    covered = _("{share} of requests covered").format(share=percent(period.consent.coverage, 0))
    return Cell(period.consent.status, told, note or covered)


def _from_counts(period: Period, measure: str) -> Cell | None:
    counts = period.published_counts[period.published_counts["measure"] == measure]
    counts = period.of(counts.assign(told_of=counts["period_start"].fillna(counts["period_end"])), "told_of")
    if counts.empty:
        return None
    agencies = counts["agency_id"].nunique()
    largest = counts.iloc[int(counts["value"].to_numpy().argmax())]
    value = words.qualified(number(largest["value"]), largest["qualifier"])
    if agencies == 1:
        told = {
            "requests": ngettext("**{count}** request", "**{count}** requests", int(largest["value"])),
            "asked": ngettext("**{count}** message", "**{count}** messages", int(largest["value"])),
            "shared": _("**{count}** shared"),
        }[measure]
        return Cell("partly_published", told.format(count=value), f"{largest['name']}, {largest['state']}")
    return Cell(
        "partly_published",
        _("**{count} agencies**").format(count=number(agencies)),
        _("one count each, the largest: {value}").format(value=value),
    )


def questions() -> tuple[str, ...]:
    """The rows of the matrix, in the order of the answers below."""
    return (
        _("Which agencies take part"),
        _("How often they ask"),
        _("How many residents were asked"),
        _("How many said yes"),
    )


ANSWERS = (taking_part, asking, asked, said_yes)


Answers = list[tuple[str, list[tuple[Period, Cell]]]]


def answers(periods: Sequence[Period]) -> Answers:
    """The matrix: each question with its answer for every period."""
    return [
        (question, [(period, answer(period)) for period in periods])
        for question, answer in zip(questions(), ANSWERS, strict=True)
    ]


def silence_finding(told: Answers) -> str:
    """The line on how to read the matrix: which periods nobody has reported on."""
    by_period = zip(*(row for _question, row in told), strict=True)
    silent = [
        cells[0][0].name
        for cells in by_period
        if cells[0][0].has_request_tool
        and all(cell.status in ("not_reported", "not_measurable") for _period, cell in cells)
    ]
    count = len(told[0][1])
    line = _("Four questions, {periods} periods.").format(periods=counted(count))
    if silent:
        line += " " + _("No figure about {periods} has been reported.").format(periods=listed(silent))
    return line
