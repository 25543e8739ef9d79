"""What reading one document may cost, before it counts as hostile or broken."""

from __future__ import annotations

from typing import Final

MAX_MEMORY_BYTES: Final = 1 << 30
"""Address space of a child process. The reader itself takes 0.1 GB; a PDF of 1,000 pages 0.3 GB."""

MAX_CPU_S: Final = 60
"""Processor time for a document. 1,000 pages of PDF take 20 s on one core (pypdf 7)."""

CPU_S_PER_MB: Final = 4
"""More time for large documents: an mbox or log of 1 GB is read at about 1 MB/s."""

STALL_S: Final = 30.0
"""Seconds without a word from the child, after which it is taken to hang."""

MAX_WHOLE_BYTES: Final = 128 << 20
"""A document that has to be held in memory. Mail servers refuse messages above 25-150 MB."""

MAX_ENTRIES: Final = 10_000
"""Members of archives, all levels together."""

MAX_UNPACKED_BYTES: Final = 1 << 30
"""What a document may unpack to, all levels together. A bomb of 10 MB unpacks to 281 TB."""

MAX_RATIO: Final = 300
"""Text compresses 3-40 times; one repeated byte 1,000 times (deflate)."""

RATIO_FROM_BYTES: Final = 64 << 20
"""Below this a high ratio does no harm."""

MAX_DEPTH: Final = 5
"""Documents in documents: a PDF in a ZIP on a forwarded mail in an mbox is at 4."""

MAX_TEXT_CHARACTERS: Final = 1 << 28
"""Text of one document; the Norwegian Wikipedia holds about four times as much."""

MAX_PAGES: Final = 20_000
"""Pages of one PDF; the longest in use are printed registers of some thousand."""

MAX_FRAME_BYTES: Final = 16 << 20
"""One message from child to parent; the child cuts its texts far shorter."""

CHUNK_CHARACTERS: Final = 4_000
"""Longest text in one row: about a page and a half; NER reads it in one go."""
