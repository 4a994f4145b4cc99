"""A card as SQL answers as the card, whatever type of column holds its values."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import duckdb
import pytest

from plainscore.scorecard.exports import to_sql

from ._types import CARDS, COLUMNS, EVERY, gap, table_of, wanted
from .test_engines import postgres, spark  # noqa: F401


def in_duckdb(kind, table):
    """Return the scores that DuckDB gives."""
    with duckdb.connect() as con:
        con.register("cases", table)
        query = to_sql(CARDS[kind], key="row") + ' ORDER BY "row"'
        return [row[-1] for row in con.sql(query).fetchall()]


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_duckdb_reads_every_type_of_column(kind, name):
    """Every kind of characteristic in every type of column scores in DuckDB as the card does."""
    assert in_duckdb(kind, table_of(kind, name)) == wanted(kind, name)


@pytest.mark.parametrize("kind", ["number", "levels", "boolean"])
def test_duckdb_reads_a_pandas_column_with_a_gap(kind):
    """Whole numbers that pandas turned into floats beside a gap score as whole numbers (FD8)."""
    frame = gap(kind).assign(row=range(3))
    assert in_duckdb(kind, frame) == CARDS[kind].score(frame).tolist()
    assert CARDS[kind].score(frame).tolist() == [
        CARDS[kind].score_one({kind: value}) for value in (1, None, 0 if kind == "boolean" else 10)
    ]


def _stored(value):
    """Return a value as SQLite stores it: decimals as floats, days as texts."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize(
    ("kind", "name"),
    [one for one in EVERY if one not in [("levels", "truth"), ("levels", "float")]],
)
def test_sqlite_reads_every_type_of_column(kind, name):
    """Every kind in every type scores in SQLite as the card does; it has no truths and no short floats."""
    values = [_stored(value) for value in COLUMNS[kind][name].to_pylist()]
    with sqlite3.connect(":memory:") as con:
        con.execute(f"CREATE TABLE cases ({kind}, row)")
        con.executemany("INSERT INTO cases VALUES (?, ?)", [(value, at) for at, value in enumerate(values)])
        query = to_sql(CARDS[kind], dialect="sqlite", key="row") + ' ORDER BY "row"'
        found = [row[-1] for row in con.execute(query).fetchall()]
    con.close()
    assert found == wanted(kind, name)


def test_sqlite_reads_months_as_texts():
    """A month that is stored without a day is the card's month too."""
    texts = ["2019-12", "2024-03", "2024-02-29", None]
    with sqlite3.connect(":memory:") as con:
        con.execute("CREATE TABLE cases (month)")
        con.executemany("INSERT INTO cases VALUES (?)", [(text,) for text in texts])
        found = [row[-1] for row in con.execute(to_sql(CARDS["month"], dialect="sqlite")).fetchall()]
    con.close()
    assert found == [CARDS["month"].score_one({"month": text}) for text in texts]


POSTGRES = {
    "int": "bigint", "small int": "smallint", "double": "double precision", "float": "real",
    "decimal": "numeric(5, 1)", "wide": "numeric(20, 4)", "text": "text", "truth": "boolean", "day": "date",
    "moment": "timestamp",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_postgres_reads_every_type_of_column(postgres, kind, name):  # noqa: F811
    """Every kind in every type scores in PostgreSQL as the card does."""
    with postgres.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE typed ("{kind}" {POSTGRES[name]}, "row" bigint)')
        cursor.executemany(
            "INSERT INTO typed VALUES (%s, %s)",
            [(value, at) for at, value in enumerate(COLUMNS[kind][name].to_pylist())],
        )
        cursor.execute(to_sql(CARDS[kind], dialect="postgres", table="typed", key="row") + ' ORDER BY "row"')
        found = [row[-1] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE typed")
    assert found == wanted(kind, name)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_spark_reads_every_type_of_column(spark, tmp_path, kind, name):  # noqa: F811
    """Every kind in every type scores in Spark as the card does."""
    import pyarrow.parquet as pq

    pq.write_table(table_of(kind, name), tmp_path / "typed.parquet")
    spark.read.parquet(str(tmp_path / "typed.parquet")).createOrReplaceTempView("typed")
    query = to_sql(CARDS[kind], dialect="spark", table="typed", key="row") + " ORDER BY `row`"
    assert [row[-1] for row in spark.sql(query).collect()] == wanted(kind, name)
