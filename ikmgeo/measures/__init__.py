"""What is computed of checked tables: distances, indicators, scores, robustness, tests."""
