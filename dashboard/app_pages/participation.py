"""Participation: which agencies take part, since when, in which states, and how that compares with reported totals."""

import pandas as pd

from dashboard import charts, components, public_data, words
from dashboard.components import Column, here
from dashboard.findings import participation as findings
from dashboard.i18n import _, in_english, iso, ngettext, number
from dashboard.states import state

release, looks = here().release, here().looks


FILTERS = ("states", "program", "kind", "source", "active_on")
selection = components.read_selection(*FILTERS)
by_month = public_data.participation_by_month(release, selection)
agencies = public_data.partnerships(release, selection)
told = public_data.totals_beside(release, selection)
totals = findings.totals_from(told)
regimes = public_data.regimes(release)
lists = public_data.lists(release, selection)
sources = components.named_sources([listing.source.source_id for listing in lists])
until = release.data_as_of

components.headline(
    findings.finding(len(agencies), totals, by_month, components.place_of(selection), selection.active_on),
    findings.dek(len(agencies), totals, by_month),
)
components.show_filters(*FILTERS)
if agencies.empty:
    components.nothing_here(
        _("No agency of this selection is named in this release. That does not prove that none takes part.")
    )

# Growth -------------------------------------------------------------------------------------------------------------
components.section(
    findings.growth_finding(by_month, until),
    _(
        "Shaded: agencies we can name. Diamonds: totals that the vendor gave or the press reported; "
        "an arrow means “more than”. The axis is cut where a request came to mean something else."
    ),
)
components.chart(
    components.once("growth", lambda: charts.growth(by_month, told, regimes, looks, until)),
    key="growth",
    alt=findings.dek(len(agencies), totals, by_month),
)
components.regime_key(charts.bands(regimes, *charts.span(regimes, until)))
closing = findings.closing_total(totals, findings.list_end(by_month))
if closing:
    components.coverage_line(
        closing.named,
        closing.value,
        _("Coverage: {covered} of {of} agencies ({share})") + " " + _("reported for {when}.").format(when=closing.when),
        findings.fire_sentence([closing]),
    )
drawn = charts.drawn_months(by_month)
if not closing and not drawn.empty and drawn["active"].iloc[-1] < len(agencies) and not selection.active_on:
    components.coverage_line(
        int(drawn["active"].iloc[-1]),
        len(agencies),
        ngettext(
            "Coverage: {covered} of {of} named agency ({share}) stands in the chart's last month.",
            "Coverage: {covered} of {of} named agencies ({share}) stand in the chart's last month.",
            len(agencies),
        ),
        _("The others left, joined later, or are named without any day."),
    )
components.how_we_know(
    _(
        "An agency takes part from the day of joining, signing or, failing those, the announcement, "
        "until an exit is reported."
    ),
    _("Each agency counts once, from its start, or from the day on which a source shows it taking part."),
    _("Exits are counted where a source reports them. An agency whose exit nobody reported still counts.")
    if by_month["left"].notna().any()
    else _(
        "No source reports exits, so that nobody leaves in these figures. Absence from a later list is not an exit."
    ),
)
components.months_row(
    by_month, ("joined", "left", "active"), key="growth", title=_("Named agencies by month"), sources=sources
)

dated = int(agencies["started_precision"].isin(["day", "month"]).sum())

# Joining ------------------------------------------------------------------------------------------------------------
components.section(
    findings.joined_finding(by_month, dated, len(agencies)),
    _("Agencies joining per month. {left} left, as far as reported.").format(left=number(by_month["left"].sum()))
    if by_month["left"].notna().any()
    else _("Agencies joining per month. Leaving: ○ not reported; no source holds exits."),
)
components.chart(
    components.once("joined", lambda: charts.joined(by_month, regimes, looks)),
    key="joined",
    alt=charts.joined_in_words(by_month),
)
components.coverage_line(
    dated,
    len(agencies),
    ngettext(
        "Coverage: {covered} of {of} named agency has a start date ({share})",
        "Coverage: {covered} of {of} named agencies have a start date ({share})",
        len(agencies),
    ),
    _("known to the day or the month.")
    + (_(" The others are known to take part on some day, not since when.") if dated < len(agencies) else ""),
)
components.months_row(
    by_month[["month_start", "joined", "left", "status"]],
    ("joined", "left"),
    key="joined",
    title=_("Agencies joining and leaving by month"),
    sources=sources,
)

components.states_part(selection, sources)

# Lists --------------------------------------------------------------------------------------------------------------
# A list that was given whole, without rows of its own, is told above by its months.
is_told_above = not lists and findings.list_end(by_month) is not None
if not is_told_above:
    components.section(
        _("What each list holds"),
        _(
            "A list names agencies row by row. Its rows are counted here as they stand; above, an agency that "
            "several sources name counts once."
        ),
    )
if not lists and not is_told_above:
    components.paragraph(
        _(
            "This release holds no list for this selection: its agencies were **named by the press** "
            "or by public bodies."
        )
    )
names = dict(public_data.choices(release, "states"))
for listing in lists:
    sentence = findings.list_in_words(listing)
    if selection.active_on:
        sentence += " " + findings.active_in_words(listing, selection.active_on, names, selection.states)
    published = iso(listing.source.published_on, listing.source.published_precision)
    components.show(f"<h3>{components.escaped(listing.source.title or listing.source.publisher)}, {published}</h3>")
    components.paragraph(sentence)
    years = pd.DataFrame(listing.by_year, columns=["year", "rows"]).assign(year=lambda frame: frame["year"].astype(str))
    components.show(
        components.table(
            years,
            (
                Column("year", _("Year of start")),
                Column("rows", _("Rows"), "bar", highest=max(years["rows"], default=1)),
            ),
            _("Rows by year of start"),
        )
    )

if totals:
    components.section(
        _("Named agencies beside reported totals"),
        findings.fire_sentence(totals)
        or _("Each was counted by somebody else and in another way: do not add or subtract them."),
    )
    beside = told.assign(
        when=[iso(total.as_of, total.precision) for total in totals],
        said=[total.in_words for total in totals],
        counted=[words.word(words.MEASURES, total.measure) for total in totals],
    )
    beside_columns = (
        Column("when", _("For"), "date"),
        Column("named", _("Named by then"), "bar", highest=max(*beside["named"], *beside["value"])),
        Column("said", _("Reported")),
        Column("counted", _("What was counted"), note="note", note_words=in_english),
        Column("publisher", _("Reported by"), "link", address=lambda row: row["url"], desk_only=True),
    )
    components.show(components.table(beside, beside_columns, _("Named agencies and reported totals")))
    components.source_row(
        beside[["when", "named", "value", "qualifier", "measure", "note", "publisher", "url"]],
        key="totals",
        title=_("Named agencies and reported totals"),
        sources=(),
        queries=("reported_totals", "partnerships"),
    )

# Agencies -----------------------------------------------------------------------------------------------------------
components.section(
    _("Every agency that we can name"),
    ngettext(
        "{count} row. Pick a name to open its page.", "{count} rows. Pick a name to open its page.", len(agencies)
    ).format(count=number(len(agencies))),
)
unsaid = state("not_reported").told
listed_agencies = agencies.assign(
    joined=[iso(row["started_on"], row["started_precision"]) or unsaid for row in agencies.to_dict("records")],
    seen=[iso(day_seen) or unsaid for day_seen in agencies["last_known_active_on"]],
    kind_of_agency=[words.word(words.KIND, kind) for kind in agencies["kind"]],
    approved=[
        unsaid if approval == "unknown" else words.word(words.APPROVALS, approval) for approval in agencies["approval"]
    ],
)
agency_columns = (
    Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
    Column("state", _("State")),
    Column("kind_of_agency", _("Kind"), desk_only=True),
    Column("joined", _("Joined"), "date"),
    Column("seen", _("Last shown taking part"), "date", desk_only=True),
    Column("approved", _("Approval"), desk_only=True),
    Column("sources", _("Sources"), "number", desk_only=True),
)
components.show_table(listed_agencies, agency_columns, _("Named agencies"), key="agencies")
components.source_row(
    agencies.drop(columns=["joined_month", "active_by"]),
    key="agencies",
    title=_("Named agencies"),
    sources=sources,
    queries=("partnerships", "agencies"),
    definitions=dict(
        public_data.dictionary(release, "partnerships")[["column_name", "description"]].itertuples(index=False)
    ),
)
