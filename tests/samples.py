"""The real sample files of the world, which lie beside the repository and not in it."""

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data"
NO_SAMPLES = "the real sample files lie beside the repository, not in it"
# Where the folder is there, a file that is missing from it is a failure and no reason to skip.
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason=NO_SAMPLES)
