"""QEMU's monitor: commands to a running virtual machine, by qemu.qmp."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Coroutine
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from edgeboot.base.deadline import Wait
from edgeboot.base.errors import UsageError
from edgeboot.machines.protocol import MachineError

if TYPE_CHECKING:
    from qemu.qmp import QMPClient

T = TypeVar("T")


class Monitor:
    """The monitor of one QEMU process, from any thread.

    Args:
        machine: its name, for errors.
        end: our end of the socket that QEMU has the other end of.

    Raises:
        UsageError: qemu.qmp is not installed.
        MachineError: nobody answers.
    """

    def __init__(self, machine: str, end: socket.socket) -> None:
        self._machine = machine
        self._client = _client(machine)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name=f"monitor of {machine}", daemon=True)
        self._thread.start()
        try:
            self._run("answer", self._client.connect(end))
        except MachineError:
            self._stop()
            end.close()
            raise

    def execute(self, command: str, **arguments: object) -> Any:
        """Execute a command of QMP; returns its value.

        Raises:
            MachineError: QEMU refuses, or does not answer.
        """
        return self._run(command, self._client.execute(command, arguments or None))

    def close(self) -> None:
        """Let QEMU go; it may have ended."""
        try:
            self._run("end", self._client.disconnect())
        except MachineError:
            pass  # It ended first.
        finally:
            self._stop()

    def _run(self, what: str, coroutine: Coroutine[Any, Any, T]) -> T:
        from qemu.qmp import QMPError  # noqa: PLC0415 - of the extra

        limit = Wait.VIRTUAL_MACHINE.total_seconds()
        future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(coroutine, limit), self._loop)
        try:
            return future.result()
        except TimeoutError:
            problem = f"QEMU does not {what} within {limit:g} s"
            raise MachineError(self._machine, problem, "see what else this machine does") from None
        except (QMPError, OSError, EOFError) as error:
            problem = f"QEMU does not {what} ({error})"
            raise MachineError(self._machine, problem, "see what QEMU has written") from error

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _client(machine: str) -> QMPClient:
    try:
        from qemu.qmp import QMPClient  # noqa: PLC0415 - of the extra
    except ModuleNotFoundError as error:
        hint = "install the extra edgeboot[machines], or make machines"
        raise UsageError(
            f"machine {machine}", "the Python package qemu.qmp is not installed", hint
        ) from error
    QMPClient.logger.setLevel(logging.CRITICAL)  # All that it would log as an error is raised.
    return QMPClient(machine)
