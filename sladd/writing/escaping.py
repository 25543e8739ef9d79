"""Names as a report may show them. Columns are named by others, and some names are attacks.

HTML is escaped by Jinja; this is for cells of a spreadsheet, for Markdown, and for characters
that would turn or hide the text around them.
"""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~#])")
_BREAKS = re.compile(r"([./:_]+)(?=[^./:_])")


def visible(text: str) -> str:
    """The text with control and direction characters shown as `\ufffd`, so none can hide.

    A right-to-left override in a column's name would otherwise reverse the row it stands in.
    """
    # Nearly every text is: reports ask 300,000 times over 20,000 fields. The space that Norwegian
    # numbers hold together with is none to Python.
    if text.isprintable() or text.replace("\u00a0", "").isprintable():
        return text
    return "".join(
        "\ufffd" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text
    )


def breakable(text: str) -> Markup:
    """The text of a long name as HTML that a narrow column breaks after `.`, `/`, `:` and `_`.

    >>> breakable("shop/orders.billing_id")
    Markup('shop/<wbr>orders.<wbr>billing_<wbr>id')
    """
    return Markup(_BREAKS.sub(r"\1<wbr>", str(escape(visible(text)))))  # noqa: S704 - escaped


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
