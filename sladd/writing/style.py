"""The look that every page of sladd shares, and what a browser may do with such a page."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files


def stylesheet() -> str:
    """The shared CSS: colours for light, dark and print; type, tables, key figures, notes."""
    return files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def content_policy(css: str, script: str = "") -> str:
    """A content security policy: show the page, fetch nothing, run nothing else.

    Args:
        css: the page's one `<style>`.
        script: its one `<script>`; "" for none.
    """
    allowed = f"script-src '{_digest(script)}'; " if script else ""
    return (
        f"default-src 'none'; style-src '{_digest(css)}'; {allowed}"
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}"
