"""Names of persons, places and organisations in texts: a model of our own, and how it is made."""
