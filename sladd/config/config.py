"""The whole of `sladd.yaml`: its sections, and what paths in it mean."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from sladd.channels import NotifyConfig
from sladd.config.controller import ControllerConfig, Language, NoticeConfig
from sladd.config.detection import DetectionConfig
from sladd.config.guarantee import HierarchyConfig
from sladd.config.keys import KeyConfig
from sladd.config.releases import ReleaseConfig
from sladd.config.retention import RetentionConfig
from sladd.config.review import ReviewConfig
from sladd.config.runner import ClusterConfig
from sladd.config.section import Section
from sladd.config.sources import SourceConfig


class Config(Section):
    """The whole of `sladd.yaml`."""

    catalog: str = Field("sqlite:///.sladd/catalog.db", repr=False)
    languages: list[Language] = Field(default_factory=lambda: list[Language](get_args(Language)))
    region: str = "NO"
    organisation: str = ""
    controller: ControllerConfig = Field(default_factory=ControllerConfig)
    privacy_notice: NoticeConfig | None = None
    sources: dict[str, SourceConfig] = Field(default_factory=dict)
    entities: dict[str, list[str]] = Field(default_factory=dict)
    data_subjects: dict[str, list[str]] = Field(default_factory=dict)
    keys: dict[str, KeyConfig] = Field(default_factory=dict)
    releases: dict[str, ReleaseConfig] = Field(default_factory=dict)
    hierarchies: dict[str, HierarchyConfig] = Field(default_factory=dict)
    retention: dict[str, RetentionConfig] = Field(default_factory=dict)
    detection: DetectionConfig = Field(default_factory=DetectionConfig)
    review: ReviewConfig = Field(default_factory=ReviewConfig)
    runner: Literal["inline", "prefect"] | ClusterConfig = "inline"
    notify: NotifyConfig = Field(default_factory=NotifyConfig)
    root: Path = Field(Path(), exclude=True)  # directory of sladd.yaml; relative paths start here
    file: Path = Field(Path("sladd.yaml"), exclude=True)  # where it was read from

    def folder_of(self, release: str) -> Path:
        """Folder of a release on this machine.

        Files of one in a database lie beside the catalog; those of one in an object store are
        staged there.
        """
        chosen = self.releases[release]
        if "://" not in chosen.to:
            return self.path(chosen.to)
        return self.path(f".sladd/releases/{release}")

    def place_of(self, release: str) -> Path | str:
        """Where the files of a release can be read: a folder, or the URL of an object store."""
        chosen = self.releases[release]
        return chosen.to if chosen.in_store else self.folder_of(release)

    @property
    def object_stores(self) -> tuple[str, ...]:
        """URLs that releases go to; what is secret does not belong there."""
        return tuple(r.to for r in self.releases.values() if r.in_store)

    def path(self, text: str) -> Path:
        """A path of the configuration, relative to the file that named it."""
        given = Path(text).expanduser()
        return given if given.is_absolute() else self.root / given
