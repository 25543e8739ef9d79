"""One module a page. A new page adds its router here."""

from sladd.review.pages import (
    activities,
    assessment,
    audit,
    datamap,
    downloads,
    first,
    gaps,
    inbox,
    language,
    login,
    overview,
    releases,
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
    activities.router,
    gaps.router,
    downloads.router,
    releases.router,
    assessment.router,
    audit.router,
)
"""Every page of the application."""
