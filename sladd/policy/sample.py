"""Which persons a release is a sample of."""

from __future__ import annotations

from collections.abc import Iterable

from sladd.errors import PlanError, SladdError
from sladd.model import SamplePlan
from sladd.policy.inputs import ReleaseTerms


def sample_plan(
    config: ReleaseTerms, persons: Iterable[str], where: str, errors: list[SladdError]
) -> SamplePlan | None:
    """The sample that a release asks for; None for all persons.

    Args:
        config: the terms of the release.
        persons: the entities that paths of its tables lead to.
        where: the release stands in the configuration.
        errors: a sample of nobody, or of which of several, is added to.
    """
    asked = config.sample
    if asked is None:
        return None
    found = sorted(set(persons))
    if asked.persons is not None and asked.persons in found:
        return SamplePlan(asked.share, asked.persons)
    if asked.persons is None and len(found) == 1:
        return SamplePlan(asked.share, found[0])
    if not found:
        what, mend = (
            "no key of its tables leads to a person",
            "say the way under person: in a source",
        )
    elif asked.persons is None:
        what = f"there are {len(found)} kinds of persons"
        mend = f"add persons: to sample:, one of {', '.join(found)}"
    else:
        what = f"nobody is known by '{asked.persons}'"
        mend = f"known: {', '.join(found)}"
    errors.append(
        PlanError(f"a sample of persons cannot be drawn: {what}", code=328, where=where, mend=mend)
    )
    return None
