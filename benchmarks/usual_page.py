"""The draw page as such apps are usually written, to measure ours beside it.

The canvas' picture comes with every stroke, contours are cut out and stretched, Keras' `predict` reads them
one by one, a chart library draws the bars, and the whole script runs anew. Streamlit runs this file; nothing
imports it.
"""

import cv2
import keras
import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_core.config import PROJECT_FOLDER


@st.cache_resource
def load_model() -> keras.Model:
    return keras.models.load_model(PROJECT_FOLDER / "models" / "shipped" / "model.keras")


def main() -> None:
    st.title("Draw a number")
    canvas = st_canvas(
        stroke_width=20,
        stroke_color="#000000",
        background_color="#ffffff",
        height=280,
        width=700,
        return_image_data=True,
        key="canvas",
    )
    if canvas.image_data is None:
        return
    ink = 255 - cv2.cvtColor(canvas.image_data, cv2.COLOR_RGBA2GRAY)
    contours, _ = cv2.findContours((ink > 127).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    text = ""
    boxes = [cv2.boundingRect(contour) for contour in contours]
    for x, y, width, height in sorted(boxes, key=lambda box: box[0]):
        cell = cv2.copyMakeBorder(ink[y : y + height, x : x + width], 20, 20, 20, 20, cv2.BORDER_CONSTANT)
        batch = cv2.resize(cell, (28, 28)).reshape(1, 28, 28, 1).astype(np.float32) / 255
        probabilities = load_model().predict(batch, verbose=0)["probabilities"][0]
        text += str(probabilities.argmax())
        st.image(cell, width=72)
        st.bar_chart(probabilities)
    with st.container(key="reading-text"):
        st.markdown(f"# {text}")


main()
