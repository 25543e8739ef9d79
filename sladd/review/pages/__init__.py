"""One module a page. A new page adds its router here."""

from sladd.review.pages import activities, audit, downloads, first, gaps, language, login, theme

ROUTERS = (
    login.router,
    first.router,
    language.router,
    theme.router,
    activities.router,
    gaps.router,
    downloads.router,
    audit.router,
)
"""Every page of the application."""
