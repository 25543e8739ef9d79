"""The answer to each of the three tests in a sentence or two."""

from __future__ import annotations

from dataclasses import dataclass

from sladd.release.wp216 import TESTS, Test
from sladd.targets.anonymity.facts import Facts
from sladd.writing import Language


@dataclass(frozen=True, slots=True)
class Card:
    """One test: whether it passed (None: told, not judged), and what was found."""

    test: Test
    passed: bool | None
    said: str


def cards(facts: Facts, lang: Language) -> list[Card]:
    """The three, in the order of the opinion."""
    said = {"singling_out": _alone, "linkability": _linked, "inference": _guessed}
    return [Card(test, facts.answers.passed(test), said[test](facts, lang)) for test in TESTS]


def points(share: float, lang: Language) -> str:
    """A difference of shares in percentage points."""
    return lang.say("inference.points", n=lang.number(round(share * 100, 1)))


def _alone(facts: Facts, lang: Language) -> str:
    k = facts.answers.thresholds.k
    found = [one.alone for one in facts.tables]
    uniques = sum(one.uniques for one in found)
    below = sum(one.persons_below for one in found)
    smallest = lang.count("persons", min((one.k for one in found), default=0))
    if uniques == 1:
        return lang.say("card.alone_one")
    if uniques:
        return lang.say("card.alone_some", n=uniques)
    if below:
        return lang.say("card.below", smallest=smallest, n=lang.count("persons", below), k=k)
    return lang.say("card.alone_none", smallest=smallest)


def _linked(facts: Facts, lang: Language) -> str:
    k = facts.answers.thresholds.k
    few, alone = sum(one.few for one in facts.links), sum(one.alone for one in facts.links)
    if few or alone:
        return lang.say(
            "card.linked_some", n=_capital(lang.count("persons", few)), k=k, alone=alone
        )
    found = [one for one in facts.answers.attacks if one.passed is False]
    if found:
        share = max(one.share for one in found)
        return lang.say("card.linked_attack", share=lang.percent(share), k=k)
    return lang.say("card.linked_none" if facts.links else "card.linked_nothing", k=k)


def _guessed(facts: Facts, lang: Language) -> str:
    limits = facts.answers.thresholds
    if not facts.guesses:
        return lang.say("card.guessed_nothing")
    worst = max(one.worst for one in facts.guesses)
    told = {"worst": points(worst, lang), "t": points(limits.t, lang)}
    if not limits.judged:
        return lang.say("card.guessed_told", **told)
    if worst > limits.t:
        return lang.say("card.guessed_failed", **told)
    if limits.l is not None and any(one.least_values < limits.l for one in facts.guesses):
        return lang.say("card.guessed_values", l=lang.number(limits.l))
    return lang.say("card.guessed", **told)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
