"""Begin: one row for each saved version of each assessment."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ASPECTS = ("institutional", "production", "market", "sustainability", "sez_linkage", "ie_linkage")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "assessment_versions",
        sa.Column("assessment_id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("base_version", sa.Integer, nullable=False),
        sa.Column("center_id", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("assessed_on", sa.Date, nullable=False),
        *(sa.Column(aspect, sa.Double) for aspect in ASPECTS),
        sa.Column("indicators", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("ratings", sa.JSON, nullable=False),
        sa.Column("actions", sa.JSON, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(f"{aspect} BETWEEN 0 AND 100", name=f"{aspect}_range")
            for aspect in ASPECTS
        ),
    )
