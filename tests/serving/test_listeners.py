"""Small answers are sent at once."""

import os
import socket

import pytest

from mnist_core.serving.listeners import answer_without_delay


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="this system lists no open files")
def test_connections_of_a_listening_socket_answer_without_delay():
    with socket.socket() as listener:  # as Streamlit makes it: asyncio sets the option on others only
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        answer_without_delay()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_other_sockets_stay_as_they_are_and_open():
    one, other = socket.socketpair()
    with one, other:
        answer_without_delay()
        one.sendall(b"x")
        assert other.recv(1) == b"x"


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="this system lists no open files")
def test_no_file_is_left_open():
    reader, writer = os.pipe()
    before = len(os.listdir("/dev/fd"))
    answer_without_delay()
    assert len(os.listdir("/dev/fd")) == before
    os.close(reader)
    os.close(writer)
