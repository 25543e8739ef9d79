"""The desk made quick before its first visitor comes."""

from __future__ import annotations

import gc
from contextlib import suppress

from sladd.review.context import Account, Desk, Role, Visit
from sladd.review.pages import activities, audit, datamap, gaps, inbox, overview, releases


def warm(desk: Desk) -> None:
    """Read what the pages need of the catalog, and make each of them once in each language.

    Nothing is written. What is wrong with a page is told to who asks for it.
    """
    for language in desk.languages.values():
        visit = Visit(desk, Account("", Role.DPO), language, "auto", "", "/")
        for page in (
            lambda: overview.show(visit),  # noqa: B023 - called at once
            lambda: inbox.show(visit, inbox.Filter()),  # noqa: B023
            lambda: datamap.show(visit),  # noqa: B023
            lambda: activities.show_all(visit),  # noqa: B023
            lambda: gaps.show(visit),  # noqa: B023
            lambda: releases.show_all(visit),  # noqa: B023
            lambda: audit.show(visit),  # noqa: B023
        ):
            with suppress(Exception):
                page()


def settle() -> None:
    """Keep what is there now out of every later search for garbage.

    Modules, templates and 20,000 known fields live as long as the process. A full collection over
    them takes 120-250 ms, in the middle of somebody's page (`python -m benchmarks desk`, two shared
    cores). What is frozen is still freed when nothing refers to it any more.
    """
    gc.collect()
    gc.freeze()
