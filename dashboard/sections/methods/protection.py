"""How residents are protected, for a council: what is shown of them, what waits, and who checks it."""

import streamlit as st

from dashboard import components, public_data, words
from dashboard.charts.block_picture import block_picture, picture_in_words
from dashboard.components import Column, here
from dashboard.findings import methods as findings
from dashboard.i18n import _, number, pgettext, quarter
from dashboard.public_data import Source, methods
from dashboard.states import state


def protection() -> None:
    """For a council: what is shown of residents, what waits, and who checks it."""
    looks = here().looks
    components.section(
        _("No household can be singled out, not even by adding and subtracting"),
        _("Requests are acts of government: each one is counted in the open. People who were asked are private. "
          "Here is how one agency's quarters close into blocks. **This is an example with invented numbers.**"),
    )  # fmt: skip
    quarters, blocks = findings.example_quarters(), findings.example_blocks()
    components.chart(block_picture(quarters, blocks, looks), key="picture", alt=picture_in_words(quarters, blocks))
    st.space(14)
    steps = "".join(f"<li>{components.rich(step)}</li>" for step in findings.example_in_words())
    components.show(f'<ol class="pl-lede">{steps}</ol>')
    columns = (
        Column("quarter", _("Quarter")),
        Column("requests", pgettext("head of a narrow column", "Requests"), "number"),
        Column("asked", pgettext("head of a narrow column", "Asked"), "number"),
        Column("shared", pgettext("head of a narrow column", "Shared"), "number"),
        Column("block", _("Block"), words=lambda block: str(block) if block else state("pending").word),
    )
    components.show(components.table(quarters, columns, _("The example, quarter by quarter: invented numbers")))
    components.source_row(
        quarters,
        key="picture",
        title=_("The example, quarter by quarter: invented numbers"),
        sources=(
            Source("example", "Porchlight", _("An example with invented numbers"), None, None, "", None, "", None),
        ),
        queries=("consent_blocks",),
        definition=_("A block is a set of whole requests of one agency, large and mixed enough to be shown."),
    )
    components.section(_("The rule, and why it holds"))
    for head, text in findings.protection():
        components.show(f"<h3>{components.escaped(head)}</h3>")
        components.paragraph(text)
    _blocks_of_one_agency()


def _blocks_of_one_agency() -> None:
    """How one agency's real blocks closed, and how much of the release is in blocks; or that there is no block."""
    release = here().release
    held, ranges, covered, known, requests = methods.protected(release)
    example = methods.example_blocks(release)
    if example.empty:
        components.section(
            _("There is no block in this release"),
            _("No agency's log of requests is in the record, so there is no figure about residents to protect. "
              "The demo edition shows how blocks close."),
        )  # fmt: skip
        return
    components.section(
        _("How the quarters of {agency} closed into blocks").format(agency=example["name"].iloc[0]),
        _("One row is one block of this release: the quarters that it joins, and the residents in it."),
    )
    columns = (
        Column("first_quarter", _("First quarter"), words=quarter),
        Column("last_quarter", _("Last quarter"), words=quarter),
        Column("categories", _("Kinds of incident"), words=_kinds),
        Column("requests", _("Requests"), "number"),
        Column("asked", _("Residents asked"), "number"),
        Column("shared_low", _("Shared, at least"), "number"),
        Column("shared_high", _("Shared, at most"), "number"),
    )
    components.show_table(example, columns, _("Blocks of one agency"), key="closing")
    components.coverage_line(
        covered,
        known,
        _("{covered} of the {of} requests whose numbers are known are in blocks ({share})."),
        _("The release holds {blocks} blocks, {ranges} of them with a range, and {requests} requests in all.").format(
            blocks=number(held), ranges=number(ranges), requests=number(requests)
        ),
    )
    components.source_row(
        example.drop(columns=["name"]),
        key="closing",
        title=_("Blocks of one agency"),
        sources=(),
        queries=("consent_blocks",),
        definitions=public_data.definitions(release, "consent_blocks"),
    )


def _kinds(categories: object) -> str:
    """The incident categories of a block in words."""
    listed = str(categories).split("|")
    if len(listed) > 3:
        return _("{count} kinds").format(count=number(len(listed)))
    return ", ".join(words.word(words.CATEGORIES, category) for category in listed)
