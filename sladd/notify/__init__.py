"""Telling people and systems what is new: what is told, in which words, and by which channel.

A notice holds names, categories and counts, never a value of a person. A channel that fails
fails nothing else: what it could not tell waits in the outbox for the next run.
"""

from sladd.notify.deliver import Delivery, deliver, send_test
from sladd.notify.digest import digest_notice
from sladd.notify.gather import gather, refusal

__all__ = ["Delivery", "deliver", "digest_notice", "gather", "refusal", "send_test"]
