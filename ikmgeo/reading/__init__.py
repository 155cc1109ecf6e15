"""Files to checked tables: formats, encodings, bounds, columns, rules of each table."""
