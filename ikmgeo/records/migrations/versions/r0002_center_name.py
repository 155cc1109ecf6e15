"""Keep the name that the center had when it was assessed; what is there already has none."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column."""
    name = sa.Column("center_name", sa.Text, nullable=False, server_default="")
    op.add_column("assessment_versions", name)
