"""The open probes, shared by all visitors; one is made where a model has none and tensorflow is here."""

from pathlib import Path

import numpy as np
import streamlit as st

from mnist_core import Recognizer
from mnist_core.config import ModelFiles
from mnist_core.errors import ModelError, NotAllowedError
from mnist_core.explanations.probe import Probe
from mnist_core.serving.rights import may_train
from mnist_core.training.packages import can_train
from mnist_core.training.probe_process import make_probe
from pages.shared.messages import show_error
from pages.shared.resources import file_stamp
from pages.shared.visitor import may

_AGREEMENT = 1e-3
"""The same network's probabilities differ by less."""


def open_probe(recognizer: Recognizer) -> Probe | None:
    """Return the probe of the model that reads; None, and a sentence on the page, where it has none.

    Args:
        recognizer: of the model.
    """
    files = recognizer.files
    try:
        return _open(str(files.folder), file_stamp(files.probe), file_stamp(files.onnx), recognizer)
    except ModelError as error:
        if not can_train():
            show_error(error, "inside")
            st.markdown(
                "Only the first step can be shown. `make install-train` installs what makes this file."
            )
            return None
        st.markdown(
            "This network has no file of its activations and gradients yet. Making it takes some ten seconds."
        )
        permission = may(may_train)
        help_text = permission.refusal or None
        if st.button("Make it", key="inside-make-probe", disabled=not permission, help=help_text):
            with st.spinner("Starting tensorflow …"):
                _make(files)
        return None


def _make(files: ModelFiles) -> None:
    try:
        may(may_train).require()
        _make_once(str(files.folder), file_stamp(files.keras))
    except (ModelError, NotAllowedError) as error:
        show_error(error, "inside")
        return
    st.rerun(scope="fragment")


@st.cache_resource(show_spinner=False, max_entries=4)  # 17 MB each
def _open(folder: str, stamp: tuple[int, int], network: tuple[int, int], _recognizer: Recognizer) -> Probe:
    """Open a probe and check that it is of the network that reads, which may have been trained anew since.

    Raises:
        ModelError: there is none, or it is damaged, or of another network.
    """
    probe = Probe.open(ModelFiles(Path(folder)))
    cells = np.random.default_rng(0).random((4, 28, 28), np.float32)
    logits = probe.logits(cells)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    if np.abs(probabilities - _recognizer.probabilities(cells)).max() > _AGREEMENT:
        raise ModelError("The file probe.onnx beside this model is of another network.", "stale probe")
    return probe


@st.cache_resource(show_spinner=False, max_entries=4)
def _make_once(folder: str, stamp: tuple[int, int]) -> bool:
    """Make a model's probe: once, however many visitors ask at the same time."""
    make_probe(ModelFiles(Path(folder)))
    return True
