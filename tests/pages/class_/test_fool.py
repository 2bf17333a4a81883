"""Fool the network, without a browser."""

from streamlit.testing.v1 import AppTest

from mnist_core.classroom.classes import SchoolClass
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import class_drawings
from tests.pages.class_.conftest import Pupil, headers, markup, send
from tests.pages.draw.drawn import BAR


def test_a_drawing_counts_once_two_others_read_it_as_it_was_meant(
    teacher: AppTest, join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    teacher.selectbox(key="class-task").set_value("Fool the network").run()
    drawer, one, other = join(), join(), join()
    assert "Fool the network" in headers(drawer)[0]
    drawer.segmented_control(key="class-meant").set_value("7").run()
    send(drawer, BAR)
    (drawing,) = class_drawings(database, school_class.id)
    assert (drawing.asked, drawing.reading, drawing.is_challenge) == ("7", "1", True)
    for reader in (one, other):
        assert "Nobody has fooled it yet" in markup(teacher.run())
        reader.run()
        assert "read as" not in markup(reader)  # without the network's answer
        reader.button(key="class-vote-7").click().run()
        assert not reader.exception
    assert f"<li>{drawing.member}: 1</li>" in markup(teacher.run())


def test_it_is_not_on_the_wall_before(teacher: AppTest, join: Pupil):
    teacher.selectbox(key="class-task").set_value("Fool the network").run()
    send(join(), BAR)
    teacher.selectbox(key="class-task").set_value("Anything").run()
    assert not teacher.exception
    assert any("joined." in element.value and "misread" not in element.value for element in teacher.markdown)
