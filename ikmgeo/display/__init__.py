"""A center, district or zone as facts and a map as a scene, drawn for the screen."""
