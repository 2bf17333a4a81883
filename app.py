"""Digit Playground: what every page shares, and the way to each of them."""

import streamlit as st

from pages.components.resources import finish_start_up
from pages.components.theme import apply_style, show_navigation

st.set_page_config(page_title="Digit Playground", page_icon="assets/icon.png", layout="wide")
apply_style()
pages = [
    st.Page("pages/draw.py", title="Draw", icon=":material/draw:", default=True),
    st.Page("pages/upload.py", title="Upload", icon=":material/photo_camera:", url_path="upload"),
    st.Page("pages/train.py", title="Train", icon=":material/school:", url_path="train"),
    st.Page("pages/models.py", title="Models", icon=":material/monitoring:", url_path="models"),
]
page = st.navigation(pages, position="hidden")  # show_navigation shows the links
show_navigation(pages)
page.run()
finish_start_up()
