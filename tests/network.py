"""Tests reach this machine only: loopback and unix sockets."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class NetworkBlocked(Exception):
    """Not an OSError, so that no code under test takes it for an ordinary outage and goes on."""


def is_this_machine(host: object) -> bool:
    if host is None or host in {"", "localhost", b"localhost"}:
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@contextmanager
def blocked_network() -> Iterator[None]:
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}

    def guard(name: str, address_at: int) -> Any:
        def guarded(self: socket.socket, *args: Any) -> Any:
            address = args[address_at]
            if self.family != socket.AF_UNIX and not is_this_machine(address[0]):
                raise NetworkBlocked(f"A test tried to reach {address[0]!r}.")
            return real[name](self, *args)

        return guarded

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_this_machine(host):
            raise NetworkBlocked(f"A test tried to look up {host!r}.")
        return look_up(host, *args, **kwargs)

    with (
        mock.patch.object(socket.socket, "connect", guard("connect", 0)),
        mock.patch.object(socket.socket, "connect_ex", guard("connect_ex", 0)),
        mock.patch.object(socket.socket, "sendto", guard("sendto", -1)),
        mock.patch.object(socket, "getaddrinfo", guarded_look_up),
    ):
        yield
