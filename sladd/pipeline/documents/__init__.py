"""Tables of documents: read, counted and judged."""

from sladd.pipeline.documents.scan import scan_documents

__all__ = ["scan_documents"]
