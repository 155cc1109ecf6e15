"""What Alembic runs: the revisions, inside the transaction that ``store`` has begun."""

from alembic import context

context.configure(**context.config.attributes["options"])
context.run_migrations()
