"""Anonymity by generalisation: the search for the levels that lose least."""

from transforms.anonymity.answer import Answer, Point
from transforms.anonymity.problem import Distance, Diversity, Problem, Sensitive
from transforms.anonymity.solver import Budget, Setting, frontier, search
from transforms.anonymity.writing import generalised

__all__ = [
    "Answer",
    "Budget",
    "Distance",
    "Diversity",
    "Point",
    "Problem",
    "Sensitive",
    "Setting",
    "frontier",
    "generalised",
    "search",
]
