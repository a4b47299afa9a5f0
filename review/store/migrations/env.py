"""Runs the steps on the connection that `review.store.migrate` opened."""

from alembic import context

from review.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata
)
with context.begin_transaction():
    context.run_migrations()
