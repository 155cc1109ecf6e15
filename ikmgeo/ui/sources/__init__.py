"""The page of sources and of the own centers."""
