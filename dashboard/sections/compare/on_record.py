"""What is on record about each agency: its partnerships, and the numbers that somebody published."""

import pandas as pd

from dashboard import components, words
from dashboard.components import Column
from dashboard.components.side_by_side import side_by_side
from dashboard.findings import compare as findings
from dashboard.findings.compare_facts import facts
from dashboard.findings.consent import figure
from dashboard.findings.requests import when
from dashboard.i18n import _, in_english, iso


def participation_section(agencies: pd.DataFrame, partnerships: pd.DataFrame) -> None:
    """What is on record about each agency's part in each program."""
    components.section(
        findings.facts_finding(agencies, partnerships),
        _("“Not reported” means that no source says it. It is neither a yes nor a no."),
    )
    side_by_side(list(agencies["name"]), facts(agencies, partnerships))
    components.how_we_know(
        _("Joined: the first day of a partnership, or its month or year where only that is known."),
        _("Where sources differ, the more precise date is shown, then that of the vendor's own list, then the earlier "
          "publication. Other dates stand beside it."),
        _("No list names exits, so a missing exit does not mean that an agency still takes part. Residents of the "
          "place are not the people that an agency polices."),
    )  # fmt: skip
    names = dict(zip(agencies["agency_id"], agencies["name"], strict=True))
    named = [one for ids in partnerships["source_ids"].dropna() for one in ids.split("|")]
    components.source_row(
        partnerships.assign(name=partnerships["agency_id"].map(names))[
            ["agency_id", "name", "program_id", "started_on", "started_precision", "approval", "incentive", "ended_on",
             "last_known_active_on", "sources", "conflicts", "source_ids"]
        ],
        key="facts",
        title=_("Partnerships of the picked agencies"),
        sources=components.named_sources(named),
        queries=("partnerships", "partnership_claims"),
        columns=(
            Column("name", _("Agency"), "link", address=lambda row: components.link("agency", agency=row["agency_id"])),
            Column("program_id", _("Program"), words=lambda code: words.word(words.PROGRAMS, code)),
            Column("started_on", _("Joined"), words=iso),
            Column("conflicts", _("Other dates")),
            Column("source_ids", _("Sources")),
        ),
        definitions={
            "started_on": _("Day of joining, signing or announcement; first day of the month or year where only that "
                            "is known (see started_precision)."),
            "approval": _("Who approved it, as far as a source says."),
            "incentive": _("Whether devices or discounts came with it."),
        },
    )  # fmt: skip


def published_section(published: pd.DataFrame) -> None:
    """What others published about the picked agencies: never a rate, never added up."""
    if published.empty:
        components.section(_("Nobody has published a number about requests of these agencies"))
        return
    components.section(
        _("Numbers that were published about single periods"),
        _("Each number has its own period and its own counter. They stand side by side and are not compared."),
    )
    rows = published.assign(
        label=[findings.called(row) for row in published.to_dict("records")],
        said=[figure(row) for row in published.to_dict("records")],
        when=[when(row) for row in published.to_dict("records")],
    )
    columns = (
        Column("label", _("Agency"), note="when"),
        Column("said", _("What was published"), note="note", note_words=in_english),
        Column("publisher", _("Source"), "link", address=lambda row: row["url"]),
    )
    components.show(components.table(rows, columns, _("Published numbers, each with its source")))
    components.source_row(
        rows[["agency_id", "label", "measure", "value", "qualifier", "period_start", "period_end", "note", "publisher",
              "url"]],
        key="published",
        title=_("Numbers published about the picked agencies"),
        sources=components.named_sources(list(published["source_id"])),
        queries=("published_counts",),
        definitions={"qualifier": _("How the number was put: exact, at_least, about, more_than, at_most.")},
    )  # fmt: skip
