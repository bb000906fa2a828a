"""Which agencies are compared: the address, the list to pick from, links that add or reorder."""

from collections.abc import Sequence

import streamlit as st

from dashboard import components
from dashboard.components import here, stage
from dashboard.components.here import view_parameters
from dashboard.findings import compare as findings
from dashboard.i18n import _, listed
from dashboard.public_data import comparison

KEY = "compare_agencies"


def picked_ids() -> tuple[tuple[str, ...], list[str]]:
    """The agencies in the address, as picked; and what in it cannot be shown."""
    release = here().release
    known = comparison.agency_names(release)
    asked = [part.strip() for part in st.query_params.get("agencies", "").split(",") if part.strip()]
    unique = list(dict.fromkeys(asked))
    held = [agency_id for agency_id in unique if agency_id in known]
    return tuple(held[: comparison.MOST]), [name for name in unique if name not in known] + held[comparison.MOST :]


def picker(ids: tuple[str, ...], left_out: list[str]) -> None:
    """The list to pick agencies from, by name. The pick stands in the address."""
    if stage.is_alone():
        return
    release = here().release
    names = {
        agency_id: findings.called({"name": name, "state": at})
        for agency_id, (name, at) in comparison.agency_names(release).items()
    }
    st.session_state[KEY] = list(ids)
    st.multiselect(
        _("Agencies to compare: two to six, in your order. The first one is coloured."),
        list(names),
        format_func=names.__getitem__,
        key=KEY,
        max_selections=comparison.MOST,
        placeholder=_("Type the name of an agency"),
        on_change=write_picks,
    )
    if left_out:
        st.caption(
            _("Left out: {values}. This release does not hold it, or more than six were named.").format(
                values=listed(left_out)
            )
        )


def put_first(ids: tuple[str, ...]) -> None:
    """Links that colour another agency: the same picks, with that one first."""
    release = here().release
    names = comparison.agency_names(release)
    kept = view_parameters()
    links = [
        components.anchor(
            findings.called({"name": names[one][0], "state": names[one][1]}),
            components.link(here().path, None, **kept | {"agencies": ",".join((one, *(o for o in ids if o != one)))}),
        )
        for one in ids[1:]
    ]
    components.show(f'<p class="pl-source">{components.escaped(_("Put first and colour:"))} {" · ".join(links)}</p>')


def write_picks() -> None:
    """Write the picked agencies into the address."""
    if st.session_state[KEY]:
        st.query_params["agencies"] = ",".join(st.session_state[KEY])
    else:
        st.query_params.pop("agencies", None)


def links_to(label: str, ids: Sequence[str], before: tuple[str, ...]) -> None:
    """Links that add one more agency to those picked already."""
    release = here().release
    names = comparison.agency_names(release)
    links = [
        components.anchor(
            findings.called({"name": names[other][0], "state": names[other][1]}),
            components.link(here().path, agencies=",".join((*before, other))),
        )
        for other in ids
    ]
    if links:
        components.show(f'<p class="pl-lede">{components.escaped(label)} {" · ".join(links)}</p>')


def first_pick(ids: tuple[str, ...], left_out: list[str]) -> None:
    """The page before two agencies are picked: what it does, and a place to start."""
    release = here().release
    components.headline(
        _("Pick two agencies and see whether the data can tell them apart"),
        _("A difference between two numbers is often chance. This page gives the difference with its interval and says "
          "in one sentence whether it is real. Nothing here is ranked."),
    )  # fmt: skip
    picker(ids, left_out)
    st.space(14)
    if ids:
        links_to(_("Of the same kind and nearest in size:"), comparison.like(release, ids[0]), ids)
        return
    start = comparison.best_documented(release, comparison.FEWEST)
    if len(start) == comparison.FEWEST:
        names = comparison.agency_names(release)
        told = listed([findings.called({"name": names[one][0], "state": names[one][1]}) for one in start])
        address = components.link(here().path, agencies=",".join(start))
        label = components.escaped(_("For example the two of which most is recorded:"))
        components.show(f'<p class="pl-lede">{label} {components.anchor(told, address)}</p>')
