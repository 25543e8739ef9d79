"""One module a page. A new page adds its router here."""

from sladd.review.pages import assessment, audit, first, language, login, releases, theme

ROUTERS = (
    login.router,
    first.router,
    language.router,
    theme.router,
    audit.router,
    releases.router,
    assessment.router,
)
"""Every page of the application."""
