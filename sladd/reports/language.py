"""The texts of the reports: one file a language, the same keys in each."""

from __future__ import annotations

from functools import cache

from sladd.errors import ConfigError
from sladd.writing import LANGUAGES, Language, read_texts


@cache
def language(code: str, package: str = "sladd.reports") -> Language:
    """The texts of `nb` or `en`.

    Args:
        code: of the language.
        package: whose `texts` are read.

    Raises:
        ConfigError: there are none in that language (SLADD-151).
    """
    if code not in LANGUAGES:
        raise ConfigError(
            f"there is no report in the language '{code}'", code=151, mend="use nb or en"
        )
    return read_texts(package, code)
