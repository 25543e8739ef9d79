"""What a page is handed: the desk (one a process) and the visit (one a request)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment

from sladd.catalog import Catalog
from sladd.config import Config
from sladd.pipeline.bind import Bound
from sladd.reports.names import Names, names_of
from sladd.review.following import Following
from sladd.writing import Language


class Role(StrEnum):
    """What an account may do. `NOBODY` is a visitor who is not logged in."""

    NOBODY = "nobody"
    READER = "reader"
    ANALYST = "analyst"
    ENGINEER = "engineer"
    DPO = "dpo"


SIGNED_IN = (Role.READER, Role.ANALYST, Role.ENGINEER, Role.DPO)


@dataclass(frozen=True)
class Desk:
    """The project that the application shows, and what all its pages share.

    Attributes:
        following: the checked configuration, as its file has it now.
        templates: of every page.
        languages: code → texts.
        menu: path and name of every page that stands in the navigation and exists.
        paths: of every route.
    """

    following: Following
    templates: Environment
    languages: Mapping[str, Language]
    menu: tuple[tuple[str, str], ...]
    paths: frozenset[str] = frozenset()

    @property
    def bound(self) -> Bound:
        """The checked configuration; `bound.catalog` is the one catalog of the process."""
        return self.following.now()

    @property
    def config_fault(self) -> str:
        """Why what the pages show is not by the configuration as its file is now; "" where it is."""
        return self.following.fault

    @property
    def config(self) -> Config:
        """The configuration."""
        return self.bound.config

    @property
    def folder(self) -> Path:
        """The folder of `sladd.yaml`."""
        return self.bound.config.root

    @property
    def catalog(self) -> Catalog:
        """The catalog of the process; closed when the application ends."""
        return self.bound.catalog

    def open_catalog(self) -> Catalog:
        """The same catalog; nobody but the application closes it."""
        return self.bound.catalog

    def names(self) -> Names:
        """What fields may be called: names that are personal data are masked."""
        return names_of(self.catalog.fields.masked())

    @property
    def never_scanned(self) -> bool:
        """Whether no scan has ended yet: then nothing found is not nothing there."""
        return not any(scan.finished for scan in self.catalog.scans.all())

    @property
    def has_search(self) -> bool:
        """Whether there is a page that searches."""
        return "/search" in self.paths

    @property
    def home(self) -> str:
        """Where one lands after logging in."""
        return self.menu[0][0]


@dataclass(frozen=True)
class Account:
    """Who visits."""

    name: str
    role: Role


NOBODY = Account("", Role.NOBODY)


@dataclass(frozen=True)
class Visit:
    """One request: who asks, in what language, and what the answer needs.

    Attributes:
        desk: of the process.
        account: who asks; `NOBODY` before the login.
        language: texts and numbers as the visitor reads them; `language.code` is nb or en.
        theme: auto, light or dark.
        csrf: the token that each form must send as `csrf`.
        path: of the request.
        token: of the session; "" without one.
        said: what the page before left to be said.
    """

    desk: Desk
    account: Account
    language: Language
    theme: str
    csrf: str
    path: str
    token: str = ""
    said: str | None = None

    def __repr__(self) -> str:
        return f"<Visit of {self.path}>"

    @property
    def signed_in(self) -> bool:
        """Whether somebody is logged in."""
        return self.account.role is not Role.NOBODY

    def allowed(self, *roles: Role) -> bool:
        """Whether the visitor has one of these roles."""
        return self.account.role in roles

    def at(self, path: str) -> bool:
        """Whether the page is this one, or below it."""
        return self.path == path or (path != "/" and self.path.startswith(f"{path}/"))

    def say(self, key: str, /, **facts: str | int) -> None:
        """Say this line at the top of the next page of this session."""
        if self.token:
            said = json.dumps({"key": key, "facts": facts}, ensure_ascii=False)
            self.desk.catalog.accounts.say(self.token, said)

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page of a template, in the visitor's language.

        Args:
            template: file name under `templates/`.
            status: of the answer.
            values: what the template names.
        """
        text = self.desk.templates.get_template(template).render(**self._standing(), **values)
        return HTMLResponse(text, status_code=status)

    def _standing(self) -> dict[str, Any]:
        """What every template knows."""
        return {
            "visit": self,
            "lang": self.language,
            "t": self.language.say,
            "csrf_token": self.csrf,
            "flash": self._flash(),
            "menu": self.desk.menu,
            "may_decide": self.allowed(Role.DPO),
        }

    def _flash(self) -> str:
        """What was left to be said, once."""
        if not self.said:
            return ""
        self.desk.catalog.accounts.say(self.token, None)
        left = json.loads(self.said)
        if not self.language.has(left["key"]):
            return ""
        return self.language.say(left["key"], **left["facts"])
