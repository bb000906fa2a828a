"""Where we are: the release, the looks and the page of this run. Set once by app.py, read by components and pages."""

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from dashboard import i18n
from dashboard.looks import Looks
from dashboard.releases import Release
from dashboard.selection import VIEWS, Selection, from_address, to_address


@dataclass(frozen=True)
class Here:
    """One page run. `page` is the page's name in the reader's language, `path` its place in the address."""

    release: Release
    looks: Looks
    page: str
    path: str
    as_of: str | None

    @property
    def frame_parameters(self) -> dict[str, str]:
        """What every link inside Porchlight carries on: edition, language, an old release."""
        return frame_parameters(self.release.edition, self.as_of)


_here: ContextVar[Here] = ContextVar("here")


def set_here(here: Here) -> None:
    """Say where we are; app.py does it before the page runs."""
    _here.set(here)


def here() -> Here:
    """Where we are in this run."""
    return _here.get()


def frame_parameters(edition: str, as_of: str | None) -> dict[str, str]:
    """Edition, language and old release as parameters of an address; the usual ones are not written."""
    parameters = {"edition": edition if edition != "record" else "", "lang": i18n.language(), "as_of": as_of or ""}
    if parameters["lang"] == "en":
        parameters["lang"] = ""
    return {name: value for name, value in parameters.items() if value}


def link(path: str, selection: Selection | None = None, **parameters: str) -> str:
    """The address of another page, with edition, language and release kept: `link("agency", agency=id)`."""
    query = here().frame_parameters | (to_address(selection) if selection else {}) | parameters
    return f"/{path}" + (f"?{urlencode(query)}" if query else "")


def permanent_link() -> str:
    """The address of exactly this view of exactly this release."""
    base = (st.context.url or "").split("?")[0] or f"/{here().path}"
    return f"{base}?{urlencode(view_parameters() | {'as_of': here().release.release_id})}"


def view_parameters() -> dict[str, str]:
    """Everything in the address that makes this view: edition, language, old release, the reader's picks."""
    query = st.query_params.to_dict()
    shown = {name: query[name] for name in VIEWS if query.get(name)}
    return here().frame_parameters | to_address(from_address(query)) | shown


def citation(subject: str | None = None) -> str:
    """How to cite this page (or one chart of it), with the release and, in the demo edition, SIMULATED."""
    release = here().release
    edition = i18n._("demo edition, SIMULATED") if release.is_simulated else i18n._("record edition")
    return i18n._("Porchlight, {subject}, {edition}, release {release}. {link}").format(
        subject=subject or here().page, edition=edition, release=release.release_id, link=permanent_link()
    )
