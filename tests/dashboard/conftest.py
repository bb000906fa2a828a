"""Finished releases for the dashboard's tests: small, invented, in real DuckDB files."""

import importlib.util
import sys
from pathlib import Path

import pytest

from dashboard import i18n
from dashboard.components.once import MADE
from dashboard.public_data import asking
from dashboard.releases import Release, open_release


def _load(name: str, file: str) -> None:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(file))
    assert spec and spec.loader
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])


_load("dashboard_world", "world.py")
_load("dashboard_consent_world", "consent_world.py")


@pytest.fixture(scope="session")
def data(tmp_path_factory) -> Path:
    """A data folder with both editions published once."""
    folder = tmp_path_factory.mktemp("data")
    sys.modules["dashboard_world"].publish(folder, "record")
    sys.modules["dashboard_world"].publish(folder, "demo")
    return folder


@pytest.fixture(scope="session")
def logged_data(tmp_path_factory) -> Path:
    """A data folder with a demo edition that has a log for every agency, published once."""
    folder = tmp_path_factory.mktemp("logged")
    sys.modules["dashboard_world"].publish(folder, "demo", rows=sys.modules["dashboard_consent_world"].logs())
    return folder


@pytest.fixture
def release(data) -> Release:
    """The record edition's release."""
    return open_release(data / "public", "record")


@pytest.fixture
def demo(data) -> Release:
    """The demo edition's release."""
    return open_release(data / "public", "demo")


@pytest.fixture(autouse=True)
def english():
    """Every test begins in English and with nothing remembered."""
    i18n.use("en")
    asking.ANSWERS.forget()
    MADE.forget()
