"""Names as a report may show them. Columns are named by others, and some names are attacks.

HTML is escaped by Jinja; this is for cells of a spreadsheet, for Markdown, and for characters
that would turn or hide the text around them.
"""

from __future__ import annotations

import re
import unicodedata

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~#])")


def visible(text: str) -> str:
    """The text with control and direction characters shown as `\ufffd`, so none can hide.

    A right-to-left override in a column's name would otherwise reverse the row it stands in.
    """
    if text.isprintable():  # nearly every name is; reports ask 300,000 times over 20,000 fields
        return text
    return "".join(
        "\ufffd" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text
    )


def cell(text: str) -> str:
    r"""The text for a cell of a CSV file: a spreadsheet takes it for text, never for a formula.

    Source: OWASP, CSV Injection.

    >>> cell('=HYPERLINK("x")')
    '\'=HYPERLINK("x")'
    """
    bare = text.lstrip()
    return f"'{text}" if bare.startswith(_FORMULA) or text[:1] in {"\t", "\r", "\n"} else text


def markdown(text: str) -> str:
    r"""The text with everything escaped that Markdown or the HTML in it would act on.

    >>> markdown("a|b <script>")
    'a\\|b &lt;script&gt;'
    """
    safe = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _MARKDOWN.sub(r"\\\1", safe)
    # GitHub makes links of bare addresses.
    return safe.replace("://", "&#58;//").replace("www.", "www&#46;")
