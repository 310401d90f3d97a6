"""Sockets that listen on this machine only."""

import socket

import pytest

from graph.local.errors import LocalError
from graph.local.listener import listen, port_of


class TestListen:
    """Listening, or saying why not."""

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_it_listens_on_a_loopback_address(self, host: str) -> None:
        with listen(host, 0) as listener:
            assert listener.getsockname()[0] == "127.0.0.1"
            assert port_of(listener) > 0

    def test_asyncio_can_tell_that_it_is_tcp(self) -> None:
        with listen("127.0.0.1", 0) as listener:
            assert listener.proto == socket.IPPROTO_TCP

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.0.7", "example.com"])  # noqa: S104 - it is refused
    def test_any_other_host_is_refused(self, host: str) -> None:
        with pytest.raises(LocalError, match="without authentication"):
            listen(host, 0)

    def test_an_occupied_port_is_named_with_the_way_out(self) -> None:
        with listen("127.0.0.1", 0) as first:
            port = port_of(first)
            with pytest.raises(LocalError, match=rf"^Port {port} of 127\.0\.0\.1 .* --port\.$"):
                listen("127.0.0.1", port)

    def test_with_credentials_any_host_of_this_machine_will_do(self) -> None:
        with listen("0.0.0.0", 0, anywhere=True) as listener:  # noqa: S104 - who asks is known
            assert listener.getsockname()[0] == "0.0.0.0"  # noqa: S104

    def test_a_host_of_another_machine_is_told(self) -> None:
        with pytest.raises(LocalError, match=r"choose others with --host and --port\.$"):
            listen("192.0.2.1", 0, anywhere=True)  # RFC 5737: nobody's
