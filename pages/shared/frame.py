"""What every visit runs: the frame that all pages share, and the way to each of them."""

from pathlib import Path

import streamlit as st

from mnist_core.config import PROJECT_FOLDER
from pages.shared.glossary import show_glossary
from pages.shared.inside_link import was_link_pressed
from pages.shared.resources import finish_start_up
from pages.shared.sign_in import show_sign_in
from pages.shared.theme import show_navigation, show_page_frame
from pages.shared.visitor import current_visitor

_PAGES = Path(__file__).parent.parent

st.set_page_config(
    page_title="Digit Playground", page_icon=str(PROJECT_FOLDER / "assets" / "icon.png"), layout="wide"
)
inside = st.Page(_PAGES / "inside" / "page.py", title="Inside", icon=":material/search:", url_path="inside")
pages = [
    st.Page(_PAGES / "draw" / "page.py", title="Draw", icon=":material/draw:", default=True),
    st.Page(_PAGES / "upload" / "page.py", title="Upload", icon=":material/photo_camera:", url_path="upload"),
    inside,
    st.Page(_PAGES / "class_" / "page.py", title="Class", icon=":material/groups:", url_path="class"),
    st.Page(_PAGES / "train" / "page.py", title="Train", icon=":material/school:", url_path="train"),
    st.Page(_PAGES / "models" / "page.py", title="Models", icon=":material/monitoring:", url_path="models"),
]
privacy = st.Page(_PAGES / "privacy" / "page.py", title="What is stored here", url_path="privacy")
page = st.navigation([*pages, privacy], position="hidden")  # show_navigation shows the links
show_navigation(pages)
show_page_frame(page)
if was_link_pressed() and page != inside:
    st.switch_page(inside)
page.run()
show_glossary()
st.page_link(privacy, label="What is stored here, and for how long")
if not current_visitor().is_at_this_computer:
    show_sign_in()
finish_start_up()
