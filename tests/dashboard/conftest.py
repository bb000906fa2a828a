"""Finished releases for the dashboard's tests: small, invented, in real DuckDB files."""

import importlib.util
import sys
from pathlib import Path

import pytest
import streamlit as st

from dashboard import i18n
from dashboard.releases import Release, open_release

_spec = importlib.util.spec_from_file_location("dashboard_world", Path(__file__).with_name("world.py"))
assert _spec and _spec.loader
dashboard_world = importlib.util.module_from_spec(_spec)
sys.modules["dashboard_world"] = dashboard_world
_spec.loader.exec_module(dashboard_world)


@pytest.fixture(scope="session")
def data(tmp_path_factory) -> Path:
    """A data folder with both editions published once."""
    folder = tmp_path_factory.mktemp("data")
    dashboard_world.publish(folder, "record")
    dashboard_world.publish(folder, "demo")
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
    st.cache_data.clear()
