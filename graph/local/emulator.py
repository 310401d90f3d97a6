"""The one place that knows ministack, whose settings and stores are its modules' variables.

So a process has one ministack, which `load` empties and fills anew. ministack could keep its data
itself, but in one directory for good, with a save on a clean stop only that passes over every
failure, and takes eight times as long. What is private to ministack is used here alone;
pyproject.toml pins the release that this was written for.
"""

import importlib
import json
import logging
import os
import types
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from starlette.types import ASGIApp

from graph.local.errors import LocalError

ACCESS_KEY: Final = "test"
"""ministack's root credentials, of key and secret alike: the ones that it can presign with."""

_SERVICES: Final = ("dynamodb", "dynamodbstreams", "s3")
_PERSISTED: Final = ("dynamodb", "s3")
_LOGGERS: Final = [
    "appsync_events",
    "concurrency",
    "container_reaper",
    "dynamodb",
    "dynamodb_streams",
    "events",
    "iam",
    "ministack",
    "persistence",
    "pipes",
    "s3",
    "scheduler",
    "ses",
    "ses-v2",
    "transfer",
]


def environment(port: int) -> dict[str, str]:
    """What ministack must find in the environment while it is imported and runs."""
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return {
        "GATEWAY_PORT": str(port),
        # What ministack would do unasked: listen for MQTT and SFTP, and remove containers.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///dev/null/no-docker",
        # No Lambda, above all: it would run any code that reaches this port.
        "SERVICES": ",".join(_SERVICES),
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        # botocore would hand requests for this machine to a configured proxy.
        "no_proxy": f"{no_proxy},127.0.0.1".lstrip(","),
    }


@contextmanager
def patched_environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables, and put them back afterwards."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def load(state_dir: Path | None, *, enforce_iam: bool) -> ASGIApp:
    """Give ministack's application, in the patched environment: empty, or with what was kept.

    Args:
        state_dir: where S3's objects are written to, and what `save` wrote is; None for memory.
        enforce_iam: refuse access keys that ministack does not know.

    Raises:
        LocalError: what was kept cannot be read.
    """
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    with _root_logger_kept():
        application = _module("app")
        s3 = _module("services.s3")
    application.AUTH = enforce_iam
    application._reset_all_state()  # noqa: SLF001 - what an earlier instance left in memory
    # An asyncio.Lock stays bound to the loop that it was first waited for in.
    application._reset_lock = None  # noqa: SLF001 - an earlier instance had another loop
    s3.S3_PERSIST = state_dir is not None
    if state_dir:
        s3.DATA_DIR = str(state_dir.resolve() / "s3")
        for service in _PERSISTED:
            _restore(service, _file(state_dir, service))
        s3._load_persisted_data()  # noqa: SLF001 - done at import, but for another directory
    return cast("ASGIApp", application.app)


def save(state_dir: Path, service: str) -> None:
    """Write a service's state to its file, atomically; to be called on ministack's event loop.

    Every change is made by a coroutine of that loop without awaiting in the middle, so none is
    half done here.

    Raises:
        OSError: the file cannot be written; the one of before is still there.
    """
    encode = _module("core.persistence")._json_default  # noqa: SLF001 - knows ministack's types
    text = json.dumps(_state(service), default=encode)
    path = _file(state_dir, service)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".tmp")
    # Without fsync: a killed process leaves its writes to the kernel; only a power cut would not.
    fresh.write_text(text, encoding="ascii")
    fresh.replace(path)


def _state(service: str) -> object:
    """What the service's `get_state` returns, without the deep copy that takes most of its time.

    The copy is against changes while it is written; here nothing changes meanwhile.
    """
    module = _module(f"services.{service}")
    uncopied = types.SimpleNamespace(deepcopy=lambda value: value)
    names = {**vars(module), "copy": uncopied}
    return types.FunctionType(module.get_state.__code__, names)()


def _restore(service: str, path: Path) -> None:
    decode = _module("core.persistence")._json_object_hook  # noqa: SLF001 - the encoder's reverse
    module = _module(f"services.{service}")
    try:
        module.restore_state(json.loads(path.read_text(encoding="ascii"), object_hook=decode))
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError) as error:
        raise LocalError(
            f"The saved data in {path} cannot be read ({error}): put back a good copy, or move "
            f"the file away to start without it."
        ) from error
    if service == "dynamodb":
        # restore_state does so for its default region only; elsewhere, new partitions fail.
        for table in module._tables._data.values():  # noqa: SLF001 - of every region
            table["items"] = defaultdict(dict, table["items"])


def _file(state_dir: Path, service: str) -> Path:
    return state_dir / f"{service}.json"


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    """Keep ministack's `logging.basicConfig` off: it does nothing if there is a handler."""
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


def _module(name: str) -> Any:  # noqa: ANN401 - ministack has no types
    """A module of ministack; what comes of it leaves this file typed."""
    return importlib.import_module(f"ministack.{name}")
