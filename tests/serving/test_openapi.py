"""The description of the interface for programs names what is there."""

import json
import re

from mnist_core.config import VERSION
from mnist_core.serving.openapi import openapi_document


def test_every_schema_that_is_named_is_described() -> None:
    document = openapi_document()
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert named == set(document["components"]["schemas"])
    assert document["info"]["version"] == VERSION


def test_every_address_says_how_it_refuses() -> None:
    for methods in openapi_document()["paths"].values():
        for operation in methods.values():
            assert {"200", "401"} <= set(operation["responses"])


def test_what_is_asked_of_a_drawing_is_what_the_reader_asks() -> None:
    drawing = openapi_document()["components"]["schemas"]["Drawing"]
    assert set(drawing["required"]) == {"strokes", "width", "height", "pen"} == set(drawing["properties"])
