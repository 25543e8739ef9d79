"""The officer's assessment: a file beside a version, signed, that lets it be called anonymised.

It names one manifest by its hash and ends by itself: after the review date the release is a
candidate again, whatever stands in its files.

Source: WP29 Opinion 05/2014 (WP216): the three tests, and that anonymity has to be reviewed;
GDPR recital 26.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sladd.errors import GateError
from sladd.release.folder import resolve
from sladd.release.labels import Language, label
from sladd.release.manifest import Manifest, loads
from sladd.release.paths import ASSESSMENT, ASSESSMENT_SIGNATURE, MANIFEST, PUBLIC_KEY
from sladd.release.signature import fingerprint, load_public_key, verify
from sladd.release.store import Store, is_url

LONGEST_REVIEW = timedelta(days=366)
"""Twelve months: means of re-identification change, and the assessment with them."""
_MAX_BYTES = 1 << 20


class Assessment(BaseModel):
    """What the officer answers for. Everything is asked; nothing has a default."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True
    )

    format: Literal[1]
    release: str
    version: str
    manifest_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    assessed_by: str = Field(min_length=1)
    position: str = Field(min_length=1)
    assessed_on: date
    review_by: date
    recipients: list[str] = Field(min_length=1)
    release_model: Literal["public", "named_recipients", "secure_environment"]
    controller_keeps: str = Field(min_length=1)
    singling_out: str = Field(min_length=1)
    linkability: str = Field(min_length=1)
    inference: str = Field(min_length=1)
    conclusion: Literal["anonymised", "not_anonymised"]

    @model_validator(mode="after")
    def _dates(self) -> Assessment:
        if not self.assessed_on < self.review_by <= self.assessed_on + LONGEST_REVIEW:
            raise ValueError("review_by is a day within 12 months after assessed_on")
        return self


@dataclass(frozen=True, slots=True)
class CurrentLabel:
    """What a release is called today.

    Attributes:
        en: in English.
        nb: in bokmål.
        anonymised: whether it may be called that.
        why: why not, for a candidate; "" otherwise.
        fault: whether an assessment is there that cannot be trusted.
    """

    en: str
    nb: str
    anonymised: bool = False
    why: str = ""
    fault: bool = False

    def say(self, language: Language) -> str:
        """In one of the languages."""
        return self.nb if language == "nb" else self.en


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of a version that say what it is, as bytes; None for one that is missing."""

    manifest: bytes
    public_key: bytes | None
    assessment: bytes | None
    signature: bytes | None

    @classmethod
    def of(cls, folder: Path) -> Papers:
        """Those in a folder."""
        return cls(
            (folder / MANIFEST).read_bytes(),
            *(_read(folder / n) for n in (PUBLIC_KEY, ASSESSMENT, ASSESSMENT_SIGNATURE)),
        )


def papers_of(place: Path | str) -> Papers:
    """Those of the version that stands.

    Args:
        place: as in `resolve`, or the URL of a release in an object store.

    Raises:
        GateError: there is no release (SLADD-600).
        SourceError: the store cannot be used (SLADD-291).
    """
    if not is_url(place):
        return Papers.of(resolve(place))
    store = Store(str(place))
    version = store.version()

    def read(name: str) -> bytes | None:
        return store.read(f"{version}/{name}".lstrip("/"))

    manifest = read(MANIFEST)
    if manifest is None:
        raise GateError("there is no release", code=600, where=store.shown, mend="sladd publish")
    return Papers(manifest, read(PUBLIC_KEY), read(ASSESSMENT), read(ASSESSMENT_SIGNATURE))


def loads_assessment(data: bytes) -> Assessment:
    """Read an assessment.

    Raises:
        GateError: it is no YAML of that form, or something in it is not filled in (SLADD-640).
    """
    raw: Any = None
    if len(data) <= _MAX_BYTES:
        try:
            raw = yaml.safe_load(data)
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
            raw = None
    if not isinstance(raw, dict):
        raise GateError(
            "the assessment is no YAML mapping",
            code=640,
            where=ASSESSMENT,
            mend="sladd assess RELEASE writes a new one",
        )
    try:
        return Assessment.model_validate(raw)
    except ValidationError as fault:
        errors = fault.errors(include_input=False, include_url=False)
        known = Assessment.model_fields
        names = [str(e["loc"][0]) for e in errors if e["loc"] and e["loc"][0] in known]
        what = "not filled in or not as asked: " + ", ".join(dict.fromkeys(names))
        if not names:
            what = str(errors[0]["msg"]).removeprefix("Value error, ")
        raise GateError(
            f"the assessment is not complete: {what}",
            code=640,
            where=ASSESSMENT,
            mend="fill it in and sign it: sladd assess RELEASE --sign FILE",
        ) from None


def sha256_of(manifest: bytes) -> str:
    """What an assessment names a manifest by."""
    return hashlib.sha256(manifest).hexdigest()


def current_label(papers: Papers, today: date) -> CurrentLabel:
    """What a release is called on a day.

    Raises:
        GateError: the manifest cannot be read (SLADD-601…603).
    """
    manifest = loads(papers.manifest)
    if manifest.kind != "anonymised":
        return CurrentLabel(manifest.label, manifest.label_nb or label(manifest.kind, "nb"))
    if papers.assessment is None or papers.signature is None:
        return _candidate("nobody has signed an assessment")
    if manifest.gate is None or not manifest.gate.passed:
        return _candidate("the gate has not passed it")
    if not _signed(papers, manifest):
        return _candidate("the assessment is not signed with the key of the release", fault=True)
    try:
        said = loads_assessment(papers.assessment)
    except GateError as fault:
        return _candidate(fault.what, fault=True)
    if said.manifest_sha256 != sha256_of(papers.manifest):
        return _candidate("the assessment is of another version", fault=True)
    if said.conclusion != "anonymised":
        return _candidate("the assessment says that it is not anonymised")
    if today < said.assessed_on:
        return _candidate("the assessment is dated later than today", fault=True)
    if today > said.review_by:
        return _candidate(f"the assessment was to be reviewed by {said.review_by.isoformat()}")
    until = said.review_by.isoformat()
    return CurrentLabel(
        f"anonymised: assessed on {said.assessed_on.isoformat()}, to be reviewed by {until}",
        f"anonymisert: vurdert {said.assessed_on.isoformat()}, skal vurderes på nytt innen {until}",
        anonymised=True,
    )


def _candidate(why: str, *, fault: bool = False) -> CurrentLabel:
    return CurrentLabel(label("anonymised", "en"), label("anonymised", "nb"), why=why, fault=fault)


def _signed(papers: Papers, manifest: Manifest) -> bool:
    if papers.public_key is None or papers.assessment is None or papers.signature is None:
        return False
    try:
        key = load_public_key(papers.public_key)
    except GateError:
        return False
    return fingerprint(key) == manifest.signed_by and verify(
        papers.assessment, papers.signature, key
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
