"""Pseudonyms from a vault: which columns get them, and what they cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sladd.errors import PlanError, SladdError
from sladd.model import FieldPlan, TransformSpec

TOKEN_BITS = 128  # sladd.vault.tokens


def with_tokens(spec: TransformSpec, given: Mapping[str, Any], *, vault: bool) -> dict[str, Any]:
    """The parameters of a rule; in a release with a vault, its tokens unless the rule says `key`.

    Args:
        spec: of the transform.
        given: parameters of the rule.
        vault: whether the release has one.
    """
    takes = any(parameter.name == "tokens" for parameter in spec.parameters)
    return {"tokens": "vault", **given} if takes and vault else dict(given)


def check_tokens(planned: FieldPlan, *, vault: bool, where: str) -> Iterator[SladdError]:
    """What is asked of tokens that they cannot be (SLADD-346, 347)."""
    if planned.parameters.get("tokens") != "vault":
        return
    if not vault:
        yield PlanError(
            "a rule asks for tokens of a vault, and the release has none",
            code=346,
            where=f"{where}, {planned.field}",
            mend="name its store under vault: of the release, or say tokens: key",
        )
    bits = planned.parameters.get("bits", TOKEN_BITS)
    if planned.parameters.get("show_version") or bits != TOKEN_BITS:
        yield PlanError(
            "a token of a vault has 128 bits, and no version of a key",
            code=347,
            where=f"{where}, {planned.field}",
            mend="take out bits and show_version, or say tokens: key",
        )
