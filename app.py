"""Digit Playground: `streamlit run app.py` starts it; what every visit runs is pages/shared/frame.py.

The frame is no script beside the folder `pages`, or Streamlit would take that folder for navigation of its
own: the first visitor of a server who came to /upload would be told that there is no such page.
"""

from pathlib import Path

import streamlit as st

from pages.shared.door import door_middleware, door_routes
from pages.shared.start_up import start_and_stop

app = st.App(
    Path(__file__).parent / "pages" / "shared" / "frame.py",
    lifespan=start_and_stop,
    routes=door_routes(),
    middleware=door_middleware(),
)
