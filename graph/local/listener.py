"""Sockets that listen: on this machine only, unless credentials are asked for."""

import errno
import socket
from typing import Final

from graph.local.errors import LocalError

LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "::1")

_BACKLOG: Final = 128


def listen(host: str, port: int, *, anywhere: bool = False) -> socket.socket:
    """Listen on a loopback host; port 0 means any that is free.

    Args:
        anywhere: any host will do, since everybody is asked for credentials.

    Raises:
        LocalError: `host` is no loopback name, or the port cannot be had.
    """
    if host not in LOOPBACK_HOSTS and not anywhere:
        raise LocalError(
            f"--host {host} is refused: without authentication the server is for this machine "
            f"only. Use one of {', '.join(LOOPBACK_HOSTS)}, or --auth."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off on every connection; without
    # it, an answer in two parts waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port whose last connections are still closing can be had at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise LocalError(_reason(host, port, error)) from error
    return listener


def port_of(listener: socket.socket) -> int:
    """The port that a socket listens on."""
    port: int = listener.getsockname()[1]
    return port


def _reason(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is in use by another program: stop that one, or choose "
            f"another port with --port."
        )
    return (
        f"Cannot listen on port {port} of {host} ({error.strerror}): choose others with --host "
        f"and --port."
    )
