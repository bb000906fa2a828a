"""The house rules that a reviewer would otherwise have to remember: the wall, the rooms, the lock, the settings."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))


def named(paths: list[Path]) -> set[str]:
    return {path.relative_to(HOUSE).as_posix() for path in paths}


def imports_of(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def calls_connect(path: Path) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "connect"
        and isinstance(node.value, ast.Name)
        and node.value.id == "duckdb"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_neither_side_of_the_wall_imports_the_other():
    assert not named([path for path in python_files("dashboard") if "etl" in imports_of(path)])
    assert not named([path for path in python_files("etl") if "dashboard" in imports_of(path)])


def test_only_two_files_connect_to_duckdb():
    connecting = named([path for path in python_files("etl", "dashboard") if calls_connect(path)])
    assert connecting == {"etl/engines/duckdb.py", "dashboard/releases.py"}


def test_the_dashboard_never_names_the_private_folder():
    assert not named([path for path in python_files("dashboard") if '"private"' in path.read_text(encoding="utf-8")])


def test_plotly_is_drawn_in_charts_only():
    drawing = named([path for path in python_files("dashboard", "etl") if "plotly" in imports_of(path)])
    assert all(path.startswith("dashboard/charts/") for path in drawing), drawing


def test_streamlit_is_for_pages_components_and_the_cache():
    using = named([path for path in python_files("dashboard", "etl") if "streamlit" in imports_of(path)])
    rooms = tuple(f"dashboard/{room}" for room in ("app.py", "app_pages/", "sections/", "components/", "public_data/"))
    allowed = {"dashboard/releases.py", "dashboard/i18n.py", "dashboard/server.py"}
    assert {path for path in using if not path.startswith(rooms)} <= allowed


def test_the_protection_of_residents_has_no_switch():
    """No setting, option or environment variable reaches the block rules, the cover test or the judge."""
    guards = [path for path in python_files("etl") if path.name.startswith(("block", "cover", "judge", "protect"))]
    guards += python_files("etl/judging")
    for path in guards:
        text = path.read_text(encoding="utf-8")
        assert "environ" not in text and "getenv" not in text, path
    options = (HOUSE / "etl" / "cli.py").read_text(encoding="utf-8") + (HOUSE / "etl" / "settings.py").read_text()
    for word in ("unsafe", "no-judge", "skip", "min_asked", "min-asked", "no-protect"):
        assert word not in options


def test_every_page_file_is_listed_in_the_app():
    app = (HOUSE / "dashboard" / "app.py").read_text(encoding="utf-8")
    pages = [path for path in (HOUSE / "dashboard" / "app_pages").glob("*.py") if path.name != "__init__.py"]
    assert pages
    assert [path.name for path in pages if f"app_pages/{path.name}" not in app and path.stem not in app] == []


def test_the_lock_has_a_hash_for_every_package_and_no_address():
    lines = (HOUSE / "requirements.lock").read_text(encoding="utf-8").splitlines()
    packages = [number for number, line in enumerate(lines) if line and line[0].isalpha()]
    assert len(packages) > 50
    assert all("==" in lines[number] and "--hash=sha256:" in lines[number + 1] for number in packages)
    assert not [line for line in lines if "://" in line or "index-url" in line]


@pytest.mark.parametrize("contract", [["lint-imports"]])
def test_the_import_contracts_hold(contract):
    done = subprocess.run(
        [str(Path(sys.executable).parent / contract[0])], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_larger_than_two_megabytes_and_none_names_this_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    files = [HOUSE / name for name in listed.split("\0") if name and (HOUSE / name).exists()]
    assert [path.name for path in files if path.stat().st_size > 2_000_000] == []
    home = str(HOUSE.parent)
    if home not in ("/", ""):
        texts = [path for path in files if path.suffix in (".py", ".sql", ".toml", ".md", ".csv", ".json", ".lock")]
        assert [path.name for path in texts if f"{home}/" in path.read_text(encoding="utf-8", errors="replace")] == []


GROUPED = """
import os
import pytest

pytestmark = pytest.mark.xdist_group("together")

@pytest.mark.parametrize("number", range(8))
def test_where(number):
    print("worker", os.environ["PYTEST_XDIST_WORKER"])
"""


def test_a_group_of_tests_stays_on_one_worker(tmp_path):
    """Where groups are lost nothing else fails, but what a module makes is made on every worker."""
    (tmp_path / "test_grouped.py").write_text(GROUPED)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-rP", "-p", "no:cacheprovider"]
    others = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=tmp_path, env=others, capture_output=True, text=True, check=False)
    workers = [line for line in done.stdout.splitlines() if line.startswith("worker ")]
    assert len(workers) == 8 and len(set(workers)) == 1, done.stdout
