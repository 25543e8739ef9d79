"""Where a release goes, in lines for a reader of the plan."""

from __future__ import annotations

from sladd.model import Plan
from sladd.pipeline.bind import Bound


def target_facts(bound: Bound, made: Plan) -> list[str]:
    """The place, what is written there, how it is switched, and which keys come along.

    Args:
        bound: the configuration.
        made: the plan.
    """
    release = bound.config.releases[made.release]
    formats = "Parquet and DuckDB" + (", CSV beside them" if release.csv else "")
    versions = f"{release.keep_versions} versions stay"
    if release.schema_ is not None:
        from sladd.targets.schemas import open_schema

        with open_schema(
            release.to, release.schema_, where=f"sladd.yaml, releases.{made.release}"
        ) as schema:
            place = f"target: {schema.shown}; loaded beside it, then renamed in one step"
        kept = (
            "the version before stays as __old" if release.keep_versions > 1 else "no old version"
        )
        lines = [f"{place}; {kept}", f"files: {bound.config.folder_of(made.release)}; {formats}"]
    elif release.in_store:
        lines = [f"target: {release.to}; {formats}; latest.json names the version; {versions}"]
    else:
        folder = bound.config.folder_of(made.release)
        lines = [f"target: {folder}; {formats}; the link latest names the version; {versions}"]
    watermarks = [f"{table} by {one.by}" for table, one in sorted(release.incremental.items())]
    if watermarks:
        lines.append(f"incremental: {', '.join(watermarks)}; other tables by content")
    return lines
