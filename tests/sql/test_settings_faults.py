"""A fault of a settings file in words: what came, what was expected, the nearest known name; no words of the checker's."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sql.settings_faults import fault_words


class Queue(BaseModel):
    """One of several."""

    model_config = ConfigDict(extra="forbid")
    name: str
    channel: Literal["voice", "chat"] = "voice"
    valid_from: date | None = Field(default=None, alias="from")


class Settings(BaseModel):
    """A file."""

    model_config = ConfigDict(extra="forbid")
    queue: tuple[Queue, ...] = ()
    days: int = Field(default=1, ge=1)
    address: str = ""

    @field_validator("address")
    @classmethod
    def _leads_somewhere(cls, given: str) -> str:
        if given == "nowhere":
            raise ValueError("it leads nowhere")
        return given


FAULTS = [
    ({"quue": []}, "quue is not known. Did you mean queue?"),
    ({"queue": [{"name": "W", "frm": date(2026, 1, 1)}]}, "queue.0.frm is not known. Did you mean from?"),
    # an unknown name is why another one is missing
    ({"queue": [{"nme": "Water"}]}, "queue.0.nme is not known. Did you mean name?"),
    ({"queue": [{}]}, "queue.0.name is missing."),
    ({"queue": [{"name": 5}]}, "queue.0.name: 5 came, expected was text."),
    ({"queue": [{"name": "W", "channel": "voices"}]}, "queue.0.channel: 'voices' came, expected was 'voice' or 'chat'. Did you mean voice?"),
    ({"queue": [{"name": "W", "channel": "post"}]}, "queue.0.channel: 'post' came, expected was 'voice' or 'chat'."),
    ({"queue": [{"name": "W", "from": "soon"}]}, "queue.0.from: 'soon' came, expected was a date or datetime."),
    ({"days": 0}, "days: 0 came, expected was greater than or equal to 1."),
    ({"days": "few"}, "days: 'few' came, expected was a whole number."),
    ({"address": "nowhere"}, "address: it leads nowhere."),
    ({"days": "x" * 100}, f"days: '{'x' * 59}... came, expected was a whole number."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), FAULTS, ids=[row[1][:40] for row in FAULTS])
def test_a_fault_is_told_in_words(content: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(content)
    assert fault_words(caught.value, Settings) == words


def test_what_is_no_toml_says_so_itself() -> None:
    assert fault_words(ValueError("Expected '=' (at line 2)")) == "Expected '=' (at line 2)."
