"""Training of the names model. Nothing here is imported when sladd runs."""
