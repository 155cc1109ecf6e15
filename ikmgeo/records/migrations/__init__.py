"""Revisions of the database of assessments; ``ikmgeo.records.store`` runs them through Alembic."""
