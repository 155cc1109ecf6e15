"""What people record: assessments and groups, and the database that keeps them."""
