"""Annotated customer messages, and the scoring of what finds personal data in them.

The rules of annotation stand in `README.md` beside the texts.
"""

from benchmarks.accuracy.texts.load import Gold, Message, load
from benchmarks.accuracy.texts.score import Scores, score

__all__ = ["Gold", "Message", "Scores", "load", "score"]
