"""Is the centre folder well? Its settings, layouts and forms, the room on its disk, and the key of callers' numbers."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path

from etl.centre import KEY_FILE, SHORTEST_KEY, read_settings
from etl.drafts import open_questions
from etl.forms import own_files, read_form
from etl.landing import free_bytes
from etl.layout import is_draft, layouts
from etl.retention import read_retention
from sql.findings import Finding, looked_at, ok, warning, wrong

# a load needs three times what it takes in, see `etl.load`; less than this is too little for any
LEAST_FREE = 1 << 30
OTHERS = 0o077


def checkup(folder: Path) -> list[Finding]:
    """Look at what a load stands on."""
    found = looked_at([("settings", partial(_settings, folder))])
    if not (folder / "centre.toml").exists():
        return found
    return found + looked_at(
        [
            ("layouts", partial(_layouts, folder)),
            ("forms", partial(_forms, folder)),
            ("disk", partial(_disk, folder)),
            ("caller key", partial(_caller_key, folder)),
            ("retention", partial(_retention, folder)),
        ]
    )


def _settings(folder: Path) -> Finding:
    settings = read_settings(folder)
    hours = "its opening hours" if settings.calendar else "no opening hours, so business time cannot be told"
    return ok(f"{settings.centre.name}, {settings.centre.timezone}, with {hours}")


def _layouts(folder: Path) -> Finding:
    """Whether the centre's own layouts can be used; a draft with open questions knows no file."""
    own = sorted((folder / "layouts").glob("*.toml"))
    drafts = [path for path in own if is_draft(path)]
    known = layouts(folder)
    if drafts:
        questions = open_questions(tomllib.loads(drafts[0].read_text(encoding="utf-8")))
        return warning(
            f"{len(drafts)} of {len(own)} of your own are drafts, so their files are not taken",
            f'Answer every "?" in {drafts[0]}: {", ".join(questions)}.',
        )
    return ok(f"{len(known)} known, {len(own)} of them your own")


def _forms(folder: Path) -> Finding:
    own = [read_form(path) for path in own_files(folder)]
    return ok(f"{len(own)} of your own")


def _disk(folder: Path) -> Finding:
    """Whether the largest export that ever came could come again."""
    landed = [path.stat().st_size for path in (folder / "landed").glob("*")]
    free, needed = free_bytes(folder), max(LEAST_FREE, 3 * max(landed, default=0))
    if free < needed:
        return wrong(
            f"{_gigabytes(free)} free, and a load may need {_gigabytes(needed)}",
            "Make room, or destroy what is older than it must be: fairline retain.",
        )
    return ok(f"{_gigabytes(free)} free")


def _caller_key(folder: Path) -> Finding:
    """Whether callers' numbers can be hashed as before, and nobody else could do the same."""
    path = folder / KEY_FILE
    if not path.exists():
        if not (folder / "warehouse").is_dir():
            return ok("made with the first load")
        return wrong(
            f"{path} is gone: callers who come again would count as new ones",
            "Restore it from the backup of secrets/. A new key would be made with the next load.",
        )
    mode = path.stat().st_mode & 0o777
    if mode & OTHERS:
        return wrong(f"others may read {path} (mode {mode:04o})", f"chmod 600 {path}")
    try:
        length = len(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except ValueError:
        length = 0
    if length < SHORTEST_KEY:
        return wrong(f"{path} holds no key", "Restore it from the backup of secrets/.")
    return ok(f"{path.name}, only its owner reads it")


def _retention(folder: Path) -> Finding:
    """How long things are kept, and whether a hold keeps more."""
    if not (folder / "retention.toml").exists():
        return ok("everything is kept for ever: there is no retention.toml")
    settings = read_retention(folder)
    kept = [f"{name} {days:,} days" for name, days in settings.keep if days is not None]
    holds = [f"held: {hold.reason}" for hold in settings.hold]
    return ok("; ".join([", ".join(kept) or "everything is kept for ever", *holds]))


def _gigabytes(size: int) -> str:
    return f"{size / (1 << 30):,.1f} GB"
