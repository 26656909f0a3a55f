"""How much a colour stands out: contrast as WCAG 2.1 computes it."""

from __future__ import annotations


def contrast(one: str, other: str = "#ffffff") -> float:
    """How much two colours differ, 1 to 21.

    >>> round(contrast("#000000"), 1)
    21.0
    """
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a colour written as #rrggbb."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
