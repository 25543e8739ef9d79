"""The steps of each journey, free of Prefect: bind, plan partitions, do one, merge."""
