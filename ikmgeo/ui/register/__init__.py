"""The page of the register, a module for each section and each part of it."""
