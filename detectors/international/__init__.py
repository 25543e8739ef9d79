"""Identifiers without a country: secrets, tracking ids, and Presidio's own with declarations."""
