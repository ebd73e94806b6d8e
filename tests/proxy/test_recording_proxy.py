"""The proxy itself: that it would notice, and that nothing gets past it."""

import ssl
import urllib.error
import urllib.request
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from github_double import Double
from index_double import IndexDouble
from recording_proxy import RecordingProxy, authority


@pytest.fixture
def index(tmp_path: Path) -> IndexDouble:
    (tmp_path / "a_b-1.0-py3-none-any.whl").write_bytes(b"wheel" * 50_000)
    return IndexDouble(tmp_path)


def opened(proxy: RecordingProxy, url: str) -> bytes:
    handler = urllib.request.ProxyHandler({"http": proxy.url, "https": proxy.url})
    with urllib.request.build_opener(handler).open(url, timeout=20) as answer:
        return bytes(answer.read())


def test_plain_requests_reach_the_double_and_are_written_down(index: IndexDouble) -> None:
    with index, RecordingProxy({"packages.invalid:80": index.port}) as proxy:
        page = opened(proxy, "http://packages.invalid/simple/a-b/")
        assert b"a_b-1.0-py3-none-any.whl#sha256=" in page
        wheel = opened(proxy, "http://packages.invalid/files/a_b-1.0-py3-none-any.whl")
        assert wheel == b"wheel" * 50_000
        assert proxy.hosts == {"packages.invalid:80"}


def test_tunnels_reach_the_double_and_are_written_down(tmp_path: Path) -> None:
    certificates = authority(tmp_path, ["api.github.invalid"])
    context = ssl.create_default_context(cafile=certificates.trusted)
    with Double() as github, RecordingProxy({"api.github.invalid:443": github.port}, certificates) as proxy:
        place = proxy.url.removeprefix("http://")
        connection = HTTPSConnection(*_split(place), timeout=20, context=context)
        connection.set_tunnel("api.github.invalid", 443)
        connection.request("GET", "/user")
        assert connection.getresponse().status == 401
        connection.close()
        assert proxy.hosts == {"api.github.invalid:443"}
        assert [line["path"] for line in github.requests] == ["/user"]


def _split(place: str) -> tuple[str, int]:
    host, _, port = place.partition(":")
    return host, int(port)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_other_hosts_are_written_down_and_refused(tmp_path: Path, scheme: str) -> None:
    certificates = authority(tmp_path, ["known.invalid"])
    with RecordingProxy({"known.invalid:443": 9}, certificates) as proxy:
        with pytest.raises(urllib.error.URLError):
            opened(proxy, f"{scheme}://tracker.invalid/beacon?data=1")
        assert proxy.hosts == {f"tracker.invalid:{443 if scheme == 'https' else 80}"}
