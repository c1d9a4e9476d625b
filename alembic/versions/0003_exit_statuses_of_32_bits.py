"""Exit statuses as wide as SSH sends them: 32 bits without a sign.

Revision: 0003, after 0002; 2026-11-21 14:55:12.000000
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = ("channels", "commands")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("exit_status", existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("exit_status", existing_type=sa.BigInteger(), type_=sa.Integer())
