"""Finds the Java that Spark runs on, and says in one sentence what is missing."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from etl.errors import EngineError

NEEDED = 17
HOW = "install Java 17 or newer (on Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME"


def check_spark() -> None:
    """Raise EngineError where pyspark, sqlglot or a Java that they can use is missing."""
    for package in ("pyspark", "sqlglot"):
        if importlib.util.find_spec(package) is None:
            raise EngineError(f"--engine spark needs the package {package}: pip install 'porchlight[spark]'.")
    version = java_version()
    if version is None:
        raise EngineError(f"--engine spark needs Java, and none was found: {HOW}.")
    if version < NEEDED:
        raise EngineError(f"--engine spark needs Java {NEEDED} or newer, and found {version}: {HOW}.")


def java_version() -> int | None:
    """The major version of the Java that Spark would start: that of JAVA_HOME, else the one on the path."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not java or not Path(java).exists():
        return None
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else None
