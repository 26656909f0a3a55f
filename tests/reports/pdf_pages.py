"""How many pages a PDF has."""

from __future__ import annotations

import re
import zlib


def pages_of(pdf: bytes) -> int:
    """The number of its page objects, those in compressed streams included."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type ?/Page\b(?!s)", part)) for part in parts)
