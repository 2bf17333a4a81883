"""A report as JSON: what the command line prints for a picture, and what programs get over HTTP."""

from typing import Any

from mnist_core.reading.reports import PictureReport


def report_as_json(report: PictureReport) -> dict[str, Any]:
    """Return a report in JSON's kinds, without the picture's name: text, digits in reading order, error."""
    digits = [
        {
            "label": mark.label,
            "is_digit": bool(mark.is_digit),
            "confidence": round(mark.confidence, 6),
            "box": [mark.box.x, mark.box.y, mark.box.width, mark.box.height],
        }
        for mark in report.marks
    ]
    return {"text": report.text, "digits": digits, "error": report.error}
