"""What a session is held on: exercise, port, consent, clock

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEW = ("exercise", "port", "consent", "clock_started", "clock_length")


def upgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exercise", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("port", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("consent", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("clock_started", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("clock_length", sa.Double(), nullable=True))
    _fill_ports()


def _fill_ports() -> None:
    """Take the ports of sessions that are there already from where they listened."""
    sessions = sa.table(
        "sessions", sa.column("id", sa.Text), sa.column("listen", sa.Text), sa.column("port")
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(sessions.c.id, sessions.c.listen)).all():
        port = (row.listen or "").rpartition(":")[2]
        if port.isascii() and port.isdigit():
            chosen = sessions.update().where(sessions.c.id == row.id)
            connection.execute(chosen.values(port=int(port)))


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        for name in reversed(_NEW):
            batch_op.drop_column(name)
