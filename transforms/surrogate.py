"""Replace every key by one that exists in this release alone.

ISO/IEC 20889 §8.5: pseudonymization. Like `pseudonym`, equal values get equal keys, so tables
join. Unlike it, the keys of two releases of one domain have nothing in common: nobody joins
them, and a key that leaked leads nowhere else. With `per: version` the random bytes behind
them are thrown away when the version is written: then nobody can make the keys again, the
holder of the master key included, and the next version has others.

Nothing of the source's order is left: the first customer's key looks like the last one's.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from sladd.errors import TransformError
from sladd.keyring import DerivedKey
from sladd.model import Parameter, TransformSpec
from transforms import arrays, base32, pseudonym
from transforms.contract import Context, Form, needs_key, parameter
from transforms.pseudonym import Pseudonymiser

SPEC = TransformSpec(
    name="surrogate",
    accepts=pseudonym.SPEC.accepts,
    output=pseudonym.SPEC.output,
    iso20889="pseudonymization",
    summary="Replace every key by a random-looking one that exists in this release alone.",
    joinable=True,
    keyed=True,
    keeps_uniqueness=True,
    emits="user.unique_id.pseudonymous",
    output_length=26,
    alphabet=base32.ALPHABET.decode(),
    parameters=(
        Parameter(
            "per",
            "choice",
            "release",
            choices=("release", "version"),
            help="release: the next version has the same keys; version: others, and nobody can "
            "make them again",
        ),
        Parameter(
            "bits",
            "integer",
            128,
            help="length of the key; 96 keeps collisions out of any real table",
            minimum=96,
            maximum=256,
        ),
    ),
)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Surrogate keys; null stays null, '' stays ''.

    Raises:
        TransformError: there is no key (SLADD-302), or nothing is published that a key could
            last for (SLADD-308).
    """
    worker = Pseudonymiser(
        _key(context), context.canonical, bits=int(parameter(SPEC, context, "bits"))
    )
    return arrays.elementwise(
        values, lambda flat: arrays.per_distinct(arrays.texts(flat, context.storage), worker)
    )


def _key(context: Context) -> DerivedKey:
    own = context.key
    if own is None or context.derive is None:
        raise needs_key(SPEC.name)
    if parameter(SPEC, context, "per") == "release":
        return context.derive(f"{SPEC.name} {context.release} {own.type}")
    if not context.fresh:
        raise TransformError(
            "a key of one version only exists while it is published",
            code=308,
            mend="per: release, or sladd publish",
        )
    secret = hmac.digest(context.fresh, own.reveal(), "sha256")
    return DerivedKey(secret, domain=own.domain, type=own.type, version=own.version)


def form(parameters: Mapping[str, Any], version: int) -> Form:
    """How surrogate keys with these parameters are written."""
    return pseudonym.form({"bits": parameters.get("bits", 128)}, version)
