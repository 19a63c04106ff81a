"""The tests of a project that knows nothing of this one: nothing has happened to its process."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest


def test_process_is_where_and_who_it_was() -> None:
    """No other network namespace, no other user."""
    inode = Path("/proc/self/ns/net").stat().st_ino
    assert [str(inode), str(os.geteuid())] == [os.environ["FOREIGN_NETNS"], os.environ["FOREIGN_USER"]]


def test_loopback_answers() -> None:
    """In a namespace of its own it would be down."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_nothing_of_another_project_is_loaded(pytestconfig: pytest.Config) -> None:
    """No plugin, no module, and its own options are its own."""
    plugins = [name for name, _ in pytestconfig.pluginmanager.list_name_plugin()]
    assert [name for name in plugins if "edgeboot" in name or "fixtures." in name] == []
    assert {"edgeboot", "fixtures", "scapy"} & set(sys.modules) == set()
    assert pytestconfig.getoption("lab") == "foreign"
