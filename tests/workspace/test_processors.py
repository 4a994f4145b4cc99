"""What a build publishes does not depend on the processor, or on how many threads it runs in."""

from __future__ import annotations

import math
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.casework import json_bytes
from plainscore.workspace._publish import LOG_PLACES, published_log

FLOATS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)
PLAIN = st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False).map(str)
LOGS = st.dictionaries(
    st.text(),
    st.recursive(
        FLOATS | PLAIN,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    ),
    max_size=5,
)
BUILD = """
import numpy, scipy.linalg, threadpoolctl
print([one.get("architecture") for one in threadpoolctl.threadpool_info()])
from plainscore.cli import main
main()
"""


def leaves(part: Any, at: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Return everything in a JSON value that holds nothing else, by where it stands."""
    if not isinstance(part, dict | list):
        return {at: part}
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    found = {at: type(part)}
    for name, each in inner:
        found |= leaves(each, (*at, name))
    return found


@given(LOGS, st.dictionaries(st.text(), FLOATS | PLAIN, max_size=3))
def test_only_what_was_computed_is_rounded(log: dict[str, Any], options: dict[str, Any]) -> None:
    """Options, integers, text and whole numbers stay; a number moves by half a unit of its last place."""
    log = log | {"options": options}
    before, after = leaves(log), leaves(published_log(log))
    assert before.keys() == after.keys()
    for at, was in before.items():
        now = after[at]
        assert type(now) is type(was)
        if at[:1] == ("options",) or not isinstance(was, float) or was.is_integer():
            assert now == was
        else:
            assert abs(now - was) <= 0.5 * 10**-LOG_PLACES + math.ulp(was)
            assert now == round(now, LOG_PLACES)
        if isinstance(was, float) and at[:1] != ("options",):
            assert now != 0.0 or math.copysign(1.0, now) == 1.0
    assert published_log(published_log(log)) == published_log(log)


@given(st.floats(-1e6, 1e6), st.floats(-1e-11, 1e-11))
def test_a_difference_in_the_last_digits_is_not_written(value: float, noise: float) -> None:
    """Two values a hundred-billionth apart are one in the log, unless a rounding edge is between them."""
    value = round(value, 4)  # edges are at odd halves of the last place, far from four decimals
    noise += math.copysign(abs(value) * 2e-16, noise)
    assert json_bytes(published_log({"it": value + noise})) == json_bytes(published_log({"it": value}))


def _processor(openblas: str, numba: str, keep: tuple[str, ...], glibc: str) -> dict[str, str]:
    """Return the settings under which the libraries compute as on an older processor."""
    found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]  # type: ignore[call-overload, index]
    return {
        "OPENBLAS_CORETYPE": openblas,
        "NPY_DISABLE_CPU_FEATURES": " ".join(one for one in found if one not in keep),
        "NUMBA_CPU_NAME": numba,
        "NUMBA_CPU_FEATURES": "",
        "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={glibc}",
    }


SETTINGS = {
    "one thread": {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "NUMBA")},
    "Prescott": _processor("Prescott", "generic", (), "-AVX512F,-AVX2,-AVX,-FMA,-FMA4"),
    "Haswell": _processor("Haswell", "haswell", ("X86_V3", "AVX2", "FMA3"), "-AVX512F"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SETTINGS)
def test_a_build_is_the_same_on_another_processor(name: str, sample_root: Path, tmp_path: Path) -> None:
    """The sample is, in every file that a build writes, the same bytes as on this machine's two threads."""
    if name != "one thread" and platform.machine() != "x86_64":
        pytest.skip(f"{name} is an x86-64 processor, and this machine is {platform.machine()}")
    shutil.copytree(sample_root / "data", tmp_path / "data")
    (tmp_path / "model").mkdir()
    for given_file in ("recipe.toml", "lender.toml"):
        shutil.copy(sample_root / "model" / given_file, tmp_path / "model" / given_file)
    settings = {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": os.pathsep.join(sys.path)}
    threads = "1" if name == "one thread" else "2"
    run = subprocess.run(
        [sys.executable, "-c", BUILD, "build", "-w", str(tmp_path), "--threads", threads],
        env=os.environ | settings | SETTINGS[name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    if name != "one thread":  # OpenBLAS says that it heard; its kernels of Prescott are those of Katmai
        heard = run.stdout.splitlines()[0]
        assert name in heard or (name == "Prescott" and "Katmai" in heard)
    for folder in ("model", "reports"):
        again = {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        first = {path.name: path.read_bytes() for path in (sample_root / folder).iterdir()}
        assert again.keys() == first.keys()
        assert [one for one in first if first[one] != again[one]] == []
