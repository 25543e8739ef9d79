"""One transform a file. To add one: write the module, and add it to the tuple below."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sladd import plugins
from sladd.errors import ConfigError
from transforms import (
    bucket,
    drop,
    encrypt,
    fake,
    format_preserving,
    generalise,
    json_paths,
    keep,
    mask,
    noise,
    pseudonym,
    redact_text,
    replace,
    round,  # noqa: A004 - named by its verb, like the others
    shift_dates,
    shuffle,
    surrogate,
    top_code,
    truncate_date,
)
from transforms.contract import Context, Transform, context_of

__all__ = ["TRANSFORMS", "Context", "Transform", "context_of", "registry"]

TRANSFORMS: tuple[Transform, ...] = (
    keep,
    drop,
    mask,
    replace,
    pseudonym,
    surrogate,
    encrypt,
    format_preserving,
    fake,
    shift_dates,
    truncate_date,
    generalise,
    bucket,
    round,
    top_code,
    noise,
    shuffle,
    redact_text,
    json_paths,
)


def registry(*, entry_points: bool = True) -> Mapping[str, Transform]:
    """Every transform by name.

    Args:
        entry_points: also those that other packages offer as `sladd.transforms`.

    Raises:
        ConfigError: two have one name, or a plug-in is none (SLADD-140, 141).
    """
    found: dict[str, Transform] = {}
    for transform in TRANSFORMS:
        _add(found, transform, "sladd")
    if entry_points:
        for point in plugins.entry_points(group="sladd.transforms"):
            try:
                loaded = point.load()
            except Exception:
                raise _no_transform(point.value) from None
            if not isinstance(loaded, Transform):
                raise _no_transform(point.value)
            _add(found, loaded, point.value)
    return MappingProxyType(found)


def _add(found: dict[str, Transform], transform: Transform, origin: str) -> None:
    name = transform.SPEC.name
    if name in found:
        raise ConfigError(
            f"two transforms have the name '{name}'",
            code=140,
            where=origin,
            mend="uninstall one of the packages that offer it",
        )
    found[name] = transform


def _no_transform(origin: str) -> ConfigError:
    return ConfigError(
        "a plug-in is no transform (SPEC and apply)",
        code=141,
        where=f"entry point sladd.transforms: {origin}",
        mend="uninstall or update the package",
    )
