"""How a centre is served and who vouches for its people: `access.toml` in the centre folder, none of it secret."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dashboards.access.keys import private_text
from dashboards.access.roles import roles
from metrics import WrongUse, fault_words
from metrics.language import N_

LOOPBACK = ("127.0.0.1", "::1", "localhost")
CLIENT_SECRET = "FAIRLINE_OIDC_SECRET"


class WebSetting(BaseModel):
    """At which address people reach the dashboard, and whether a proxy on this machine stands before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    public_url: str = ""
    behind_proxy: bool = False

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError(f"{url!r} is not an address like https://fairline.example.gov")
        return url.rstrip("/")

    @property
    def is_encrypted(self) -> bool:
        """Whether people reach it through TLS."""
        return self.public_url.startswith("https://")


class ProxySetting(BaseModel):
    """The header in which a proxy on this machine names who has signed in there; off without it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user_header: str = ""


class OidcSetting(BaseModel):
    """An OpenID Connect provider: who vouches, which claim names the role, and what its roles are called here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    client_id: str
    title: str = N_("Sign in with your work account")
    role_claim: str = "roles"
    person_claim: str = "employee_id"
    roles: dict[str, str] = Field(default_factory=dict)

    @field_validator("roles")
    @classmethod
    def _are_known(cls, named: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(named.values()) - set(roles()))
        if unknown:
            raise ValueError(f"{', '.join(unknown)} is not a role; expected one of {', '.join(roles())}")
        return named


class AccessSettings(BaseModel):
    """All of `access.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    web: WebSetting = WebSetting()
    proxy: ProxySetting = ProxySetting()
    oidc: OidcSetting | None = None


def read_access(folder: Path) -> AccessSettings:
    """The settings of a centre, or those of a machine of one's own; raises WrongUse with the first fault."""
    path = folder / "access.toml"
    if not path.exists():
        return AccessSettings()
    try:
        return AccessSettings(**tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        raise WrongUse(f"{path}: {fault_words(error, AccessSettings)} Correct that line.") from None


def client_secret(folder: Path) -> str:
    """What the provider gave us to prove ourselves; from the environment or secrets/oidc.key."""
    told = os.environ.get(CLIENT_SECRET)
    if told:
        return told
    path = folder / "secrets" / "oidc.key"
    if not path.is_file():
        raise WrongUse(
            f"access.toml names a provider, but its client secret is neither in {CLIENT_SECRET} nor in {path}."
        )
    return private_text(path)


def check_host(settings: AccessSettings, host: str, *, is_demo: bool) -> None:
    """Raise WrongUse where people's data would go over a network in the clear, or a header could be forged."""
    if host in LOOPBACK or is_demo:
        return
    if settings.web.behind_proxy:
        raise WrongUse(
            "A proxy on this machine says from where people come (behind_proxy), so only this machine may be listened "
            "on: --host 127.0.0.1"
        )
    if settings.proxy.user_header:
        raise WrongUse(
            "A proxy's header names who signed in, so only this machine may be listened on: --host 127.0.0.1"
        )
    if not settings.web.is_encrypted:
        raise WrongUse(
            f"On {host} passwords would cross the network in the clear. Serve on 127.0.0.1 behind a TLS proxy, "
            'and write its address into access.toml: [web] public_url = "https://..." (docs/deploy.md shows how)'
        )
