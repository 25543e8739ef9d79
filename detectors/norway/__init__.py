"""Norwegian identifiers, one a file."""
