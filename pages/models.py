"""Models: the card of the model that reads."""

import streamlit as st

st.title("The model", anchor=False)
