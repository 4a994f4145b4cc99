"""Public repayment panels: they become ledgers and pass the same gate as any other; the report on them.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.panels._bureau import read_bureau_balance
from plainscore.panels._errors import (
    DigestError,
    DownloadError,
    NoGoodRowsError,
    PanelColumnError,
    PanelError,
    PanelFileError,
    PanelOptionError,
)
from plainscore.panels._fetch import TAIWAN_DIGEST, Fetched, download_taiwan, fetch_taiwan, taiwan_digest
from plainscore.panels._panel import OUTCOMES, Panel, write_panel
from plainscore.panels._panel_report import PanelCard, ScopeRates, panels_markdown, scope_rates
from plainscore.panels._release import RECIPIENT
from plainscore.panels._source import BadRow
from plainscore.panels._taiwan import read_taiwan

__all__ = [
    "OUTCOMES",
    "RECIPIENT",
    "TAIWAN_DIGEST",
    "BadRow",
    "DigestError",
    "DownloadError",
    "Fetched",
    "NoGoodRowsError",
    "Panel",
    "PanelCard",
    "PanelColumnError",
    "PanelError",
    "PanelFileError",
    "PanelOptionError",
    "ScopeRates",
    "download_taiwan",
    "fetch_taiwan",
    "panels_markdown",
    "read_bureau_balance",
    "read_taiwan",
    "scope_rates",
    "taiwan_digest",
    "write_panel",
]
