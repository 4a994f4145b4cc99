"""A card as SQL: run in the engines at hand, parsed in every dialect."""

from __future__ import annotations

import sqlite3
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import sqlglot
from examples import examples, sooner
from hypothesis import assume, given, settings
from sqlglot import exp

from plainscore.scorecard import InputError
from plainscore.scorecard.exports import to_sql
from plainscore.scorecard.exports._sql import dialects

from ._cards import card_of, cards, expected, levels, numbers, values_for

DIALECTS = dialects()


def in_duckdb(card, table, **more):
    """Score an Arrow table in DuckDB; NaN stays NaN."""
    with duckdb.connect() as con:
        con.register("cases", table)
        return con.sql(to_sql(card, **more)).to_arrow_table().to_pandas()


def assert_same(card, found, table, keys=0):
    """Compare the points columns and the score, by position."""
    want = expected(card, table)
    got = found.iloc[:, -want.shape[1] :]
    assert got.shape == want.shape
    for name, mine, theirs in zip(want, want.T.to_numpy(), got.T.to_numpy(), strict=True):
        bad = np.flatnonzero(mine != theirs.astype(np.int64))
        assert not len(bad), (name, mine[bad[0]], theirs[bad[0]], table.slice(int(bad[0]), 1).to_pylist())


def test_duckdb_scores_ten_thousand_rows_the_same(card, rows):
    """Every row's points and score come out of DuckDB as out of the card."""
    found = in_duckdb(card, rows, key="case")
    assert_same(card, found, rows)
    assert found["case"].tolist() == rows["case"].to_pylist()
    assert list(found)[-1] == "score"
    assert "use & late_points" in found


@examples(60)
@given(card=cards())
def test_duckdb_scores_any_card_the_same(card):
    """Cards with nasty names, levels and labels score every kind of value in DuckDB as the card does."""
    table = values_for(card)
    assert_same(card, in_duckdb(card, table), table)


def _numbers_of(card):
    """Return every number that a card's query states."""
    for one in card.characteristics:
        codes = [each.code for each in one.attributes if isinstance(each.code, float)]
        yield from (value for value in (*one.edges, *codes, one.least, one.most) if value is not None)


@examples(25)
@given(card=cards(kinds=(numbers, levels, numbers)))
def test_sqlite_scores_any_card_the_same(card):
    """SQLite, which stores NaN as NULL and writes 3.0 as text, gives the card's points."""
    table = values_for(card)
    with sqlite3.connect(":memory:") as con:
        # Old versions of SQLite read some long decimals one unit off; the card's own edges are short.
        assume(all(con.execute(f"SELECT {one!r}").fetchone()[0] == one for one in _numbers_of(card)))
        names = ", ".join('"' + one.id.replace('"', '""') + '"' for one in card.characteristics)
        con.execute(f"CREATE TABLE cases ({names})")
        marks = ", ".join("?" * len(card.characteristics))
        con.executemany(
            f"INSERT INTO cases VALUES ({marks})", [tuple(row.values()) for row in table.to_pylist()]
        )
        found = pd.DataFrame(con.execute(to_sql(card, dialect="sqlite")).fetchall())
    con.close()
    assert_same(card, found, table)


def test_sqlite_scores_ten_thousand_rows_the_same(card, rows):
    """Dates as text, booleans as 0 and 1 and levels as floats come out of SQLite as out of the card."""
    plain = rows.set_column(
        rows.schema.get_field_index("opened"),
        "opened",
        pa.compute.strftime(rows["opened"], "%Y-%m-%d %H:%M:%S"),
    )
    con = sqlite3.connect(":memory:")
    con.execute(f"CREATE TABLE cases ({', '.join(plain.column_names)})".replace("case)", '"case")'))
    marks = ", ".join("?" * plain.num_columns)
    con.executemany(f"INSERT INTO cases VALUES ({marks})", [tuple(row.values()) for row in plain.to_pylist()])
    found = pd.DataFrame(con.execute(to_sql(card, dialect="sqlite", key="case")).fetchall())
    con.close()
    assert_same(card, found, rows)


@pytest.mark.parametrize("kind", [pa.decimal128(12, 2), pa.float32(), pa.int32(), pa.int64()], ids=str)
def test_columns_of_any_numeric_type(kind):
    """A column of decimals, short floats or whole numbers is compared as the card compares it."""
    from plainscore.scorecard import Attribute, CardCharacteristic

    edges = [0.1, 0.25, 0.3, 1.0, 7.0]
    bounds = [None, *edges, None]
    bins = [Attribute("range", 10 * at, "bin", a, b) for at, (a, b) in enumerate(pairwise(bounds))]
    rest = [Attribute("missing", 1, "missing"), Attribute("out_of_range", 2, "out")]
    card = card_of(CardCharacteristic("x", "x", "", "", "none", "number", "", (*bins, *rest), 0.0, 50.0))
    values = [0, 1, 7, 50, 51, None] if pa.types.is_integer(kind) else None
    if values is None:
        from decimal import Decimal

        values = [Decimal(text) for text in ("0.10", "0.25", "0.30", "0.29", "1.00", "50.00", "50.01")] + [
            None
        ]
        values = values if pa.types.is_decimal(kind) else [v if v is None else float(v) for v in values]
    table = pa.table({"x": pa.array(values, kind)})
    assert_same(card, in_duckdb(card, table), table)


@settings(max_examples=3)
@given(card=cards())
@pytest.mark.parametrize("dialect", sooner(DIALECTS, 3))
def test_every_dialect_is_read_back(dialect, card):
    """What SQLGlot writes for a dialect it reads back as one query with every level and every result."""
    (query,) = sqlglot.parse(to_sql(card, dialect=dialect), dialect=dialect)
    assert isinstance(query, exp.Select)
    assert query.named_selects[-1] == "score"
    assert len(query.selects) == 2 * len(card.characteristics) + len(card.grids) + 1
    texts = {each.this for each in query.find_all(exp.Literal) if each.is_string}
    for one in card.characteristics:
        if one.type == "levels":
            assert {level for each in one.attributes for level in each.levels} <= texts


def test_results_keep_their_names(card, rows):
    """A column that is named as a result gives way to it, and a key column of that name is refused."""
    from dataclasses import replace

    clashing = replace(card.characteristics[0], id="score")
    other = replace(card.characteristics[1], id="score_points")
    made = card_of(clashing, other)
    table = pa.table({"score": rows["use"], "score_points": rows["late"]})
    found = in_duckdb(made, table)
    assert list(found) == ["score_", "score_points_", "score_points", "score_points_points", "score"]
    assert_same(made, found, table)
    with pytest.raises(InputError, match="Key column 'SCORE' is named as one of the results"):
        to_sql(card, key=["case", "SCORE"])


def test_the_query_names_its_card(card):
    """The first lines of the query are the card's name, id and scale."""
    head = to_sql(card, dialect="spark").splitlines()[:3]
    assert "'fitted card'" in head[0]
    assert head[1] == f"-- Card {card.id}"
    assert f"from {card.scale.low} to {card.scale.high}" in head[2]


def test_a_name_cannot_leave_its_comment():
    """A card's name with line breaks stays in the comment that it stands in."""
    text = to_sql(card_of(*_one(), name="x\n; DROP TABLE cases; --\r\x0b\u2028y"))
    assert text.splitlines()[3].startswith("WITH")
    assert len(sqlglot.parse(text, dialect="duckdb")) == 1


def _one():
    from plainscore.scorecard import Attribute, CardCharacteristic

    return (
        CardCharacteristic(
            "x", "x", "", "", "none", "number", "",
            (Attribute("range", 1, "all"), Attribute("missing", 0, ""), Attribute("out_of_range", 0, "")),
        ),
    )  # fmt: skip


def test_an_unknown_dialect_is_told_the_known(card):
    """A dialect that SQLGlot does not have is refused with the list of those it has."""
    with pytest.raises(InputError, match=r"no SQL dialect 'cobol'\. SQLGlot writes athena, .* tsql\."):
        to_sql(card, dialect="cobol")


@pytest.mark.parametrize("table", ["", 'x" ; DELETE'])
def test_what_cannot_be_a_table_is_refused(card, table):
    """Nothing, and a quote that is not closed, are no names of tables."""
    with pytest.raises(InputError, match="is no name of a table"):
        to_sql(card, table=table)


@pytest.mark.parametrize("table", ["cases; DROP TABLE x", "a b c d", "(SELECT 1)"])
def test_a_table_is_a_name(card, table):
    """What is no plain name is quoted as one name, so that it runs nothing."""
    text = to_sql(card, table=table)
    (query,) = sqlglot.parse(text, dialect="duckdb")
    assert [each.name for each in query.find_all(exp.Table)].count(table) == 1


def test_tables_may_be_qualified(card):
    """A schema before the table's name, and quotes around it, are kept."""
    assert 'FROM risk."my cases"' in to_sql(card, dialect="postgres", table='risk."my cases"')
