"""One module a page. A new page adds its router here."""

from sladd.review.pages import audit, first, language, login, theme

ROUTERS = (
    login.router,
    first.router,
    language.router,
    theme.router,
    audit.router,
)
"""Every page of the application."""
