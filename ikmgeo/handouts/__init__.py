"""Files that are taken away: atlas, pictures, workbook, one-file page, layers, forms."""
