"""The only Discord of the project."""
