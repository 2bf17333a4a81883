"""A long list a page at a time."""

from streamlit.testing.v1 import AppTest


def show_numbers() -> None:
    import streamlit as st

    from pages.upload.pager import items_on_page, show_pagination, turn_to

    count = st.session_state.setdefault("count", 23)
    st.button("To the 15th", key="turn", on_click=turn_to, args=(14, 10, "numbers"))
    st.text(" ".join(map(str, items_on_page(range(count), 10, "numbers"))))
    show_pagination(count, 10, "numbers", "Numbers")


def shown(app: AppTest) -> str:
    assert not app.exception
    return app.text[0].value


def test_first_page_comes_first_and_any_other_can_be_chosen() -> None:
    app = AppTest.from_function(show_numbers).run()
    assert shown(app) == "0 1 2 3 4 5 6 7 8 9"
    assert app.markdown[0].value == "Numbers 1–10 of 23"
    app.pagination(key="numbers").set_value(3).run()
    assert shown(app) == "20 21 22"
    assert app.markdown[0].value == "Numbers 21–23 of 23"


def test_page_of_an_item_can_be_turned_to() -> None:
    app = AppTest.from_function(show_numbers).run()
    app.button(key="turn").click().run()
    assert shown(app).startswith("10 ")
    assert app.pagination(key="numbers").value == 2


def test_list_that_became_shorter_shows_its_last_page() -> None:
    app = AppTest.from_function(show_numbers).run()
    app.pagination(key="numbers").set_value(3).run()
    app.session_state["count"] = 12
    app.run()
    assert shown(app) == "10 11"
    assert app.pagination(key="numbers").value == 2


def test_one_page_has_no_pagination() -> None:
    app = AppTest.from_function(show_numbers)
    app.session_state["count"] = 10
    app.run()
    assert shown(app).endswith(" 9")
    assert not app.pagination
