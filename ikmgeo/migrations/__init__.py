"""Revisions of the database of assessments; ``ikmgeo.store`` runs them through Alembic."""
