"""New workspaces: an empty one for a lender, or this repository's sample."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from plainscore.files import private_folder
from plainscore.workspace._errors import WorkspaceError
from plainscore.workspace._packaged import packaged
from plainscore.workspace._recipe import SCHEMA
from plainscore.workspace._workspace import Workspace, open_workspace

STARTER_RECIPE: Final = """\
# What `plainscore build` makes. An unknown key is an error that lists the known ones.
schema = "{schema}"
name = "My first card"
purpose = "What this card is for, and which products"
revalidate_by = {revalidate}

[population]
text = "Who is scored, in words"
recipient_id = "lender-1"          # as named in the consents
purpose = "model_development"      # as named in the consents
as_of = [{as_of}]
used_at = {used_at}T00:00:00Z      # consents must be valid at this moment
known_lag_days = 31                # when the newest month is taken as reported
pack = "us"                        # us, eu, uk, cn, in or br: what grows old, letters

[outcome]
scope = "any account"              # or "one open account", "new accounts"
window = 12
bad_arrears = 3                    # 60-89 days late or worse
indeterminate_arrears = 2

[split]
out_of_time_from = {out_of_time}
held_out_share = 0.3               # of people, never used to build

[scale]
low = 300
high = 850
"""


def init_workspace(root: Path, *, ending: str = "2025-12-31") -> Workspace:
    """Make an empty workspace: folders, a recipe, and a list of the lender's facts to fill in.

    Raises
    ------
    WorkspaceError
        When the folder has a recipe already.
    """
    from datetime import date

    from plainscore.rules import months_after

    if (root / "model" / "recipe.toml").exists():
        msg = f"{root.name} is a workspace already. Choose another folder."
        raise WorkspaceError(msg)
    end = date.fromisoformat(ending)
    dates = [months_after(end, -k) for k in range(36, 11, -3)]
    _make_folders(root)
    text = STARTER_RECIPE.format(
        schema=SCHEMA,
        revalidate=months_after(end, 24),
        as_of=", ".join(day.isoformat() for day in dates),
        used_at=months_after(end, 0),
        out_of_time=dates[-3],
    )
    (root / "model" / "recipe.toml").write_text(text, "utf-8")
    (root / "model" / "lender.toml").write_text(packaged("starter_lender.toml"), "utf-8")
    return open_workspace(root)


def init_sample(root: Path) -> Workspace:
    """Make the sample workspace: the simulated ledger, written again from its seed, and its recipe.

    Raises
    ------
    WorkspaceError
        When the folder has a recipe already.
    """
    from plainscore.simulate import write_sample

    if (root / "model" / "recipe.toml").exists():
        msg = f"{root.name} is a workspace already. Choose another folder."
        raise WorkspaceError(msg)
    _make_folders(root)
    write_sample(root / "data" / "sample")
    for name in ("recipe.toml", "lender.toml"):
        (root / "model" / name).write_text(packaged(f"sample_{name}"), "utf-8")
    return open_workspace(root)


def _make_folders(root: Path) -> None:
    """Make the folders of a workspace: data/ is about people, and for its owner alone."""
    for name in ("model", "reports"):
        (root / name).mkdir(parents=True, exist_ok=True)
    private_folder(root / "data")
