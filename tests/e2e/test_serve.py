"""`ml-evaluator serve`: how it starts, whom it answers, and how it ends."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

import httpx2
import pytest

from .embedded_aws import client, create_table
from .serve_process import ServeProcess, run

TYPENAME: Final = {"query": "{ __typename }"}
EVIL: Final = "http://evil.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    """A server that the tests only ask questions."""
    with ServeProcess(tmp_path_factory.mktemp("state")) as server:
        yield server


class TestStart:
    """What a person sees, and what listens."""

    def test_it_says_where_it_listens_where_the_data_are_and_how_to_stop_it(
        self, server: ServeProcess
    ) -> None:
        labels = [line.split("  ")[0] for line in server.output.splitlines()]
        assert labels == ["GraphiQL and GraphQL", "DynamoDB and S3", "Data", "Stop"]

    def test_it_answers_queries(self, server: ServeProcess) -> None:
        answer = httpx2.post(f"{server.url}/graphql", json=TYPENAME)
        assert answer.json()["data"] == {"__typename": "Query"}

    def test_it_writes_nothing_to_standard_error(self, server: ServeProcess) -> None:
        assert server.errors == ""

    def test_only_its_two_ports_listen_and_only_on_loopback(self, server: ServeProcess) -> None:
        listing = subprocess.run(
            ["ss", "-Hltnp"],  # noqa: S607 - wherever the system has it
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        own = [line.split()[3] for line in listing.splitlines() if f"pid={server.pid}," in line]
        expected = [url.removeprefix("http://") for url in (server.url, server.aws_url)]
        assert sorted(own) == sorted(expected)
        assert all(address.startswith("127.0.0.1:") for address in own)


class TestGuard:
    """No page of another site gets an answer, on any route."""

    @pytest.mark.parametrize("path", ["/graphql", "/health", "/", "/nowhere"])
    @pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": EVIL}])
    def test_strangers_are_refused(
        self, server: ServeProcess, path: str, headers: dict[str, str]
    ) -> None:
        for method in ("GET", "POST", "OPTIONS"):
            answer = httpx2.request(method, server.url + path, headers=headers)
            assert answer.status_code == 403
            assert answer.json()["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
            assert answer.headers["x-request-id"]
            assert answer.headers["x-content-type-options"] == "nosniff"

    def test_localhost_and_the_own_page_are_answered(self, server: ServeProcess) -> None:
        origin = server.url.replace("127.0.0.1", "localhost")
        headers = {"Host": origin.removeprefix("http://"), "Origin": origin}
        answer = httpx2.post(f"{server.url}/graphql", json=TYPENAME, headers=headers)
        assert answer.status_code == 200

    def test_the_embedded_aws_is_guarded_as_well(self, server: ServeProcess) -> None:
        reset = f"{server.aws_url}/_ministack/reset"
        assert httpx2.post(reset, headers={"Origin": EVIL}).status_code == 403
        assert httpx2.post(reset, headers={"Host": "evil.example"}).status_code == 403

    def test_the_own_page_may_upload_to_the_embedded_aws(self, server: ServeProcess) -> None:
        answer = httpx2.options(f"{server.aws_url}/bucket/key", headers={"Origin": server.url})
        assert answer.status_code == 200


class TestStop:
    """Signals end it cleanly, and its data stay."""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_data_outlive_a_stop(self, tmp_path: Path, number: signal.Signals) -> None:
        with ServeProcess(tmp_path) as server:
            client(server.aws_url, "s3").create_bucket(Bucket="kept")
            client(server.aws_url, "s3").put_object(Bucket="kept", Key="a/b", Body=b"content")
            assert server.stop(number) == 0
            assert server.errors == ""
        with ServeProcess(tmp_path) as server:
            kept = client(server.aws_url, "s3").get_object(Bucket="kept", Key="a/b")
            assert kept["Body"].read() == b"content"
            assert kept["ETag"] == '"9a0364b9e99bb480dd25e1f0284c8555"'

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    def test_new_partitions_can_be_written_after_a_restart(
        self, tmp_path: Path, region: str
    ) -> None:
        for partition in ("MODEL#1", "MODEL#2"):
            with ServeProcess(tmp_path, environment={"AWS_REGION": region}) as server:
                table = client(server.aws_url, "dynamodb", region)
                if partition == "MODEL#1":
                    create_table(table, "kept")
                table.put_item(TableName="kept", Item={"PK": {"S": partition}})
                assert server.stop(signal.SIGTERM) == 0


class TestRefusal:
    """A mistake is told in one line, without a traceback."""

    def test_an_occupied_port(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            refused = run("serve", f"--port={port}", f"--state-dir={tmp_path}")
        assert refused.returncode == 1
        assert refused.stderr == (
            f"Port {port} of 127.0.0.1 is in use by another program: stop that one, or choose "
            "another port with --port.\n"
        )

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "evil.example"])  # noqa: S104 - it is refused
    def test_a_host_that_other_machines_reach(self, tmp_path: Path, host: str) -> None:
        refused = run("serve", f"--host={host}", f"--state-dir={tmp_path}")
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"--host {host} is refused")
        assert refused.stderr.count("\n") == 1

    def test_a_directory_that_another_server_uses(self, tmp_path: Path) -> None:
        with ServeProcess(tmp_path) as server:
            refused = run("serve", "--port=0", f"--state-dir={tmp_path}")
            assert refused.returncode == 1
            assert f"in use by another server (process {server.pid})" in refused.stderr
            assert refused.stderr.count("\n") == 1

    def test_damaged_data_are_told_and_left_alone(self, tmp_path: Path) -> None:
        damaged = tmp_path / "aws" / "dynamodb.json"
        damaged.parent.mkdir()
        damaged.write_text('{"tables": ')
        refused = run("serve", "--port=0", f"--state-dir={tmp_path}")
        assert refused.returncode == 1
        assert f"The saved data in {damaged} cannot be read" in refused.stderr
        assert damaged.read_text() == '{"tables": '

    def test_an_unusable_directory(self, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.touch()
        refused = run("serve", "--port=0", f"--state-dir={file / 'below'}")
        assert refused.returncode == 1
        assert "choose another with --state-dir" in refused.stderr
        assert "Traceback" not in refused.stderr


class TestProxy:
    """A proxy of the environment is not asked about this machine."""

    def test_it_starts_behind_an_unreachable_proxy(self, tmp_path: Path) -> None:
        proxy = "http://127.0.0.1:9"
        with ServeProcess(tmp_path, environment={"HTTP_PROXY": proxy, "http_proxy": proxy}):
            pass


class TestVersion:
    """`ml-evaluator --version`."""

    def test_it_is_printed_alone(self) -> None:
        assert run("--version").stdout == version("ml-model-evaluator") + "\n"


class TestLog:
    """Standard error, as LOG_LEVEL asks for it."""

    def test_it_tells_of_requests_in_words_where_asked_to(self, tmp_path: Path) -> None:
        with ServeProcess(tmp_path, environment={"LOG_LEVEL": "info"}) as server:
            httpx2.post(f"{server.url}/graphql", json=TYPENAME)
            httpx2.get(f"{server.url}/elsewhere?a=b")
            lines = server.errors.splitlines()
        assert [" ".join(line.split()[1:-2]) for line in lines] == [
            "INFO POST /graphql 200",
            "INFO GET /elsewhere 404 HTTP_404",
        ]
