"""Options and the finished releases that all tests share."""

import pytest

from tests import worlds


def pytest_addoption(parser):
    parser.addoption("--renew-golden", action="store_true", help="write tests/golden/marts anew from the code")


@pytest.fixture(scope="session")
def editions(tmp_path_factory) -> worlds.World:
    """Both editions as `make run` builds them first. Read only."""
    return worlds.once(tmp_path_factory, "editions", worlds.build_editions)


@pytest.fixture(scope="session")
def joined(editions, tmp_path_factory) -> worlds.World:
    """The record edition joined with the Atlas in a second release. Read only."""
    return worlds.once(tmp_path_factory, "joined", lambda data: worlds.add_atlas(editions, data))
