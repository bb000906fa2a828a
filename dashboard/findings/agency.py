"""What can be said about one agency: the strongest thing that is public about it, and what is missing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard import words
from dashboard.findings import consent as consent_findings
from dashboard.findings.requests import Logged, counted, period, when
from dashboard.i18n import _, day, is_known, listed, ngettext, number, the_day
from dashboard.i18n import counted as spelled
from dashboard.public_data import Consent

# Evidence this young is told as "today"; older evidence says nothing about today.
TODAY = timedelta(days=183)


@dataclass(frozen=True)
class Profile:
    """Everything the sentences rest on. `logged` and `answers` (by regime) are newest first; regimes never add up."""

    about: Mapping[str, Any]
    partnerships: pd.DataFrame
    counts: pd.DataFrame
    logged: Sequence[Logged]
    answers: Mapping[str, Consent]
    dates: Mapping[str, str]
    as_of: date

    @property
    def name(self) -> str:
        """The agency's name."""
        return str(self.about["name"])

    @cached_property
    def figure(self) -> tuple[str, Consent] | None:
        """The newest regime with a consent figure, and that figure."""
        return next(((regime, answer) for regime, answer in self.answers.items() if answer.asked), None)

    @cached_property
    def programs(self) -> list[dict[Any, Any]]:
        """The partnerships in programs that can ask residents, by start."""
        return [row for row in self.named if row["asks_residents"]]

    @cached_property
    def _counted(self) -> list[dict[Any, Any]]:
        return self.counts.to_dict("records")

    @cached_property
    def named(self) -> list[dict[Any, Any]]:
        """The partnerships in all programs."""
        return self.partnerships.to_dict("records")

    def count(self, measure: str) -> dict[Any, Any] | None:
        """The published count of a measure that says most: exact before minimums, dated before undated, then newest."""
        return max(
            (row for row in self._counted if row["measure"] == measure),
            key=lambda row: (
                row["qualifier"] == "exact",
                is_known(row["period_start"]),
                is_known(row["period_end"]),
                row["period_end"] if is_known(row["period_end"]) else pd.Timestamp(0),
            ),
            default=None,
        )

    @cached_property
    def last_shown(self) -> date | None:
        """The last day on which anything shows the agency taking part or asking."""
        days = [row["last_known_active_on"] for row in self.programs]
        days += [self.logged[0].last_month] if self.logged else []
        days += list(self.counts.loc[self.counts["measure"] == "requests", "period_end"])
        known = [found.date() if hasattr(found, "date") else found for found in days if is_known(found)]
        return max(known, default=None)

    @cached_property
    def last_shown_words(self) -> str:
        """That day in words, or its month where a log is the last to show anything. '' where nothing does."""
        last = self.last_shown
        from_log = bool(self.logged) and last == pd.Timestamp(self.logged[0].last_month).date()
        return day(last, "month" if from_log else "day")


@dataclass(frozen=True)
class Fact:
    """One large fact: `status` is the state where there is no figure, '' where `told` is one."""

    label: str
    status: str
    told: str
    note: str


@dataclass(frozen=True)
class Gap:
    """One thing that is not public, and who could say it."""

    missing: str
    ask: str


def finding(profile: Profile) -> str:
    """The page's title: the strongest thing that is public, and what is not."""
    figure = profile.figure
    if figure:
        return _("{agency}: {finding}").format(agency=profile.name, finding=consent_findings.finding(figure[1]))
    if profile.logged:
        told = _("{agency} logged {requests}, {period}.").format(
            agency=profile.name, requests=counted(profile.logged[0]), period=period(profile.logged[0])
        )
        pending = any(answer.status == "pending" for answer in profile.answers.values())
        rest = _("What residents said is pending.") if pending else _("What residents said is not public.")
        return f"{told} {rest}"
    sent = profile.count("requests")
    if sent and sent["value"] and not (is_known(sent["period_start"]) or is_known(sent["period_end"])):
        return _("{agency} sent {requests}; when is not reported. No other count is public.").format(
            agency=profile.name, requests=requests_words(sent)
        )
    if sent and sent["value"]:
        return _("{agency} sent {requests} {when}. No newer count is public.").format(
            agency=profile.name, requests=requests_words(sent), when=_when_short(sent)
        )
    shared = profile.count("shared")
    if shared and not shared["value"]:
        return _("{agency}: residents had shared no video {when}. No number of requests is public.").format(
            agency=profile.name, when=when(shared)
        )
    return _part_finding(profile)


def _part_finding(profile: Profile) -> str:
    """The title where no number is public: taking part, in which program, since when."""
    named = profile.named
    if not profile.programs:
        if not named:
            return _("{agency} is named in a source. Nothing more is public.").format(agency=profile.name)
        programs = listed([_program_words(row["program_id"]) for row in named])
        return _("{agency} is named for {programs}. No request program is on record.").format(
            agency=profile.name, programs=programs
        )
    first = profile.programs[0]
    if is_known(first["ended_on"]):
        pattern = _("{agency} took part until {end}. No number of its requests is public.")
        return pattern.format(agency=profile.name, end=day(first["ended_on"]))
    if is_known(first["started_on"]):
        pattern = _("{agency} is named as taking part since {start}. No number of its requests is public.")
        return pattern.format(agency=profile.name, start=the_day(first["started_on"], first["started_precision"]))
    if is_known(first["last_known_active_on"]):
        pattern = _("{agency} was shown taking part on {seen}. No number of its requests is public.")
        return pattern.format(agency=profile.name, seen=day(first["last_known_active_on"]))
    return _("{agency} is named as taking part. No number of its requests is public.").format(agency=profile.name)


def _program_words(program_id: str) -> str:
    """A program inside a sentence: the vendor's names keep their capitals."""
    name = words.word(words.PROGRAMS, program_id)
    return name[0].lower() + name[1:] if program_id == "camera-registry" else name


def dek(profile: Profile) -> str:
    """Under the title: intervals and coverage where there are figures, else what exactly the record holds."""
    figure = profile.figure
    if figure:
        regime, answer = figure
        told = [consent_findings.dek(answer, regime, profile.dates.get(regime, ""))]
        if answer.status == "partly_published":
            told.append(
                _("That rests on {requests}; the rest is not estimated.").format(
                    requests=words.covered_requests(answer.requests_covered, answer.requests_in_selection)
                )
            )
        return " ".join([*told, *_other_logs(profile, regime)])
    if profile.logged:
        exact = _("Requests are exact counts, so there is no interval.")
        return " ".join([exact, *_other_logs(profile, profile.logged[0].regime_id), _no_rate(profile)])
    told = []
    sent, messages = profile.count("requests"), profile.count("asked")
    if sent and messages and _same_period(sent, messages):
        told.append(
            _(
                "They went out as **{count} messages**, which are not residents: one person may have had more than one."
            ).format(count=words.qualified(number(messages["value"]), messages["qualifier"]))
        )
    if sent and sent["value"]:
        told.append(
            _("An exact count has no interval.")
            if sent["qualifier"] == "exact"
            else _("That is a minimum taken from a story: there may have been more.")
        )
    seen = profile.last_shown
    if profile.programs and not sent:
        rows = max(int(row["sources"]) for row in profile.programs)
        told.append(ngettext("{count} source names it.", "{count} sources name it.", rows).format(count=number(rows)))
        if seen:
            told.append(_("It was last shown taking part on **{day}**.").format(day=profile.last_shown_words))
    return " ".join([*told, _no_rate(profile)])


def _no_rate(profile: Profile) -> str:
    if any(answer.status == "pending" for answer in profile.answers.values()):
        return _("Figures about residents appear when they cannot point to a household.")
    if profile.count("responded") and profile.count("asked"):
        return _("Who was asked is known in messages only, so no consent rate exists.")
    if profile.count("shared"):
        return _("How many residents were asked is **not reported**, so no consent rate exists.")
    return _("How many residents were asked and said yes is **not reported**, so no consent rate exists.")


def _other_logs(profile: Profile, regime: str) -> list[str]:
    others = [entry for entry in profile.logged if entry.regime_id != regime]
    if not others:
        return []
    told = listed([f"**{counted(entry)}** ({period(entry)})" for entry in others])
    return [_("Its log also holds {others}. They are different acts and are never added up.").format(others=told)]


def _same_period(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    return all(
        one[name] == other[name] or not (is_known(one[name]) or is_known(other[name]))
        for name in ("period_start", "period_end")
    )


def _when_short(row: Mapping[Any, Any]) -> str:
    """'in five months of 2018' where whole months of one year are meant; else as everywhere."""
    starts, ends = row["period_start"], row["period_end"]
    if not (is_known(starts) and is_known(ends)) or starts.year != ends.year:
        return when(row)
    whole = starts.day == 1 and (ends + pd.Timedelta(days=1)).day == 1 and ends.month > starts.month
    if not whole or ends.month - starts.month == 11:
        return _("in {year}").format(year=starts.year) if whole else when(row)
    return _("in {count} months of {year}").format(count=spelled(ends.month - starts.month + 1), year=starts.year)


def requests_words(row: Mapping[Any, Any]) -> str:
    """'22 requests', 'at least 1 request'."""
    told = words.qualified(number(row["value"]), row["qualifier"])
    return ngettext("{count} request", "{count} requests", int(row["value"])).format(count=told)


def facts(profile: Profile) -> list[Fact]:
    """The four large facts: joined, requests, approval on record, taking part today."""
    return [_joined(profile), _requests(profile), _approval(profile), _today(profile)]


def _joined(profile: Profile) -> Fact:
    label = _("Joined")
    dated = [row for row in profile.programs if is_known(row["started_on"])]
    if not dated:
        seen = [row["first_seen_on"] for row in profile.programs if is_known(row["first_seen_on"])]
        note = _("shown taking part on {day}").format(day=day(min(seen))) if seen else _("no start is on record")
        return Fact(label, "not_reported", "", note)
    row = dated[0]
    program = words.word(words.PROGRAMS, row["program_id"])
    return Fact(label, "", day(row["started_on"], row["started_precision"]), program)


def _requests(profile: Profile) -> Fact:
    if profile.logged:
        entry = profile.logged[0]
        label = _("Requests, {period}").format(period=period(entry))
        return Fact(label, "", number(entry.requests), words.word(words.REGIMES, entry.regime_id))
    sent = profile.count("requests")
    if not sent:
        return Fact(_("Requests"), "not_reported", "", _("no count found"))
    note = _("published count")
    messages = profile.count("asked")
    if messages and sent["qualifier"] == "exact" and sent["value"] and _same_period(sent, messages):
        each = number(messages["value"] / sent["value"], 1)
        note = _("{count} messages per request").format(count=each)
    told = words.qualified(number(sent["value"]), sent["qualifier"])
    return Fact(_("Requests {when}").format(when=when(sent)), "", told, note)


def _approval(profile: Profile) -> Fact:
    label = _("Approval on record")
    named = [row for row in profile.named if row["approval"] not in ("unknown", "none_found")]
    if named:
        row = named[0]
        program = words.word(words.PROGRAMS, row["program_id"])
        return Fact(label, "", words.word(words.APPROVALS, row["approval"]), program)
    searched = any(row["approval"] == "none_found" for row in profile.named)
    note = _("looked for; no vote or hearing found") if searched else _("no source tells of a vote or hearing")
    return Fact(label, "not_reported", "", note)


def _today(profile: Profile) -> Fact:
    label = _("Taking part today")
    left = [row["ended_on"] for row in profile.programs if is_known(row["ended_on"])]
    seen = profile.last_shown
    if left and (seen is None or max(left).date() >= seen):
        return Fact(label, "not_participating", "", _("left on {day}").format(day=day(max(left))))
    if seen is None:
        return Fact(label, "not_reported", "", _("no source shows a day"))
    if profile.as_of - seen <= TODAY:
        return Fact(label, "published", _("shown"), profile.last_shown_words)
    return Fact(label, "not_reported", "", _("last shown: {day}").format(day=profile.last_shown_words))


def gaps(profile: Profile) -> list[Gap]:
    """What is missing, and whom to ask for it; never why a figure is held back."""
    missing = []
    if not profile.logged:
        missing.append(
            Gap(_("Every request since joining: day, kind of incident, area"), _("the agency: it sent them"))
        )
    if not profile.figure:
        pending = any(answer.status == "pending" for answer in profile.answers.values())
        if not pending:
            missing.append(
                Gap(
                    _("How many residents each request reached"), _("the agency; the vendor where police cannot see it")
                )
            )
            missing.append(
                Gap(_("How many residents shared and how many declined"), _("the agency: it got the videos"))
            )
    unsaid = [regime for regime, answer in profile.answers.items() if not answer.asked and answer.status != "pending"]
    if profile.figure and unsaid:
        missing.append(
            Gap(
                _("How residents answered: {regimes}").format(
                    regimes=listed([words.word(words.REGIMES, regime) for regime in unsaid])
                ),
                _("the agency; the vendor where police cannot see it"),
            )
        )
    if _approval(profile).status:
        missing.append(Gap(_("Who approved it, and whether there was a hearing"), _("the city or county clerk")))
    if not any(is_known(row["started_on"]) for row in profile.programs):
        missing.append(Gap(_("The day on which it joined, and the agreement"), _("the agency or the clerk")))
    if _today(profile).status == "not_reported":
        missing.append(Gap(_("Whether it takes part today"), _("the agency: the vendor publishes no list")))
    return missing


def gaps_finding(missing: Sequence[Gap]) -> str:
    """Title of the gaps."""
    if not missing:
        return _("Each question of this page has at least part of an answer")
    return ngettext(
        "{count} thing is not public, and who could say it", "{count} things are not public, and who could say them",
        len(missing),
    ).format(count=number(len(missing)))  # fmt: skip


def rates(profile: Profile) -> pd.DataFrame:
    """One row per regime with requests, newest first: words and figures of its consent answer."""
    return pd.DataFrame(
        [
            {
                "regime_id": regime,
                "regime": words.word(words.REGIMES, regime),
                "dates": profile.dates.get(regime, ""),
                "requests": answer.requests_in_selection,
                "requests_covered": answer.requests_covered,
                "asked": answer.asked or None,
                "shared_low": answer.shared_low if answer.asked else None,
                "shared_high": answer.shared_high if answer.asked else None,
                "rate_low": answer.rate_low,
                "rate_high": answer.rate_high,
                "status": answer.status,
            }
            for regime, answer in profile.answers.items()
        ],
        columns=[
            "regime_id",
            "regime",
            "dates",
            "requests",
            "requests_covered",
            "asked",
            "shared_low",
            "shared_high",
            "rate_low",
            "rate_high",
            "status",
        ],
    ).astype({"asked": "Int64", "shared_low": "Int64", "shared_high": "Int64"})


def peers_rule(peers: pd.DataFrame, profile: Profile) -> str:
    """The rule by which the peers were found, in a sentence."""
    kind = words.word(words.KINDS, str(profile.about["kind"])).lower()
    if not peers.empty and bool(peers["by_place"].iloc[0]):
        return _(
            "Its residents are not known, so these are the nearest of its kind ({kind}) on the map, its state first. "
            "In order of name: **this is not a ranking.**"
        ).format(kind=kind)
    residents = profile.about["population"]
    if not is_known(residents):
        return _("Neither its residents nor its place are known, so no agency can be set beside it.")
    return _(
        "Of its kind ({kind}), with half to twice its {residents} residents, its state first, then the nearest "
        "in residents. In order of name: **this is not a ranking.**"
    ).format(kind=kind, residents=number(residents))
