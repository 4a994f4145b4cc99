"""What the examples of docstrings are about: a copy of the sample for the verbs of a workspace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
VERBS = (
    "plainscore.workspace._workspace.",
    "plainscore.workspace._about_keeping.",
    "plainscore.workspace._about_people.",
    "plainscore.workspace._about_records.",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the examples that open the sample to the slow run."""
    for item in items:
        if item.name.startswith(VERBS):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def sample(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any], tmp_path: Path) -> None:
    """Give the examples of a workspace's verbs a copy of the sample, `workspace`, whose clock is fixed."""
    if not request.node.name.startswith(VERBS):
        return
    from plainscore.workspace import Workspace

    for name in ("data/sample", "model", "reports"):
        shutil.copytree(ROOT / name, tmp_path / name)
    doctest_namespace["workspace"] = Workspace.open(tmp_path)
