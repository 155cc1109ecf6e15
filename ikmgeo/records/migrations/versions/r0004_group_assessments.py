"""Assessments of a workshop's groups are told from those that count everywhere; longer codes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; what was recorded before counts everywhere."""
    column = sa.Column("group_id", sa.String(36), nullable=False, server_default="")
    op.add_column("assessment_versions", column)
    if op.get_bind().dialect.name == "postgresql":  # SQLite heeds no length
        op.alter_column("workshop_groups", "code", type_=sa.String(8))
