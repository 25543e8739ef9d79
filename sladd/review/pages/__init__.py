"""One module a page. A new page adds its router here."""

from sladd.review.pages import (
    audit,
    datamap,
    first,
    inbox,
    language,
    login,
    overview,
    search,
    theme,
)

ROUTERS = (
    login.router,
    first.router,
    language.router,
    theme.router,
    overview.router,
    inbox.router,
    datamap.router,
    search.router,
    audit.router,
    releases.router,
    assessment.router,
)
"""Every page of the application."""
