"""The anonymisation report: the three tests, the method and the loss, for who has to sign."""

from sladd.targets.anonymity.page import anonymisation_html

__all__ = ["anonymisation_html"]
