"""Layers of the base map: one row for each saved version, and apart from it what it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "base_layers",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content_id", sa.String(36), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("attribution", sa.Text, nullable=False),
        sa.Column("layer", sa.Text, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("of", sa.Integer, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "base_contents",
        sa.Column("content_id", sa.String(36), primary_key=True),
        sa.Column("tables", sa.LargeBinary, nullable=False),
    )
