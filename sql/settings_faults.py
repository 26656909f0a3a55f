"""What is wrong in a settings file, in words: what came, what was expected, the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sql.errors import nearest

# of a value that is longer the beginning is told
MOST_LETTERS = 60
# a value that is offered instead is nearly the one that came
ALIKE = 0.7


def first_fault(error: ValidationError) -> Any:
    """The fault that explains the others: an unknown name is the cause where another one is missing."""
    return min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")


def fault_words(error: Exception, model: type[BaseModel] | None = None) -> str:
    """The first fault of a settings file with its place, as a sentence.

    With the `model` of the file an unknown name is told with the nearest known one. What is no TOML says so itself.
    """
    if not isinstance(error, ValidationError):
        return f"{str(error).rstrip('.')}."
    fault = first_fault(error)
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = _field_names(model, fault["loc"][:-1]) if model else []
        return f"{place} is not known.{nearest(str(fault['loc'][-1]), known)}"
    if fault["type"] == "missing":
        return f"{place} is missing."
    head = f"{place}: " if place else ""
    words = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    if fault["type"] == "value_error":
        return f"{head}{words}."
    came = repr(fault["input"])
    came = came if len(came) <= MOST_LETTERS else f"{came[:MOST_LETTERS]}..."
    near = nearest(fault["input"], _choices(fault), likeness=ALIKE) if isinstance(fault["input"], str) else ""
    return f"{head}{came} came, expected was {_expected(words)}.{near}"


def _expected(words: str) -> str:
    """What a value should have been, from what the checker says of it."""
    wanted = words.partition(", ")[0] if " valid " in words else words
    wanted = wanted.removeprefix("Input should be ").replace("a valid integer", "a whole number")
    return wanted.replace("a valid string", "text").replace("a valid boolean", "true or false").replace("valid ", "")


def _choices(fault: Any) -> list[str]:
    """The values that a field takes, where it takes only some."""
    listed = str(fault.get("ctx", {}).get("expected", ""))
    return [part.strip(" '") for part in listed.replace(" or ", ",").split(",") if part.strip()]


def _field_names(model: type[BaseModel], place: Iterable[int | str]) -> list[str]:
    """The names that may stand at a place of a file."""
    for part in place:
        if isinstance(part, int):
            continue
        field = next((one for name, one in model.model_fields.items() if part in (name, one.alias)), None)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, alone or several of it."""
    if hasattr(annotation, "model_fields"):
        found: type[BaseModel] = annotation
        return found
    return next((one for one in map(_model_in, get_args(annotation)) if one is not None), None)
