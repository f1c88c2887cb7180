"""What Alembic runs to migrate: on the connection, and in the transaction, it is handed."""

from alembic import context

from bot.store import delivery_tables, oncall_tables, watch_tables
from bot.store.tables import metadata

KEPT_IN = (delivery_tables, oncall_tables, watch_tables)
"""Modules that add their tables to the metadata by being imported."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()
