"""Secrets of the web: from the environment or from a file that only its owner reads; never from centre.toml."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from metrics import WrongUse
from metrics.written import new_secret

SHORTEST = 32
# fewer different characters than this is a word or a pattern, not a secret
FEWEST_DIFFERENT = 10
VARIABLE = "FAIRLINE_SECRET"


@dataclass(frozen=True)
class Keys:
    """One secret, and the keys that are drawn from it, each for one purpose."""

    secret: bytes = field(repr=False)

    def of(self, purpose: str) -> bytes:
        """The key for a purpose."""
        return hmac.digest(self.secret, purpose.encode(), "sha256")

    def hashed(self, purpose: str, text: str) -> str:
        """A text's keyed hash."""
        return hmac.new(self.of(purpose), text.encode(), hashlib.sha256).hexdigest()


def secret_file(folder: Path) -> Path:
    """Where a centre keeps the secret of its web."""
    return folder / "secrets" / "web.key"


def web_keys(folder: Path) -> Keys:
    """The keys of a centre's web; raises WrongUse where the secret is missing, weak or readable by others."""
    told = os.environ.get(VARIABLE)
    if told is not None:
        return Keys(_strong(told, f"the variable {VARIABLE}"))
    file = os.environ.get(f"{VARIABLE}_FILE")
    path = Path(file) if file else secret_file(folder)
    if not path.is_file():
        raise WrongUse(
            f"There is no secret for signing sessions: {path} is not there. It is made with the first account: "
            "fairline user add NAME --role administrator"
        )
    return Keys(_strong(private_text(path), str(path)))


def private_text(path: Path) -> str:
    """What a file with a secret says; raises WrongUse where others than its owner may read it."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise WrongUse(
            f"{path} holds a secret and others may read it (mode {mode:04o}, 0600 expected). chmod 600 {path}"
        )
    return path.read_text(encoding="utf-8").strip()


def _strong(text: str, where: str) -> bytes:
    if len(text) < SHORTEST or len(set(text)) < FEWEST_DIFFERENT:
        raise WrongUse(
            f"The secret in {where} is weak: {len(text)} characters, {len(set(text))} different ones; at least "
            f"{SHORTEST} and {FEWEST_DIFFERENT} are expected. Make one: openssl rand -hex 32"
        )
    return text.encode()


def make_secret(folder: Path) -> None:
    """Make the secret of a centre's web where there is none; a secret from the environment needs no file."""
    path = secret_file(folder)
    if path.exists() or VARIABLE in os.environ or f"{VARIABLE}_FILE" in os.environ:
        return
    new_secret(path)
