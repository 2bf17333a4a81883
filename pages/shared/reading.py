"""Shows a Reading: its text, how sure the model is of each digit, and what the network saw."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.reading.normalization import normalization_steps
from mnist_core.reading.pictures import ink_picture, png_bytes
from mnist_core.reading.proofreading import DOUBTFUL_BELOW
from mnist_core.results import DigitReading, Gap, Reading
from pages.shared.inside_link import digit_key, inside_link, offer_digits

_THUMBNAIL_SIDE = 112
"""Pixels of a step's picture at most: it is shown 72 pixels large, and phones have two to one."""
_NARROW_SPACE = "\u202f"

_MOST_GAPS_LISTED = 3
"""More places with signs that were not read are counted, not listed."""
_MOST_LISTED = 6
"""More refused marks than this are counted, not listed."""

_STEPS = ("Your ink", "Even pen", "20 × 20", "28 × 28")
_STEP_TEXTS = (
    "the digit, cut out of the picture",
    "its strokes, made as thick as those of MNIST",
    "scaled to a box of 20 by 20 pixels",
    "its centre of mass in the middle of 28 by 28 pixels: what the network sees",
)

_SHOWN_STEPS = "shown-steps"  # a name in the session


@dataclass(frozen=True, slots=True)
class _Markup:
    """Markup to show as it is: in plain text st.html looks for indentation, 2 ms for twenty digits."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def show_text(text: str, key: str = "reading-text", gaps: Sequence[Gap] = ()) -> None:
    """Show the text that was read, large, in a container that holds nothing else.

    Args:
        text: may be empty.
        key: of the container; becomes the CSS class `st-key-KEY`.
        gaps: where marks were not read; each is shown as an empty box, which is no text.
    """
    longest_line = max(len(line) for line in text.split("\n"))
    ends = [0, *(gap.position for gap in gaps), len(text)]
    box = '<i class="dp-gap" aria-hidden="true"></i>'
    parts = box.join(escape(text[start:end]) for start, end in pairwise(ends))
    with st.container(key=key):
        st.html(f'<p class="dp-text" style="--digits: {max(1, longest_line)}">{parts}</p>')


def show_digits(reading: Reading) -> None:
    """Show each mark: its digit, the confidence in words and as a number, bars for 0 to 9, and its steps."""
    # A stroke changes one mark: the pictures of the others are those that this session was shown before.
    shown: dict[str, str] = st.session_state.get(_SHOWN_STEPS, {})
    keys = [digit_key(digit) for digit in reading.digits]
    steps = {
        key: shown.get(key) or _steps_html(digit, key)
        for key, digit in zip(keys, reading.digits, strict=True)
    }
    st.session_state[_SHOWN_STEPS] = steps
    offer_digits(reading.digits, "draw")
    marks = "".join(
        _mark_html(digit, number, steps[key] + inside_link("pixels", "See inside", key))
        for number, (key, digit) in enumerate(zip(keys, reading.digits, strict=True), start=1)
    )
    steps_in_words = "".join(
        f"<li><b>{title}</b>: {text}.</li>" for title, text in zip(_STEPS, _STEP_TEXTS, strict=True)
    )
    st.html(
        _Markup(f'<ol class="dp-steps-in-words">{steps_in_words}</ol><div class="dp-marks">{marks}</div>')
    )


def confidence_words(confidence: float) -> str:
    """Return how sure a reading is, in a word or two.

    Args:
        confidence: in [0, 1].
    """
    steps = ((0.98, "sure"), (DOUBTFUL_BELOW, "fairly sure"), (0.6, "unsure"))
    return next((words for least, words in steps if confidence >= least), "a guess")


def percent(share: float) -> str:
    """Return a share of 1 as a percentage that never claims certainty: "over 99.9 %", "under 0.1 %"."""
    if share > 0.999:
        return f"over 99.9{_NARROW_SPACE}%"
    if share < 0.001:
        return f"under 0.1{_NARROW_SPACE}%"
    decimals = 1 if share >= 0.9 or share < 0.01 else 0
    return f"{100 * share:.{decimals}f}{_NARROW_SPACE}%"


def second_choice(digit: DigitReading) -> int:
    """Return the digit, 0 to 9, that a mark is likeliest to be after its label."""
    others = (label for label in range(len(digit.probabilities)) if label != digit.label)
    return max(others, key=lambda label: float(digit.probabilities[label]))


def summary(reading: Reading, doubtful_below: float = DOUBTFUL_BELOW) -> str:
    """Return a sentence on how sure the reading is and what was unclear, "" without digits; plain text.

    Args:
        reading: with or without digits.
        doubtful_below: the confidence under which a digit counts as doubtful, in [0, 1].
    """
    accepted = [digit for digit in reading.digits if digit.is_digit]
    if not accepted:
        return ""
    least = min(accepted, key=lambda digit: digit.confidence)
    words, share = confidence_words(least.confidence), percent(least.confidence)
    doubtful = least.confidence < doubtful_below
    if len(accepted) > 1:
        unclear = f"{_choice(least)} ({share})" if doubtful else f"the {least.label}, {share}"
        return f"{len(accepted)} digits. Least clear: {unclear}."
    return f"Not clear: {_choice(least)} ({share})." if doubtful else f"{words.capitalize()}: {share}."


def unread_note(reading: Reading) -> str:
    """Return what was not read and why, "" where all was read; plain text."""
    refused = [digit for digit in reading.digits if not digit.is_digit]
    if not refused:
        return ""
    gaps = reading.gaps
    beside = sum(gap.marks for gap in gaps)
    sentences = []
    if beside and len(gaps) <= _MOST_GAPS_LISTED:
        sentences = [_gap_sentence(gap) for gap in gaps]
    elif beside:
        sentences = [f"{beside} signs beside the digits were not read: they do not look like digits."]
    read_lines = {mark.line for mark in reading.digits if mark.is_digit}
    apart = [mark for mark in refused if mark.line not in read_lines]
    if len(apart) == 1:
        subject = "One more mark does" if read_lines else "This does"
        sentences.append(f"{subject} not look like a digit — closest to {_article(apart[0].label)}.")
    elif apart:
        more = "more " if read_lines else ""
        sentences.append(f"{len(apart)} {more}marks do not look like digits{_closest(apart)}.")
    return " ".join(sentences)


def _gap_sentence(gap: Gap) -> str:
    """Return where marks were not read: "A sign between 2 and 3 was not read: ..."."""
    if gap.before is not None and gap.after is not None:
        where = f"between {gap.before} and {gap.after}"
    else:
        where = f"before {gap.after}" if gap.before is None else f"after {gap.before}"
    if gap.marks == 1:
        return f"A sign {where} was not read: it does not look like a digit."
    return f"{gap.marks} signs {where} were not read: they do not look like digits."


def picture_html(picture: NDArray[np.uint8], alt: str, css_class: str = "dp-cell") -> str:
    """Return the markup of a small picture, which is in it as data: no file of it is stored.

    Args:
        picture: uint8 grey, RGB or RGBA.
        alt: what it shows, for those who can't see it.
        css_class: see style.css.
    """
    data = base64.b64encode(png_bytes(picture)).decode("ascii")
    return f'<img class="{css_class}" src="data:image/png;base64,{data}" alt="{escape(alt)}">'


def _mark_html(digit: DigitReading, number: int, steps: str) -> str:
    """Return the card of a mark, with its steps' markup."""
    if digit.is_digit:
        sign = str(digit.label)
        words = f"<b>{confidence_words(digit.confidence).capitalize()}</b><br>{percent(digit.confidence)}"
        if digit.confidence < DOUBTFUL_BELOW:
            words += f", or perhaps {_article(second_choice(digit))}"
    else:
        sign = (
            '<i class="dp-gap" aria-hidden="true"></i>'  # as in the text: no character to take for a reading
        )
        words = f"<b>Not a digit</b><br>closest to {_article(digit.label)}"
    refused = "" if digit.is_digit else " dp-refused"
    return (
        f'<section class="dp-mark{refused}" aria-label="Mark {number}">'
        f'<div class="dp-head"><span class="dp-sign">{sign}</span><span class="dp-words">{words}</span></div>'
        f"{_bars_html(digit) if digit.is_digit else ''}{steps}</section>"
    )


def _bars_html(digit: DigitReading) -> str:
    """Return ten bars, one a digit: markup is light where a chart library, run on every stroke, is not."""
    shares = digit.probabilities.tolist()
    bars = "".join(
        f"<div{' class=dp-likeliest' if label == digit.label else ''}>"
        f'<span><i style="height:{100 * share:.0f}%"></i></span>{label}</div>'
        for label, share in enumerate(shares)
    )
    ranked = sorted(enumerate(shares), key=lambda pair: -pair[1])[:3]
    spoken = ", ".join(f"{label}: {percent(share)}" for label, share in ranked)
    return f'<div class="dp-bars" role="img" aria-label="The likeliest digits are {spoken}">{bars}</div>'


def _steps_html(digit: DigitReading, key: str) -> str:
    """Return four small pictures: the steps from the ink to the cell; each leads inside."""
    steps = normalization_steps(digit.ink)
    # The last is the very cell that was read, not one made again.
    inks = (steps.crop, steps.even, steps.boxed, digit.cell)
    figures = "".join(
        f"<figure>{inside_link('pixels', picture_html(ink_picture(ink, _THUMBNAIL_SIDE), text), key)}"
        f"<figcaption>{title}</figcaption></figure>"
        for ink, title, text in zip(inks, _STEPS, _STEP_TEXTS, strict=True)
    )
    return f'<div class="dp-steps">{figures}</div>'


def _choice(digit: DigitReading) -> str:
    """Return a digit with its second choice: "a 4, or perhaps a 9"."""
    return f"{_article(digit.label)}, or perhaps {_article(second_choice(digit))}"


def _closest(refused: list[DigitReading]) -> str:
    """Return what refused marks came closest to: " — closest to a 1 and a 7"; nothing for many."""
    if len(refused) > _MOST_LISTED:
        return ""
    *others, last = (_article(digit.label) for digit in refused)
    return f" — closest to {', '.join(others)} and {last}"


def _article(label: int) -> str:
    """Return "a 3", "an 8"."""
    return f"an {label}" if label == 8 else f"a {label}"
