"""The desk made quick before its first visitor comes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress

from fastapi.responses import Response

from sladd.review.context import Account, Desk, Role, Visit
from sladd.review.pages import activities, audit, datamap, gaps, inbox, overview, releases


def _inbox(visit: Visit) -> Response:
    return inbox.show(visit, inbox.Filter())


_PAGES: tuple[Callable[[Visit], Response], ...] = (
    overview.show,
    _inbox,
    datamap.show,
    activities.show_all,
    gaps.show,
    releases.show_all,
    audit.show,
)


def warm(desk: Desk) -> None:
    """Read what the pages need of the catalog, and make each of them once in each language.

    Nothing is written. What is wrong with a page is told to who asks for it.
    """
    for language in desk.languages.values():
        visit = Visit(desk, Account("", Role.DPO), language, "auto", "", "/")
        for page in _PAGES:
            with suppress(Exception):
                page(visit)


def settle() -> None:
    """Keep what is there now out of every later search for garbage.

    Modules, templates and 20,000 known fields live as long as the process. A full collection over
    them takes 120-250 ms, in the middle of somebody's page (`python -m benchmarks desk`, two shared
    cores). What is frozen is still freed when nothing refers to it any more.
    """
    gc.collect()
    gc.freeze()
