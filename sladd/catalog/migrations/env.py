"""Alembic's entry: runs the migrations on the connection that `sladd.catalog.migrate` holds."""

from alembic import context

from sladd.catalog.schema import VERSION_TABLE

# The caller's transaction holds the writers' lock; all steps are in it or none.
context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,  # a team's server may hold other schemas kept by Alembic
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
