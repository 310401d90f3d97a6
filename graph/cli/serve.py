"""`ml-evaluator serve`."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final

import typer

from graph.cli.failures import fail

_LOCAL_EXTRA: Final = ("ministack", "uvicorn")


def serve(
    host: Annotated[
        str, typer.Option(help="Loopback host to listen on; any with --auth.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")
    ] = 8000,
    state_dir: Annotated[
        Path | None,
        typer.Option(
            help="Directory that keeps the data: .local, or .local/demo with --demo, unless given.",
            file_okay=False,
        ),
    ] = None,
    auth: Annotated[
        bool,
        typer.Option(
            "--auth", help="Ask for credentials: API keys, and tokens where OIDC_ISSUER is set."
        ),
    ] = False,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="Evaluate the fictional models of a stand-in Hub: needs no network."
        ),
    ] = False,
) -> None:
    """Run the API with GraphiQL on this machine, on an embedded AWS."""
    if not all(find_spec(name) for name in _LOCAL_EXTRA):
        fail("serve needs the extra `local`: pip install 'ml-model-evaluator[local]'")
    # Imported here, because the extra may be missing and the other commands need none of it.
    from graph.local.errors import LocalError  # noqa: PLC0415
    from graph.local.server import LocalServer  # noqa: PLC0415

    state_dir = state_dir or (Path(".local/demo") if demo else Path(".local"))
    try:
        LocalServer(
            host=host, port=port, state_dir=state_dir, auth=auth, demo=demo, announce=typer.echo
        ).run()
    except LocalError as error:
        fail(str(error))
