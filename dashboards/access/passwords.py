"""Passwords: hashed with argon2id, long rather than odd, and no word that everybody would try first."""

from __future__ import annotations

import re
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from metrics import WrongUse

SHORTEST = 15
LONGEST = 1024
# OWASP's smallest: 19 MiB, two passes; the library's own default takes eight times as long and four times the memory
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# so that many sign-ins at once cannot take the machine's memory
AT_ONCE = Semaphore(2)
# what remains of a guess once digits and signs are taken out; a password of nothing but these words is one
COMMON = (
    "password passwort contrasena qwertyuiop qwerty asdfgh zxcvbn letmein welcome iloveyou dragon monkey football "
    "baseball sunshine princess superman batman master login admin administrator changeme secret default access "
    "trustno summer winter spring autumn fairline threeoneone callcenter contactcenter city"
).split()


def hashed(password: str) -> str:
    """A password's hash with its salt and cost."""
    with AT_ONCE:
        return HASHER.hash(password)


NOBODYS = HASHER.hash("the account that does not exist")


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the right one; takes as long where there is no account or no password."""
    with AT_ONCE:
        try:
            HASHER.verify(kept or NOBODYS, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def check(password: str, *, name: str) -> None:
    """Raise WrongUse where a password is too short, or one that everybody would try first."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WrongUse(
            f"The password has {len(password)} characters; {SHORTEST} to {LONGEST} are expected. "
            "A sentence of four or five words is long and easy to keep in mind."
        )
    if len(set(password)) < 6 or name.casefold() in password.casefold() or _is_common(password):
        raise WrongUse(
            "The password is one that would be guessed: a common word, few different characters, or the account's own "
            "name in it. Take a sentence of four or five words that do not belong together."
        )


def _is_common(password: str) -> bool:
    letters = re.sub(r"[^a-z]", "", password.casefold())
    for word in COMMON:
        letters = letters.replace(word, "")
    return len(letters) < 4
