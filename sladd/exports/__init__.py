"""What sladd knows, for the tools people already have: dbt, fideslang, comments in a database."""
