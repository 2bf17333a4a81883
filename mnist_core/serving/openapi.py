"""The interface for programs as an OpenAPI document, from which clients can be made."""

from typing import Any

from mnist_core.config import MAX_FILE_BYTES, VERSION
from mnist_core.reading.sent_drawing import MAX_DRAWING_BYTES
from mnist_core.reading.strokes import MAX_POINTS, MAX_STROKES

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "A sentence for a person."}},
}
_DIGIT = {
    "type": "object",
    "required": ["label", "is_digit", "confidence", "box"],
    "properties": {
        "label": {"type": "integer", "minimum": 0, "maximum": 9},
        "is_digit": {"type": "boolean", "description": "False for a mark that is judged to be no digit."},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "box": {
            "type": "array",
            "description": "x, y, width, height in pixels of what was sent.",
            "items": {"type": "integer"},
            "minItems": 4,
            "maxItems": 4,
        },
    },
}
_READING = {
    "type": "object",
    "required": ["text", "digits", "error"],
    "properties": {
        "text": {"type": "string", "description": 'Lines joined by "\\n"; "" where there is no digit.'},
        "digits": {"type": "array", "items": {"$ref": "#/components/schemas/Digit"}},
        "error": {"type": "null"},
    },
}
_DRAWING = {
    "type": "object",
    "required": ["strokes", "width", "height", "pen"],
    "properties": {
        "strokes": {
            "type": "array",
            "description": f"In the order they were made: {MAX_STROKES} of {MAX_POINTS} points together.",
            "maxItems": MAX_STROKES,
            "items": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            },
        },
        "width": {"type": "number", "description": "Of the paper, in pixels."},
        "height": {"type": "number", "description": "Of the paper, in pixels."},
        "pen": {"type": "number", "description": "Its thickness in pixels."},
    },
}
_MODEL = {
    "type": "object",
    "required": ["name", "recipe", "created", "parameters", "scores"],
    "properties": {
        "name": {"type": "string"},
        "recipe": {"type": "string"},
        "created": {"type": "string", "format": "date-time"},
        "parameters": {"type": "integer"},
        "scores": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "measure": {"type": "string"},
                    "right": {"type": "integer"},
                    "total": {"type": "integer"},
                },
            },
        },
    },
}
_STATUS = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}


def openapi_document() -> dict[str, Any]:
    """Return the interface's description, OpenAPI 3.1, in JSON's kinds."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Digit Playground", "version": VERSION},
        "security": [{"token": []}, {}],  # {}: at the computer itself none is needed
        "paths": {
            "/api/read": {"post": _read_operation()},
            "/api/model": {"get": _operation("The network that reads", "Model", "503")},
            "/api/health": {"get": _operation("Whether the server answers", "Status")},
            "/api/ready": {"get": _operation("Whether the server can read", "Status", "503")},
        },
        "components": {
            "schemas": {
                "Reading": _READING,
                "Digit": _DIGIT,
                "Drawing": _DRAWING,
                "Model": _MODEL,
                "Status": _STATUS,
                "Error": _ERROR,
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _read_operation() -> dict[str, Any]:
    operation = _operation("Read the digits in a picture or a drawing", "Reading", "400", "413", "415", "503")
    operation["requestBody"] = {
        "required": True,
        "description": f"A picture of up to {MAX_FILE_BYTES} bytes, or strokes of up to {MAX_DRAWING_BYTES}.",
        "content": {
            "image/*": {"schema": {"type": "string", "contentMediaType": "image/*"}},
            "application/json": {"schema": {"$ref": "#/components/schemas/Drawing"}},
        },
    }
    return operation


def _operation(summary: str, schema: str, *errors: str) -> dict[str, Any]:
    """Return an operation that answers with a schema, or a sentence and one of these statuses, or 401."""
    return {
        "summary": summary,
        "responses": {
            "200": _response("As asked.", schema),
            **{status: _response("A sentence that says why not.", "Error") for status in ("401", *errors)},
        },
    }


def _response(description: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}
