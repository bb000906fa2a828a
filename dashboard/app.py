"""What Streamlit runs for each reader and each pick: opens the release, draws the frame, runs one page.

Started by `python -m dashboard.serve`, which see.
"""

import sys

import streamlit as st

from dashboard import i18n
from dashboard.components import Here, set_here, shell, stage
from dashboard.i18n import _
from dashboard.looks import looks
from dashboard.releases import MissingReleaseError, Release, UnknownReleaseError, open_release, release_ids
from dashboard.settings import from_arguments

settings = from_arguments(sys.argv[1:])
i18n.use(st.query_params.get("lang", "en"))
edition = st.query_params.get("edition", "record")
as_of = st.query_params.get("as_of")

# In reading order. A test fails if a file of app_pages/ is missing here.
PAGES = [
    st.Page("app_pages/overview.py", title=_("Overview"), default=True),
    st.Page("app_pages/participation.py", title=_("Participation")),
    st.Page("app_pages/requests.py", title=_("Requests")),
    st.Page("app_pages/consent.py", title=_("Consent")),
    st.Page("app_pages/agency.py", title=_("Agency")),
    st.Page("app_pages/compare.py", title=_("Compare")),
    st.Page("app_pages/worth_asking.py", title=_("Worth asking")),
    st.Page("app_pages/data_and_methods.py", title=_("Data and methods")),
]

page = st.navigation(PAGES, position="hidden")
stage.set_stage()
theme = "dark" if st.context.theme.type == "dark" else "light"
release: Release | None = None
absence = shell.absent_edition
try:
    release = open_release(settings.public, edition, as_of)
except MissingReleaseError:
    pass
except UnknownReleaseError:
    absence = shell.unknown_release
simulated = release.is_simulated if release else edition == "demo"
title = f"{page.title} | Porchlight" + (f" | {_('SIMULATED')}" if simulated else "")
st.set_page_config(page_title=title, layout="wide")
shell.styles(looks(theme, simulated))
shell.navigation(PAGES, page, edition, as_of)
shell.strip(edition, release)
if release is None:
    absence(edition, as_of or "", release_ids(settings.public, edition))
    st.stop()
newest = release_ids(settings.public, edition)[0]
set_here(Here(release, looks(theme, simulated), page.title, page.url_path, as_of))
if release.release_id != newest:
    shell.old_release(newest)
page.run()
stage.end_of_page()
shell.footer()
