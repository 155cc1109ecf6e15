"""Wrong codes of workshop groups, of late: each makes the next guess wait."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "code_guesses",
        sa.Column("workshop", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("failed_at", sa.Double, nullable=False),
    )
