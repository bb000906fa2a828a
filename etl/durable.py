"""Flushes files and folders to disk, so that a rename after it can be trusted."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Flush everything below the folder, then the folder, to disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Flush one file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
