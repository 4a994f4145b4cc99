"""JSON for people and for comparing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return JSON for people and for comparing: sorted keys, one indent, a final newline."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
