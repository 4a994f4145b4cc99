"""Settings and fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Derandomised: a failure in CI is a failure here. No deadline: two shared cores are not a stopwatch.
settings.register_profile(
    "plainscore",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("plainscore")

PUBLIC_DATA = "PLAINSCORE_PUBLIC_DATA"


@pytest.fixture(scope="session")
def public_data() -> Path:
    """Give the folder of public repayment panels, which the repository does not contain, or skip."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get(PUBLIC_DATA, default))
    if not folder.is_dir():
        pytest.skip(
            f"the public data folder is absent: put it at ../shared/data, or name it in {PUBLIC_DATA}"
        )
    return folder
