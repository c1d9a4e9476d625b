"""The JSON Schema of a rules file, for editors that complete and check while somebody writes."""

from __future__ import annotations

from typing import Any

from analyzer.signals.schema import Rules


def rules_schema() -> dict[str, Any]:
    """Return the schema, as `make schema` writes it to docs/signals.schema.json."""
    schema = Rules.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Signals of Jumpseat"
    return schema
