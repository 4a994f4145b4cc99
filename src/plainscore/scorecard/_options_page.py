"""The table of options as a page for readers: docs/options.md."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._options_table import ALL_OPTIONS, OPTIONS, Option

_INTRODUCTION = """\
# Options of a fit

Written by `options_markdown()` from the one table that `Scorecard`, `WeightOfEvidence` and the recipe of a
workspace are checked by (`scorecard/_options_table.py`); a test holds this page to it. What is not said has
the default, in Python and in a recipe alike, and a value without meaning is refused with the same sentence.

A recipe says an option under the section that the last column names. Where None means something there, it is
written `"none"`, since TOML has no None. How one characteristic is cut or held stands under its own name and
replaces what the catalogue says of it:

```toml
[fit]
method = "shape"
max_characteristics = "path"
penalty = 1.0

[fit.characteristics.use_now]
direction = "descending"
cuts = [0.3, 0.6, 0.9]
cuts_reason = "the bands of the lender's own policy"
```
"""

_HEADS = ("option", "default", "what it is", "what it must be", "in a recipe")


def options_markdown() -> str:
    """Return every option of a fit as Markdown, as it is committed in ``docs/options.md``.

    Examples
    --------
    >>> options_markdown().splitlines()[0]
    '# Options of a fit'
    """
    from plainscore.scorecard._estimator import Scorecard
    from plainscore.scorecard._transformer import WeightOfEvidence

    said = described(Scorecard)
    own = {name: words for name, words in described(WeightOfEvidence).items() if name not in OPTIONS}
    lines = [_INTRODUCTION, "## `Scorecard`", "", *_table(OPTIONS, said), ""]
    lines += [
        "## `WeightOfEvidence`",
        "",
        "Its options of binning are those above, and it has one more:",
        "",
    ]
    lines += [*_table({name: ALL_OPTIONS[name] for name in own}, own), ""]
    return "\n".join(lines)


def described(estimator: type) -> dict[str, str]:
    """Return what the docstring of an estimator says of each parameter, one line each.

    The words of an option are written there and nowhere else, since that is where people look for them.

    Raises
    ------
    InputError
        If the docstring has no parameters.
    """
    found = re.search(r"Parameters\n-+\n(.*?)\n\n[A-Z][\w ]+\n-+\n", inspect.getdoc(estimator) or "", re.S)
    if found is None:
        raise InputError(f"The docstring of {estimator.__name__} lists no parameters. Write them there.")
    words: dict[str, str] = {}
    for heading, body in re.findall(r"^(\S[^\n]*)\n((?:[ ]{4}[^\n]*\n?|\n)+)", found[1], re.M):
        names = heading.partition(" : ")[0].split(", ")
        words |= dict.fromkeys(names, " ".join(body.split()))
    return words


def _table(options: Mapping[str, Option], said: Mapping[str, str]) -> Iterator[str]:
    yield f"| {' | '.join(_HEADS)} |"
    yield "|" + "---|" * len(_HEADS)
    for name, option in options.items():
        where = f"`[{option.section}]` `{name}`" if option.section else option.recipe
        words, rule = said[name].replace("``", "`"), option.rule.says.removeprefix("must be ")
        cells = (f"`{name}`", f"`{option.default!r}`", words, rule, where)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
