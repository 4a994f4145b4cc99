"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("decision_numbers")))
    op.create_table(
        "appeals",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("blind", sa.LargeBinary(), nullable=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("open", sa.SmallInteger(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="appeals_key"),
    )
    op.create_index("appeals_by_lender_decision", "appeals", ["lender", "decision"], unique=False)
    op.create_index("appeals_by_lender_open_due_id", "appeals", ["lender", "open", "due", "id"], unique=False)
    op.create_index("appeals_by_lender_person", "appeals", ["lender", "person"], unique=False)
    op.create_table(
        "current",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="current_key"),
    )
    op.create_table(
        "decisions",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("blind", sa.LargeBinary(), nullable=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=True),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=True),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("attributes", sa.LargeBinary(), nullable=True),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("run", sa.Text(), nullable=True),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="decisions_key"),
    )
    op.create_index("decisions_by_lender_number", "decisions", ["lender", "number"], unique=False)
    op.create_index("decisions_by_lender_chain_step", "decisions", ["lender", "chain", "step"], unique=True)
    op.create_index("decisions_by_lender_id", "decisions", ["lender", "id"], unique=True)
    op.create_index(
        "decisions_by_lender_person_moment", "decisions", ["lender", "person", "moment"], unique=False
    )
    op.create_index("decisions_by_lender_request", "decisions", ["lender", "request"], unique=True)
    op.create_index("decisions_by_lender_run_number", "decisions", ["lender", "run", "number"], unique=False)
    op.create_index(
        "decisions_by_lender_use_month_number",
        "decisions",
        ["lender", "use", "month", "number"],
        unique=False,
    )
    op.create_table(
        "definitions",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="definitions_key"),
    )
    op.create_table(
        "earlier",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "kind", "row", "version", name="earlier_key"),
    )
    op.create_index("earlier_by_lender_person", "earlier", ["lender", "person"], unique=False)
    op.create_table(
        "inputs",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="inputs_key"),
    )
    op.create_index("inputs_by_lender_person", "inputs", ["lender", "person"], unique=False)
    op.create_table(
        "lenders",
        sa.Column("lender", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lender", name="lenders_key"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="log_head_key"),
    )
    op.create_table(
        "log_leaves",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="log_leaves_key"),
    )
    op.create_index(
        "log_leaves_by_lender_kind_row_version",
        "log_leaves",
        ["lender", "kind", "row", "version"],
        unique=True,
    )
    op.create_index(
        "log_leaves_of_overlay",
        "log_leaves",
        ["lender", "position"],
        unique=False,
        sqlite_where=sa.text("kind = 'overlay'"),
        postgresql_where=sa.text("kind = 'overlay'"),
    )
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name="log_nodes_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_tree",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="log_tree_key"),
    )
    op.create_table(
        "overlay",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("blind", sa.LargeBinary(), nullable=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="overlay_key"),
    )
    op.create_index("overlay_by_lender_account", "overlay", ["lender", "account"], unique=False)
    op.create_index(
        "overlay_by_lender_person_moment", "overlay", ["lender", "person", "moment"], unique=False
    )
    op.create_table(
        "people",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("key_ended", sa.SmallInteger(), nullable=False),
        sa.Column("term_ended", sa.BigInteger(), nullable=True),
        sa.Column("proof_key_ended", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "person", name="people_key"),
    )
    op.create_index(
        "people_to_end",
        "people",
        ["lender"],
        unique=False,
        sqlite_where=sa.text("key_ended = 0"),
        postgresql_where=sa.text("key_ended = 0"),
    )
    op.create_index(
        "people_past_term_to_end",
        "people",
        ["lender"],
        unique=False,
        sqlite_where=sa.text("proof_key_ended = 0"),
        postgresql_where=sa.text("proof_key_ended = 0"),
    )
    op.create_table(
        "runs",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("void", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="runs_key"),
    )
    op.create_table(
        "sequels",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("blind", sa.LargeBinary(), nullable=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="sequels_key"),
    )
    op.create_index(
        "sequels_by_lender_decision_moment", "sequels", ["lender", "decision", "moment"], unique=False
    )
    op.create_index(
        "sequels_by_lender_kind_code_month_moment_id",
        "sequels",
        ["lender", "kind", "code", "month", "moment", "id"],
        unique=False,
    )
    op.create_index("sequels_by_lender_person", "sequels", ["lender", "person"], unique=False)
    op.create_table(
        "tallies",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "month", "use", "card", "what", "code", name="tallies_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tasks",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("blind", sa.LargeBinary(), nullable=True),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("open", sa.SmallInteger(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "id", name="tasks_key"),
    )
    op.create_index("tasks_by_lender_decision", "tasks", ["lender", "decision"], unique=False)
    op.create_index("tasks_by_lender_open_due_id", "tasks", ["lender", "open", "due", "id"], unique=False)
    op.create_index("tasks_by_lender_person", "tasks", ["lender", "person"], unique=False)
    op.create_table(
        "touches",
        sa.Column("lender", sa.Integer(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("months", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lender", "account", "decision", name="touches_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("touches_by_decision", "touches", ["decision"], unique=False)
