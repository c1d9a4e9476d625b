"""Runs migrations on the engine that the program hands over, or on the URL that alembic was given.

`target_metadata` is only needed to compare; the program upgrades without it.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

config = context.config


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=config.attributes.get("metadata"),
        render_as_batch=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = config.attributes.get("engine")
if engine is None:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise SystemExit("give the database as: alembic -x url=sqlite:///jumpseat.db ...")
    engine = create_engine(url)
if engine.dialect.name == "sqlite":
    # One writer at a time: whoever comes second waits, then sees that nothing is left to do.
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        run(connection)
        connection.commit()
else:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Likewise: the lock is given back when the transaction ends.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('jumpseat.schema'))")
        run(connection)
