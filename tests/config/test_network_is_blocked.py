"""No test reaches out; the saboteur tries each way."""

import socket
import threading

import httpx
import pytest

from tests.network import NetworkBlocked, blocked_network


@pytest.mark.parametrize("address", ["192.0.2.1", "198.51.100.7", "partner.example"])
def test_a_connect_to_elsewhere_is_refused(address: str) -> None:
    with socket.socket() as stranger, pytest.raises(NetworkBlocked, match=address):
        stranger.connect((address, 443))
    with socket.socket() as stranger, pytest.raises(NetworkBlocked):
        stranger.connect_ex((address, 443))


def test_ipv6_and_datagrams_are_refused_too() -> None:
    with socket.socket(socket.AF_INET6) as stranger, pytest.raises(NetworkBlocked):
        stranger.connect(("2001:db8::1", 443))
    with socket.socket(type=socket.SOCK_DGRAM) as stranger, pytest.raises(NetworkBlocked):
        stranger.sendto(b"hello", ("192.0.2.1", 53))


def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(NetworkBlocked, match=r"partner\.example"):
        socket.getaddrinfo("partner.example", 443)


def test_an_http_client_gets_the_alarm_and_not_an_ordinary_outage() -> None:
    with pytest.raises(NetworkBlocked):
        httpx.get("https://partner.example/", timeout=1)


def test_this_machine_stays_within_reach(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            client.sendall(b"hello")
        assert server.accept()[0].recv(5) == b"hello"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_the_block_holds_in_threads_and_ends_with_its_block() -> None:
    outcome: list[str] = []

    def try_it() -> None:
        with socket.socket() as stranger:
            try:
                stranger.connect(("192.0.2.1", 443))
            except NetworkBlocked:
                outcome.append("blocked")

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert outcome == ["blocked"]
    guarded = socket.socket.connect
    with blocked_network():
        assert socket.socket.connect is not guarded
    assert socket.socket.connect is guarded
