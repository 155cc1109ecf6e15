"""The page of scores, a module for each section."""
