"""What Alembic runs: the revisions, inside the transaction that ``ikmgeo.store`` has begun."""

from alembic import context

context.configure(**context.config.attributes["options"])
context.run_migrations()
