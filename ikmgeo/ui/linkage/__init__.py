"""The page of linkage to the zones, a module for each section."""
