"""The embedded AWS, in this process."""

import http.client
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from graph.local.aws import EmbeddedAws
from graph.local.errors import LocalError
from models.settings import AwsCredentials, Settings


def client(aws: EmbeddedAws, service: str, key: str = "test") -> Any:  # noqa: ANN401 - botocore makes its methods at run time
    """A client of a service."""
    return botocore.session.get_session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=aws.endpoint_url,
        aws_access_key_id=key,
        aws_secret_access_key=key,
        config=Config(signature_version="s3v4") if service == "s3" else None,
    )


def status(url: str, method: str = "GET") -> int:
    """The status of the answer to a request without any credentials but the URL's."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request(method, f"{parts.path}?{parts.query}")
    answer = connection.getresponse().status
    connection.close()
    return answer


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    """One for the tests that change nothing another relies on."""
    with EmbeddedAws() as aws:
        yield aws


class TestSettings:
    """Pointing the services at it."""

    def test_the_names_stay_and_the_rest_is_its_own(self, aws: EmbeddedAws) -> None:
        settings = aws.settings(Settings(table="mine"))
        assert settings.table == "mine"
        assert settings.endpoint_url == aws.endpoint_url
        assert settings.credentials == AwsCredentials("test", "test")


class TestServices:
    """What it offers."""

    def test_a_presigned_url_works_until_it_is_altered(self, aws: EmbeddedAws) -> None:
        s3 = client(aws, "s3")
        s3.create_bucket(Bucket="signed")
        s3.put_object(Bucket="signed", Key="a", Body=b"a")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "signed", "Key": "a"})
        assert status(url) == 200
        assert status(url[:-1] + ("0" if url[-1] != "0" else "1")) == 403

    def test_an_unknown_access_key_is_refused(self, aws: EmbeddedAws) -> None:
        with pytest.raises(ClientError, match="security token"):
            client(aws, "dynamodb", key="AKIAIOSFODNN7EXAMPLE").list_tables()

    def test_no_code_can_be_run_on_it(self, aws: EmbeddedAws) -> None:
        with pytest.raises(ClientError, match="400"):
            client(aws, "lambda").list_functions()


class TestReset:
    """Emptying it."""

    def test_nothing_is_left(self, aws: EmbeddedAws) -> None:
        client(aws, "s3").create_bucket(Bucket="emptied")
        aws.reset()
        assert client(aws, "s3").list_buckets()["Buckets"] == []


class TestLife:
    """Starting and stopping; each test has its own."""

    @pytest.fixture(autouse=True)
    def _alone(self, aws: EmbeddedAws) -> Iterator[None]:
        aws.__exit__()
        yield
        aws.__enter__()

    def test_there_is_one_at_a_time(self) -> None:
        with EmbeddedAws(), pytest.raises(LocalError, match="only one"), EmbeddedAws():
            raise AssertionError("two at a time")

    def test_what_is_in_memory_ends_with_it(self) -> None:
        with EmbeddedAws() as aws:
            client(aws, "s3").create_bucket(Bucket="forgotten")
        with EmbeddedAws() as aws:
            assert client(aws, "s3").list_buckets()["Buckets"] == []

    def test_what_is_kept_in_a_directory_comes_back_from_there(self, tmp_path: Path) -> None:
        with EmbeddedAws(tmp_path) as aws:
            client(aws, "s3").create_bucket(Bucket="kept")
            client(aws, "s3").put_object(Bucket="kept", Key="a/b", Body=b"content")
        with EmbeddedAws(tmp_path / "other") as aws:
            assert client(aws, "s3").list_buckets()["Buckets"] == []
        with EmbeddedAws(tmp_path) as aws:
            kept = client(aws, "s3").get_object(Bucket="kept", Key="a/b")
            assert kept["Body"].read() == b"content"

    def test_what_is_kept_is_not_emptied(self, tmp_path: Path) -> None:
        with EmbeddedAws(tmp_path) as aws, pytest.raises(RuntimeError, match="delete it instead"):
            aws.reset()

    def test_damaged_data_are_refused_and_another_can_start(self, tmp_path: Path) -> None:
        (tmp_path / "dynamodb.json").write_text("{")
        with pytest.raises(LocalError, match="cannot be read"), EmbeddedAws(tmp_path):
            raise AssertionError("started on damaged data")
        with EmbeddedAws():
            pass

    def test_the_environment_is_put_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GATEWAY_PORT", "4566")
        before = dict(os.environ)
        with EmbeddedAws():
            pass
        assert dict(os.environ) == before

    def test_it_chats_no_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO), EmbeddedAws() as aws:
            client(aws, "s3").create_bucket(Bucket="chatter")
            aws.reset()
        names = {record.name for record in caplog.records}
        assert {name for name in names if not name.startswith("botocore")} == set()
