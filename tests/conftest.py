"""Options shared by all tests."""


def pytest_addoption(parser):
    parser.addoption("--renew-golden", action="store_true", help="write tests/golden/marts anew from the code")
