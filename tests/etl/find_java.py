"""Finds a Java for Spark's tests; as root on Debian installs a headless one where there is none.

python -m tests.etl.find_java    prints the version, or exits 1 with one sentence
"""

import os
import shutil
import subprocess
import sys

from etl.engines.java import HOW, NEEDED, java_version

PACKAGES = ("openjdk-17-jre-headless", "openjdk-21-jre-headless", "default-jre-headless")


def install() -> None:
    """Install the first of Debian's packages that there is, where that is possible without asking anybody."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    for package in PACKAGES:
        done = subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], **quiet)
        if done.returncode == 0:
            return


if __name__ == "__main__":
    if (java_version() or 0) < NEEDED:
        install()
    version = java_version()
    if version is None or version < NEEDED:
        sys.exit(f"No Java {NEEDED} or newer was found: {HOW}.")
    print(f"Java {version}")
