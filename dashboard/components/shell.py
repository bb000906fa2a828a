"""What stands around every page: styles, navigation, edition and language, footer, and the honest pages of absence."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import i18n
from dashboard.components import stage, text
from dashboard.components.cite import projector_page
from dashboard.components.downloads import LICENCE
from dashboard.components.here import citation, frame_parameters, here, permanent_link
from dashboard.components.markup import anchor, escaped, rich
from dashboard.i18n import LANGUAGES, _
from dashboard.looks import Looks, stylesheet
from dashboard.releases import EDITIONS, Release
from dashboard.selection import PARAMETERS


def styles(looks: Looks) -> None:
    """The page's CSS, and the language of the page for screen readers."""
    st.html(f"<style>{stylesheet(looks)}</style>")


def navigation(pages: Sequence[Page], current: Page, edition: str, as_of: str | None) -> None:
    """The bar of pages; on a phone a menu. Links carry edition, language and release on. Not inside another page."""
    if st.context.is_embedded or stage.is_alone():
        return
    parameters = frame_parameters(edition, as_of)
    query = f"?{urlencode(parameters)}" if parameters else ""
    items = "".join(
        f'<li><a href="/{page.url_path}{query}" target="_self"{_current(page, current)}>{escaped(page.title)}</a></li>'
        for page in pages
    )
    with st.container(key="nav", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<a class="pl-logo" href="/{query}" target="_self"><i></i>Porchlight</a>', width="content")
        for page in pages:
            if page is current:
                with st.container(key="nav-on", width="content"):
                    st.page_link(page, query_params=parameters)
            else:
                st.page_link(page, query_params=parameters)
        st.html(f'<details class="pl-menu"><summary>{_("Menu")}</summary><ul>{items}</ul></details>')


def _current(page: Page, current: Page) -> str:
    return ' aria-current="page"' if page is current else ""


def strip(edition: str, release: Release | None) -> None:
    """Edition and language. A simulated release says so here, on every page, whatever the address says.

    Inside another page (`?embed=true`) and around a chart by itself only that word is left.
    """
    if st.context.is_embedded or stage.is_alone():
        if release and release.is_simulated:
            with st.container(key="strip"):
                st.html(_edition_line(edition, release))
        return
    for name, value in (("pick_edition", edition), ("pick_language", i18n.language())):
        st.session_state[name] = value
    with st.container(key="strip", horizontal=True, vertical_alignment="center"):
        st.html(_edition_line(edition, release))
        st.segmented_control(
            _("Edition"),
            EDITIONS,
            format_func={"record": _("Record"), "demo": _("Demo")}.__getitem__,
            key="pick_edition",
            on_change=_switch_edition,
            label_visibility="collapsed",
            required=True,
        )
        st.segmented_control(
            _("Language"),
            tuple(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="pick_language",
            on_change=_switch_language,
            label_visibility="collapsed",
            required=True,
        )


def _edition_line(edition: str, release: Release | None) -> str:
    if release is None:
        return f"<p>{_('No release is open.')}</p>"
    if release.is_simulated:
        told = _("Every agency and every number on this page is invented.")
        return f'<p class="pl-sim"><b>{_("SIMULATED")}</b><span class="pl-wide">{escaped(told)}</span></p>'
    told = _("documented facts only. Release {release}.").format(release=release.release_id)
    return f'<p class="pl-wide"><b>{_("Record edition")}</b>: {escaped(told)}</p>'


def _switch_edition() -> None:
    # Agencies, lists and releases of one edition mean nothing in the other.
    for parameter in (*PARAMETERS, "agencies", "as_of", "edition"):
        st.query_params.pop(parameter, None)
    if st.session_state.pick_edition != "record":
        st.query_params["edition"] = st.session_state.pick_edition


def _switch_language() -> None:
    if st.session_state.pick_language == "en":
        st.query_params.pop("lang", None)
    else:
        st.query_params["lang"] = st.session_state.pick_language


def footer() -> None:
    """How to cite, the permanent link, the licence; where the page has a chart, the way to the projector."""
    if stage.is_alone():
        return
    licence = _("Text and tables {licence}. Sources keep their own licence, named under each chart.")
    parts = [
        (_("Cite this page"), escaped(citation())),
        (_("Permanent link"), anchor(permanent_link(), permanent_link())),
        (_("Licence"), escaped(licence.format(licence=LICENCE))),
    ]
    if stage.has_charts():
        parts.append((_("For a wall"), anchor(_("Its charts on a projector, one by one"), projector_page())))
    body = "".join(f"<div><h2>{escaped(head)}</h2><p>{content}</p></div>" for head, content in parts)
    st.html(f'<footer class="pl-footer"><div>{body}</div></footer>')


def nothing_here(told: str) -> None:
    """The selection holds nothing: say so and end the page."""
    text.paragraph(told)
    stage.end_of_page()
    footer()
    st.stop()


def absent_edition(edition: str, as_of: str, known: Sequence[str]) -> None:
    """The page of an edition that was never built: it says how to build it."""
    words = _("Nothing has been published in this edition yet")
    how = _("Build it with this command, then load the page again:")
    st.html(
        f'<div class="pl"><p class="pl-page">Porchlight</p><h1>{escaped(words)}</h1><p class="pl-dek">{how}</p></div>'
    )
    st.code(f"porchlight run --edition {edition}", language=None, wrap_lines=True)


def unknown_release(edition: str, as_of: str, known: Sequence[str]) -> None:
    """The page of a link that names a release this edition does not hold: it lists those that exist."""
    items = "".join(f"<li>{anchor(name, '?' + urlencode(frame_parameters(edition, name)))}</li>" for name in known)
    told = _("The link names release **{release}**. This edition does not hold it. These exist:").format(release=as_of)
    st.html(
        f'<div class="pl"><p class="pl-page">Porchlight</p><h1>{escaped(_("This release does not exist here"))}</h1>'
        f'<p class="pl-dek">{rich(told)}</p><ul>{items}</ul></div>'
    )


def old_release(newest: str) -> None:
    """A line above the page when an old release is open. A chart by itself names its release below."""
    if stage.is_alone():
        return
    address = "?" + urlencode(frame_parameters(here().release.edition, None))
    told = _("You are reading an earlier release. A newer one exists: {release}.").format(release=newest)
    st.html(f'<div class="pl"><p class="pl-coverage">{escaped(told)} {anchor(_("Open it"), address)}</p></div>')
