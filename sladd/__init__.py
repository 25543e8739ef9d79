"""Finds personal data, tags it, and publishes pseudonymised copies."""

__version__ = "0.1.0"
