"""The doors of the catalog, one for each subject; `Catalog` holds them together."""
