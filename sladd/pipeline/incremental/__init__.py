"""Publishing again without reading again what has not changed."""

from sladd.pipeline.incremental.reuse import Reuse, open_reuse

__all__ = ["Reuse", "open_reuse"]
