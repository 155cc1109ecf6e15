"""Parts that several pages show: filters, tables, maps, fields, what is exported."""
