"""Prefect flows: thin shells over `sladd.pipeline`. The only folder that knows Prefect."""
