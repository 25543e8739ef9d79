"""`configuration.md`: every key of `sladd.yaml`, from the models that check it.

Names, types, defaults and bounds come from the models, the sentences from `configuration.toml`
and the example from `configuration.yaml` beside this file. A field without a sentence, or a
sentence without a field, stops the generation.
"""

from __future__ import annotations

import json
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from docs.pages.markdown import code, head, table

INTRO = """
`sladd.yaml` says what is read, what may be published, and where the keys are. Unknown keys are
refused with file, line and the nearest allowed key. Relative paths start at the file's own folder.

`${NAME}` reads the environment (in a Prefect flow first the Secret block of that name, so
`${SHOP_PASSWORD}` is the block `shop-password`); a missing one is an error. Inside a database
URL what is filled in is percent-encoded, so a password may hold `@` or `/`. Secrets never stand
in the file. Only `true` and `false` are booleans: `region: NO` is Norway.
"""

EXAMPLE = Path(__file__).with_suffix(".yaml")
SENTENCES = Path(__file__).with_suffix(".toml")


@cache
def sections() -> Mapping[str, Mapping[str, Any]]:
    """What is said of each section: `title`, perhaps `about`, and a sentence for each of `keys`."""
    return tomllib.loads(SENTENCES.read_text("utf-8"))


def page() -> str:
    """The whole page."""
    from sladd import config

    example = EXAMPLE.read_text("utf-8").strip()
    parts = [head("sladd.yaml", INTRO), f"\n## A complete example\n\n```yaml\n{example}\n```\n"]
    for name, section in sections().items():
        about = f"{section['about']}\n\n" if "about" in section else ""
        fields = _fields(getattr(config, name), section["keys"])
        parts.append(f"\n## {section['title']}\n\n{about}{fields}")
    return "".join(parts)


def _fields(model: Any, said: Mapping[str, str]) -> str:
    sentences = dict(said)
    rows = []
    for name, field in model.model_fields.items():
        if field.exclude:
            continue  # `root` is no key of the file
        key = field.alias or name
        if key not in sentences:
            raise LookupError(
                f"docs/pages/configuration.toml has no sentence on {model.__name__}.{key}"
            )
        rows.append([code(key), _type(field), _default(field), sentences.pop(key)])
    if sentences:
        raise LookupError(f"{model.__name__} has no field {', '.join(sentences)}")
    return table(["key", "value", "default", "means"], rows)


def _type(field: Any) -> str:
    text = _spelled(field.annotation)
    for bound, word in (("ge", "at least"), ("gt", "more than"), ("le", "at most")):
        for rule in field.metadata:
            value = getattr(rule, bound, None)
            if value is not None:
                text += f", {word} {value:g}"
    return text


def _spelled(kind: Any) -> str:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _spelled(arguments[0])
    if origin is typing.Literal:
        return " \\| ".join(code(a) for a in arguments)
    if origin in {types.UnionType, typing.Union}:
        return " or ".join(_spelled(a) for a in arguments if a is not type(None))
    if origin is list:
        return f"list of {_spelled(arguments[0])}"
    if origin is dict:
        return f"map to {_spelled(arguments[1])}"
    if origin is tuple:
        return "list"
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
    plain = getattr(kind, "__name__", str(kind))
    shown = sections().get(plain, {}).get("title", "")
    return f"[{shown}](#{_anchor(shown)})" if shown else names.get(plain, plain)


def _anchor(title: str) -> str:
    """As GitHub makes it: lower case, without punctuation."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", [], {}) or hasattr(value, "model_fields_set"):
        return ""
    if isinstance(value, Path):
        return ""
    return code(
        json.dumps(value, ensure_ascii=False).strip('"') if not isinstance(value, str) else value
    )
