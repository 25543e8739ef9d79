"""The officer's assessment of an anonymised release: written as a form, signed, put beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sladd.errors import GateError
from sladd.pipeline.bind import Bound
from sladd.pipeline.planning import release_named
from sladd.release import (
    CurrentLabel,
    Manifest,
    Papers,
    Store,
    current_label,
    is_url,
    loads,
    loads_assessment,
    papers_of,
    resolve,
    sha256_of,
    sign,
    template,
)
from sladd.release.paths import ASSESSMENT, ASSESSMENT_SIGNATURE


def form(bound: Bound, name: str, *, now: datetime | None = None) -> str:
    """The assessment of the version that stands, to be filled in.

    Raises:
        GateError: there is no such version (SLADD-600), or it is not anonymised (SLADD-641).
    """
    papers, manifest = _standing(bound, name)
    return template(manifest, papers.manifest, (now or datetime.now(UTC)).date())


def sign_assessment(
    bound: Bound, name: str, data: bytes, *, by: str, now: datetime | None = None
) -> CurrentLabel:
    """Check an assessment, sign it with the key of the release, and put it beside the version.

    Args:
        bound: the configuration.
        name: of the release.
        data: the filled-in form.
        by: who signs, for the audit trail.
        now: the clock; default: the real one.

    Returns:
        What the release is called from now on.

    Raises:
        GateError: the form is not complete (SLADD-640), the release is not anonymised or its gate
            did not pass (SLADD-641), or the form is of another version (SLADD-642).
        KeyringError: the key cannot be used.
    """
    said = loads_assessment(data)
    papers, manifest = _standing(bound, name)
    if said.manifest_sha256 != sha256_of(papers.manifest):
        raise GateError(
            f"the assessment is of version {said.version}, and {manifest.version} stands",
            code=642,
            where=name,
            mend=f"sladd assess {name} writes the form of the version that stands",
        )
    key = bound.keyring.signing_key(bound.config.releases[name].key, manifest.key_version)
    signature = sign(data, key)
    today = (now or datetime.now(UTC)).date()
    after = current_label(Papers(papers.manifest, papers.public_key, data, signature), today)
    if after.fault:
        raise GateError(
            f"the assessment would not be accepted: {after.why}",
            code=642,
            where=name,
            mend=f"sladd assess {name} writes a new form",
        )
    _put(bound.config.place_of(name), data, signature)
    detail = {
        "version": manifest.version,
        "conclusion": said.conclusion,
        "review_by": said.review_by.isoformat(),
    }
    bound.catalog.audit.append("assess", name, by=by, detail=detail)
    return after


def _standing(bound: Bound, name: str) -> tuple[Papers, Manifest]:
    release_named(bound, name)
    papers = papers_of(bound.config.place_of(name))
    manifest = loads(papers.manifest)
    if manifest.kind != "anonymised" or manifest.gate is None or not manifest.gate.passed:
        raise GateError(
            "only an anonymised release that has passed its gate is assessed",
            code=641,
            where=name,
            mend="kind: anonymised, then sladd publish",
        )
    return papers, manifest


def _put(place: Path | str, data: bytes, signature: bytes) -> None:
    """The assessment first, its signature last: half of it is no assessment."""
    if not is_url(place):
        folder = resolve(place)
        for file, content in ((ASSESSMENT, data), (ASSESSMENT_SIGNATURE, signature)):
            beside = folder.parent / f".{folder.name}.{file}.new"
            beside.write_bytes(content)
            beside.chmod((folder / "manifest.json").stat().st_mode & 0o777)
            beside.replace(folder / file)
        return
    store = Store(str(place))
    version = store.version()
    with TemporaryDirectory(prefix="sladd-assess-") as folder_name:
        for file, content in ((ASSESSMENT, data), (ASSESSMENT_SIGNATURE, signature)):
            local = Path(folder_name) / file
            local.write_bytes(content)
            store.put(local, f"{version}/{file}".lstrip("/"))
