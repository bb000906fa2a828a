"""Every figure that a page shows is one that Plotly accepts. Charts skip its checks while they draw, to be quick."""

import sys
from pathlib import Path

import plotly.graph_objects as go
import plotly.io
import pytest
from dashboard_consent_world import logs
from dashboard_world import publish
from streamlit.testing.v1 import AppTest

# What is made for all of these is made once, on one worker.
pytestmark = pytest.mark.xdist_group("figures-whole")

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
# Edition, page, address, and the keys of the charts that it shows at least.
VIEWS = (
    ("record", "overview", {"map": "points"}, {"growth", "points"}),
    ("record", "participation", {}, {"growth", "joined", "tiles"}),
    ("demo", "requests", {}, {"months", "split-request-for-assistance", "states"}),
    ("demo", "consent", {}, {"funnel", "time", "agencies"}),
    ("demo", "agency", {"agency": "{first}"}, {"strip", "months", "consent"}),
    ("demo", "compare", {"agencies": "{first},{second}"}, {"rates", "differences", "months"}),
    ("demo", "worth_asking", {}, set()),
    ("record", "data_and_methods", {}, {"picture"}),
)


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A release with a list and press figures, and one with a log for every agency."""
    folder = tmp_path_factory.mktemp("figures")
    publish(folder, "record")
    publish(folder, "demo", rows=logs())
    return folder


@pytest.mark.parametrize(("edition", "page", "address", "charts"), VIEWS, ids=[page for _at, page, *_rest in VIEWS])
@pytest.mark.parametrize("view", ["", "projector"])
def test_plotly_accepts_every_figure_of_a_page(logged, monkeypatch, edition, page, address, charts, view):
    monkeypatch.setattr(sys, "argv", ["app.py", "--data", str(logged)])
    first, second, *_rest = dict.fromkeys(block["agency_id"] for block in logs()["consent_blocks"])
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["edition"] = edition
    for name, value in address.items():
        app.query_params[name] = value.format(first=first, second=second)
    if view:
        app.query_params["view"] = view
    app.switch_page(f"app_pages/{page}.py").run()
    assert not app.exception
    shown = app.get("plotly_chart")
    if not view:
        assert charts <= {figure.proto.id.rpartition("figure-")[2] for figure in shown}
    for figure in shown:
        # Reading it anew with all of Plotly's checks refuses any property or value that it does not know.
        whole = go.Figure(plotly.io.from_json(figure.proto.spec, skip_invalid=False))
        assert whole.data or whole.layout.shapes
