"""Scorecards, debriefs, who did what, and what was spoken.

Revision: 0006, after 0005; 2026-11-22 10:45:00.000000
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _cards()
    _trace()
    _transcripts()


def _cards() -> None:
    _create_of_session(
        "cards",
        _filled("purpose", sa.String(length=16)),
        _filled("kind", sa.String(length=16)),
        _filled("who", sa.Text()),
        _filled("said", sa.DateTime(timezone=True)),
        _filled("sealed", sa.LargeBinary()),
        sa.Column("opened", sa.JSON(none_as_null=True), nullable=True),
    )
    _create_of_session(
        "card_calls",
        _filled("kind", sa.String(length=16)),
        _filled("who", sa.Text()),
        _filled("by", sa.Text()),
        _filled("said", sa.DateTime(timezone=True)),
    )
    _create_of_session(
        "debrief_entries",
        _filled("kind", sa.String(length=16)),
        _filled("who", sa.Text()),
        _filled("said", sa.DateTime(timezone=True)),
        _filled("text", sa.Text()),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        _filled("withdrawn", sa.Boolean()),
    )


def _trace() -> None:
    op.create_table(
        "trace",
        _key("number"),
        _filled("said", sa.DateTime(timezone=True)),
        _filled("who", sa.Text()),
        _filled("door", sa.String(length=16)),
        _filled("action", sa.String(length=32)),
        sa.Column("about", sa.String(length=64), nullable=True),
        _filled("detail", sa.Text()),
        _filled("before", sa.String(length=64)),
        _filled("hash", sa.String(length=64)),
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
    _create_of_session(
        "transcripts",
        _filled("name", sa.Text()),
        _filled("format", sa.String(length=16)),
        _filled("offset", sa.Double()),
        _filled("who", sa.Text()),
        _filled("said", sa.DateTime(timezone=True)),
        _filled("withdrawn", sa.Boolean()),
    )
    op.create_table(
        "transcript_lines",
        _filled("session", sa.String(length=32)),
        _key("transcript"),
        _key("line"),
        sa.Column("t", sa.Double(), nullable=True),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        _filled("text", sa.Text()),
        sa.ForeignKeyConstraint(
            ["session", "transcript"],
            ["transcripts.session", "transcripts.number"],
            name=op.f("fk_transcript_lines_session_transcripts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session", "transcript", "line", name=op.f("pk_transcript_lines")),
    )


def _create_of_session(table: str, *columns: sa.Column[Any]) -> None:
    """Create a table whose rows are numbered within a session, and go with it."""
    op.create_table(
        table,
        _filled("session", sa.String(length=32)),
        _key("number"),
        *columns,
        sa.ForeignKeyConstraint(
            ["session"],
            ["sessions.id"],
            name=op.f(f"fk_{table}_session_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session", "number", name=op.f(f"pk_{table}")),
    )


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _filled(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


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
