"""Groups of a workshop, and one row for each time that a group saved its weights."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ASPECTS = ("institutional", "production", "market", "sustainability", "sez_linkage", "ie_linkage")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "workshop_groups",
        sa.Column("workshop", sa.Text, primary_key=True),
        sa.Column("name_key", sa.Text, primary_key=True),
        sa.Column("group_id", sa.String(36), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "group_weights",
        sa.Column("group_id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(aspect, sa.Double, nullable=False) for aspect in ASPECTS),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
