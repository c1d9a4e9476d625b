"""Scorecards, debriefs, who did what, and what was spoken.

Revision: 0006, after 0005; 2026-11-22 10:45:00.000000
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _cards()
    _trace()
    _transcripts()


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("opened", sa.JSON(none_as_null=True), nullable=True),
        _of_session("cards"),
        sa.PrimaryKeyConstraint("session", "number", name=op.f("pk_cards")),
    )
    op.create_table(
        "card_calls",
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        _of_session("card_calls"),
        sa.PrimaryKeyConstraint("session", "number", name=op.f("pk_card_calls")),
    )
    op.create_table(
        "debrief_entries",
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        _of_session("debrief_entries"),
        sa.PrimaryKeyConstraint("session", "number", name=op.f("pk_debrief_entries")),
    )


def _trace() -> None:
    op.create_table(
        "trace",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trace")),
    )
    op.create_index(op.f("ix_trace_about"), "trace", ["about"])
    kind = op.get_bind().dialect.name
    for statement in _GUARDS.get(kind, ()):
        op.execute(sa.text(statement))


_SAID = "the trace is appended to, and never changed"

_NEXT = """NEW.number <> 1 + coalesce((SELECT max(number) FROM trace), 0)
    OR NEW.before <> coalesce(
        (SELECT hash FROM trace ORDER BY number DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000')"""
"""What an entry must not be: another than the next one, or one that does not follow the last."""

# The database itself refuses, whichever program asks. A REPLACE of SQLite's deletes without a
# trigger for deletion, so the insertion is looked at too.
_GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"""CREATE TRIGGER trace_never_changes BEFORE UPDATE ON trace
            BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
        f"""CREATE TRIGGER trace_never_shrinks BEFORE DELETE ON trace
            BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
        f"""CREATE TRIGGER trace_only_grows BEFORE INSERT ON trace WHEN {_NEXT}
            BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
    ),
    "postgresql": (
        f"""CREATE FUNCTION trace_refuses() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$""",
        f"""CREATE FUNCTION trace_follows() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF {_NEXT} THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN NEW; END $$""",
        """CREATE TRIGGER trace_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON trace
            FOR EACH STATEMENT EXECUTE FUNCTION trace_refuses()""",
        """CREATE TRIGGER trace_only_grows BEFORE INSERT ON trace
            FOR EACH ROW EXECUTE FUNCTION trace_follows()""",
    ),
}


def _transcripts() -> None:
    op.create_table(
        "transcripts",
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("offset", sa.Double(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        _of_session("transcripts"),
        sa.PrimaryKeyConstraint("session", "number", name=op.f("pk_transcripts")),
    )
    op.create_table(
        "transcript_lines",
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("transcript", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("t", sa.Double(), nullable=True),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session", "transcript"],
            ["transcripts.session", "transcripts.number"],
            name=op.f("fk_transcript_lines_session_transcripts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session", "transcript", "line", name=op.f("pk_transcript_lines")),
    )


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["session"],
        ["sessions.id"],
        name=op.f(f"fk_{table}_session_sessions"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in (
        "transcript_lines",
        "transcripts",
        "trace",
        "debrief_entries",
        "card_calls",
        "cards",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION trace_refuses()"))
        op.execute(sa.text("DROP FUNCTION trace_follows()"))
