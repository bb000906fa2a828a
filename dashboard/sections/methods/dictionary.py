"""Every column of the release, and the query that counted each table."""

import streamlit as st

from dashboard import components, public_data
from dashboard.components import Column, here
from dashboard.i18n import _, in_english, ngettext, number
from dashboard.public_data import methods

# Tables about residents, made by the rule of safe blocks.
OF_BLOCKS = ("consent_blocks", "block_cells")


def dictionary() -> None:
    """Search all columns; one table's columns, and the query that counted it."""
    release = here().release
    held = methods.tables(release).set_index("table_name")
    components.section(
        _("Every column has one meaning, and every count its query"),
        _("Search all columns, or pick a table. The query is the method: it is the text that ran."),
    )
    # Only where the address says something else: what the reader is still typing is not written over.
    in_address = st.query_params.get("search", "")
    if st.session_state.get("search", "").strip() != in_address:
        st.session_state["search"] = in_address
    asked = st.text_input(
        _("Search"),
        key="search",
        placeholder=_("For example: consent, month, approval"),
        live=True,
        on_change=_search,
    )
    if asked.strip():
        found = methods.dictionary_matching(release, asked)
        columns = (
            Column("table_name", _("Table"), "link", address=lambda row: table_page(row["table_name"])),
            Column("column_name", _("Column")),
            Column("description", _("What it means"), words=in_english),
        )
        told = ngettext("{count} column matches", "{count} columns match", len(found)).format(count=number(len(found)))
        components.show(f"<h3>{told}</h3>")
        components.show_table(found, columns, _("Columns that match"), key=f"found-{asked}")
    wanted = st.query_params.get("table", "")
    st.session_state["table"] = wanted if wanted in held.index else "request_counts"
    picked = st.selectbox(_("Table"), list(held.index), key="table", on_change=_pick_table)
    about = held.loc[picked]
    rows = ngettext("{n} row.", "{n} rows.", about["rows"]).format(n=number(about["rows"]))
    components.section(in_english(about["title"]), f"{in_english(about['description'])} {rows}")
    meanings = public_data.dictionary(release, picked)
    meanings["allowed_values"] = meanings["allowed_values"].str.replace("|", ", ")
    columns_shown = (
        Column("column_name", _("Column")),
        Column("type", _("Type"), desk_only=True),
        Column("unit", _("Unit"), desk_only=True),
        Column("description", _("What it means"), note="allowed_values", words=in_english),
    )
    components.show(components.table(meanings, columns_shown, _("Columns of {table}").format(table=picked)))
    query = methods.method(release, picked)
    if query:
        components.section(_("The query that counted it"), place="query")
        st.code(query, language="sql", wrap_lines=True)
    else:
        components.section(_("No query made this table"), place="query")
        components.paragraph(_("It is written by the program, or this release holds no query of it."))
        if picked in OF_BLOCKS:
            told, rule = _("The rule by which it is made"), components.link(here().path, section="protection")
            components.show(f"<p>{components.anchor(told, rule)}</p>")
    on_the_way = [(name, methods.method(release, name)) for name in methods.steps_on_the_way(release)]
    for name, step in on_the_way:
        if step and query and f"staging.{name}" in query:
            with st.expander(_("A step on the way: {name}").format(name=name)):
                st.code(step, language="sql", wrap_lines=True)


def table_page(name: str) -> str:
    """The address of one table's columns and query."""
    return components.link(here().path, section="dictionary", table=name)


def _search() -> None:
    if st.session_state["search"].strip():
        st.query_params["search"] = st.session_state["search"].strip()
    else:
        st.query_params.pop("search", None)


def _pick_table() -> None:
    st.query_params["table"] = st.session_state["table"]
