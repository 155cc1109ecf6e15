"""Scores and weights by aspect in one cell each: another instrument needs no other columns."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ASPECTS = ("institutional", "production", "market", "sustainability", "sez_linkage", "ie_linkage")


def upgrade() -> None:
    """Gather the columns of each table, and drop them with what limited their range."""
    _gather("assessment_versions", "assessment_id", "scores")
    with op.batch_alter_table("assessment_versions") as table:
        for aspect in ASPECTS:
            table.drop_constraint(f"{aspect}_range", type_="check")
            table.drop_column(aspect)
        table.alter_column("scores", existing_type=sa.JSON, nullable=False)
    _gather("group_weights", "group_id", "weights")
    with op.batch_alter_table("group_weights") as table:
        for aspect in ASPECTS:
            table.drop_column(aspect)
        table.alter_column("weights", existing_type=sa.JSON, nullable=False)


def _gather(name: str, key: str, column: str) -> None:
    """Fill a new column with the values by aspect; in Python, which keeps every digit."""
    op.add_column(name, sa.Column(column, sa.JSON))
    table = sa.table(
        name,
        *(sa.column(c) for c in (key, "version", *ASPECTS)),
        sa.column(column, sa.JSON(none_as_null=False)),
    )
    connection = op.get_bind()
    values: list[sa.ColumnElement[float]] = [sa.column(aspect) for aspect in ASPECTS]
    for identity, version, *found in connection.execute(
        sa.select(table.c[key], table.c.version, *values).select_from(table)
    ).all():
        this = (table.c[key] == identity) & (table.c.version == version)
        by_aspect = dict(zip(ASPECTS, found, strict=True))
        connection.execute(sa.update(table).where(this).values({column: by_aspect}))
