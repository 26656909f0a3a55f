"""What is said to those who hear a page instead of seeing it."""

from __future__ import annotations

from typing import Any


def data(**said: str) -> dict[str, Any]:
    """Attributes that a page's script reads, such as data-item.

    >>> data(shown_by="emergency")
    {'data-shown-by': 'emergency'}
    """
    return {f"data-{name.replace('_', '-')}": words for name, words in said.items()}


def around(message: str, link: Any) -> list[Any]:
    """A translated sentence with a link where it says {link}.

    >>> around("What counts is {link}.", "the new score")
    ['What counts is ', 'the new score', '.']
    """
    before, _mark, after = message.partition("{link}")
    return [part for part in (before, link, after) if part != ""]


def aria(**said: str) -> dict[str, Any]:
    """Attributes such as aria-label, which are no names in Python.

    >>> aria(label="Queues")
    {'aria-label': 'Queues'}
    """
    return {f"aria-{name}": words for name, words in said.items()}
