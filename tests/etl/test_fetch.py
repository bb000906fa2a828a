"""Downloading the Atlas, against a server on this machine that answers well and badly."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from etl.errors import FetchError
from etl.fetch import fetch_atlas
from tests.samples import SAMPLES, needs_samples

REAL = SAMPLES / "eff_atlas_of_surveillance_2020-10-07.csv"
HEADER = b"AOSNUMBER,City,County,State,Agency,Technology,Summary,Link 1 Date\r\n"
SMALL = HEADER + b"AOS1,Madeup,,OH,Madeup PD,Camera Registry,,\r\n"
OLD = "what was there before"


class Server(ThreadingHTTPServer):
    body: bytes = SMALL
    status: int = 200
    told_length: int | None = None
    release: threading.Event


class Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == "/silent":
            self.server.release.wait(30)
            return
        self.send_response(self.server.status)
        length = len(self.server.body) if self.server.told_length is None else self.server.told_length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Answer)
    running.release = threading.Event()
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.release.set()
    running.shutdown()
    running.server_close()
    thread.join()


def address(server: Server, path: str = "/download.csv") -> str:
    return f"http://127.0.0.1:{server.server_address[1]}{path}"


def today_name() -> str:
    return f"eff_atlas_of_surveillance_{datetime.now(UTC).date().isoformat()}.csv"


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    """Fetch what must be refused, see that the folder is as before, and return the message."""
    before = tmp_path / today_name()
    before.write_text(OLD)

    def fetch(url: str, **options: float) -> str:
        with pytest.raises(FetchError) as error:
            fetch_atlas(url, tmp_path, **options)
        assert [path.name for path in tmp_path.iterdir()] == [before.name]
        assert before.read_text() == OLD
        return str(error.value)

    return fetch


def test_the_file_arrives_whole_with_its_address_date_and_checksum(server, tmp_path):
    seen = []
    path = fetch_atlas(address(server), tmp_path / "incoming", progress=lambda size, total: seen.append((size, total)))
    assert path.name == today_name()
    assert path.read_bytes() == SMALL
    note = json.loads(path.with_name(path.name + ".json").read_text())
    assert note["url"] == address(server)
    assert note["bytes"] == len(SMALL)
    assert note["sha256"] == hashlib.sha256(SMALL).hexdigest()
    assert datetime.fromisoformat(note["fetched_at"]).tzinfo is not None
    assert seen[-1] == (len(SMALL), len(SMALL))
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, path.name + ".json"]


def test_a_later_download_of_the_same_day_replaces_the_earlier(server, tmp_path):
    (tmp_path / today_name()).write_text(OLD)
    assert fetch_atlas(address(server), tmp_path).read_bytes() == SMALL


@needs_samples
def test_the_real_file_arrives_byte_for_byte(server, tmp_path):
    server.body = REAL.read_bytes()
    assert fetch_atlas(address(server), tmp_path).read_bytes() == REAL.read_bytes()


def test_a_truncated_answer_is_refused(server, refused):
    server.told_length = len(SMALL) + 1000
    assert "Nothing was kept" in refused(address(server))


def test_a_page_instead_of_the_file_is_refused(server, refused):
    server.body = b"<!doctype html><html><title>Just a moment...</title></html>"
    assert "not the Atlas; missing columns: AOSNUMBER" in refused(address(server))


def test_a_header_without_rows_is_refused(server, refused):
    server.body = HEADER
    assert "no rows" in refused(address(server))


def test_bytes_that_are_not_text_are_refused(server, refused):
    server.body = SMALL + b"\xff\xfe\x00"
    assert "UTF-8" in refused(address(server))


def test_an_error_of_the_server_is_told_by_its_number(server, refused):
    server.status = 503
    assert "503" in refused(address(server))


def test_a_file_over_the_limit_is_stopped(server, refused):
    assert "more than 100 bytes" in refused(address(server), largest=100)


def test_a_silent_server_is_given_up(server, refused):
    assert "Nothing was kept" in refused(address(server, "/silent"), timeout=0.3)


def test_a_refused_connection_is_told_as_offline(refused):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/download.csv"
        assert "cannot be reached" in refused(url)


def test_only_web_addresses_are_fetched(refused):
    assert "https://" in refused("file:///etc/hostname")
