"""The downloader against a local server that misbehaves in the ways real ones do."""

import hashlib
import itertools
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
import types
import zipfile
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mimii_bench.corpus import download as module
from mimii_bench.corpus import mimii
from mimii_bench.corpus.download import check_disk, disk_needed, download, verify
from mimii_bench.util.errors import UserError

NAME = "-6_dB_fan.zip"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The bytes of a zip that does not compress, so that every part of it counts."""
    path = tmp_path_factory.mktemp("zip") / NAME
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fan/id_00/normal/00000000.wav", random.Random(0).randbytes(1_500_000))
    return path.read_bytes()


@pytest.fixture(scope="module")
def md5(data):
    return hashlib.md5(data).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves `server.data`; the other attributes of the server say how it misbehaves."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self._note(0, 0)
        self._head(200, len(self.server.data))

    def do_GET(self):
        server = self.server
        if server.statuses and (status := server.statuses.pop(0)) != 200:
            self._note(0, 0)
            self._head(status, 0)
            return
        start, size = self._start(), len(server.data)
        if start >= size:
            self._note(start, start)
            self._head(416, 0, **{"Content-Range": f"bytes */{size}"})
            return
        cut = next(server.cuts)
        stop = size if cut is None else min(size, start + cut)
        promised = (stop if server.short_ranges else size) - start
        first = start + server.shift
        extra = {"Content-Range": f"bytes {first}-{start + promised - 1}/{size}"} if start else {}
        self._note(start, stop)
        self._head(206 if start else 200, promised, **extra)
        self.wfile.write(server.data[start:stop])
        self.close_connection = True

    def _start(self):
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(match[1]) if match and self.server.ranges else 0

    def _note(self, start, stop):
        entry = types.SimpleNamespace(
            method=self.command, path=self.path, headers=self.headers, start=start, stop=stop
        )
        self.server.log.append(entry)

    def _head(self, status, length, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("Content-Type", self.server.content_type)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(data, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.data = data
    server.ranges = True
    server.cuts = itertools.repeat(None)  # bytes an answer brings before the connection closes
    server.short_ranges = False  # whether a cut answer says beforehand that it is short
    server.shift = 0  # how far off the range is that a 206 claims to hold
    server.statuses = []  # answers to the next requests; 200 stands for the normal one
    server.content_type = "application/octet-stream"
    server.log = []
    server.url = f"http://127.0.0.1:{server.server_port}/files"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetch(server, tmp_path, md5):
    """`download` from the local server into tmp_path, without waiting between requests."""

    def fetch(**options):
        defaults = {"md5": md5, "base_url": server.url, "progress": False, "wait_s": 0}
        return download(NAME, tmp_path, **(defaults | options))

    return fetch


def set_free(monkeypatch, free):
    usage = namedtuple("usage", "total used free")(10**12, 0, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)


@pytest.fixture(autouse=True)
def large_disk(monkeypatch):
    """Room for any zip, however full the disk is on which the tests run."""
    set_free(monkeypatch, 10**12)


@pytest.fixture
def path(tmp_path):
    return tmp_path / NAME


@pytest.fixture
def part(tmp_path):
    return tmp_path / f"{NAME}.part"


def gets(server):
    return [entry for entry in server.log if entry.method == "GET"]


def run_python(code, *arguments):
    """Run `code` in a process of its own that imports what this one can import."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_fetches_a_zip_with_one_request(fetch, server, path, part, data):
    assert fetch() == path
    assert path.read_bytes() == data
    assert not part.exists()
    (request,) = gets(server)
    assert request.path == f"/files/{NAME}?download=1"
    assert request.headers["Accept-Encoding"] == "identity"
    assert "Range" not in request.headers


def test_makes_the_folder(server, tmp_path, md5):
    folder = tmp_path / "new" / "folder"
    download(NAME, folder, md5=md5, base_url=server.url + "/", progress=False)
    assert hashlib.md5((folder / NAME).read_bytes()).hexdigest() == md5
    assert gets(server)[0].path == f"/files/{NAME}?download=1"


def test_compares_with_the_published_md5_by_default(fetch, path):
    with pytest.raises(UserError, match=mimii.MD5[NAME]):
        fetch(md5=None)
    assert not path.exists()


def test_resumes_after_each_cut_more_often_than_it_may_stall(fetch, server, path, data):
    server.cuts = itertools.repeat(200_000)
    fetch(attempts=2)
    assert path.read_bytes() == data
    requests = gets(server)
    assert len(requests) > 7
    for before, after in itertools.pairwise(requests):
        assert before.stop - module.CHUNK_BYTES <= after.start <= before.stop


def test_asks_again_where_a_server_sends_less_than_the_range(fetch, server, path, data):
    server.cuts, server.short_ranges = itertools.repeat(400_000), True
    fetch(attempts=2)
    assert path.read_bytes() == data
    assert [request.start for request in gets(server)] == [0, 400_000, 800_000, 1_200_000]


def test_progress_resets_the_count_of_failures(fetch, server, path, data):
    server.cuts = itertools.repeat(600_000)
    server.statuses = [503, 503, 200, 503, 429, 200, 503, 503]
    fetch(attempts=3)
    assert path.read_bytes() == data
    assert len(gets(server)) == 9


def test_a_refused_range_is_not_appended(fetch, server, path, part, data):
    part.write_bytes(data[:700_000])
    server.shift = 5
    with pytest.raises(UserError, match="another range"):
        fetch(attempts=2)
    assert part.read_bytes() == data[:700_000]
    assert not path.exists()


def test_starts_over_where_the_server_ignores_ranges(fetch, server, path, part, data):
    part.write_bytes(data[:700_000])
    server.ranges = False
    fetch()
    assert path.read_bytes() == data
    (request,) = gets(server)
    assert request.headers["Range"] == "bytes=700000-"


def test_gives_up_where_ranges_are_ignored_and_every_answer_is_cut(fetch, server, path):
    server.ranges, server.cuts = False, itertools.repeat(300_000)
    with pytest.raises(UserError, match="gave up after 3 requests"):
        fetch(attempts=3)
    assert len(gets(server)) == 4  # the first one did bring something
    assert not path.exists()


def test_only_what_is_new_counts_as_progress(fetch, server):
    server.ranges, server.cuts = False, iter([400_000, 200_000, 300_000, 350_000, None])
    with pytest.raises(UserError, match="gave up after 3 requests"):
        fetch(attempts=3)


def test_gives_up_where_nothing_comes(fetch, server, path, part, data):
    part.write_bytes(data[:700_000])
    server.cuts = itertools.repeat(0)
    with pytest.raises(UserError, match=f"gave up after 4 requests.*{re.escape(str(part))}"):
        fetch(attempts=4)
    assert len(gets(server)) == 4
    assert part.read_bytes() == data[:700_000]
    assert not path.exists()


def test_gives_up_where_no_server_listens(fetch, path):
    with pytest.raises(UserError, match="gave up after 2 requests"):
        fetch(base_url="http://127.0.0.1:9/files", attempts=2)
    assert not path.exists()


def test_waits_twice_as_long_after_each_failure(fetch, server, monkeypatch):
    waits = []
    monkeypatch.setattr(module, "LONGEST_WAIT_S", 6)
    monkeypatch.setattr(time, "sleep", waits.append)
    server.statuses = [503] * 4 + [200]
    fetch(attempts=5, wait_s=1)
    assert waits == [1, 2, 4, 6]


@pytest.mark.parametrize("status", [403, 404])
def test_does_not_repeat_what_the_server_refuses(fetch, server, status):
    server.statuses = [status]
    with pytest.raises(UserError, match=f"{NAME}.*answers {status}"):
        fetch()
    assert len(gets(server)) == 1


def test_a_web_page_does_not_replace_what_came(fetch, server, part, data):
    part.write_bytes(data[:700_000])
    server.ranges, server.content_type, server.data = False, "text/html; charset=utf-8", b"login"
    with pytest.raises(UserError, match="no zip"):
        fetch()
    assert part.read_bytes() == data[:700_000]


def test_a_malformed_url_is_refused_at_once(fetch):
    with pytest.raises(UserError, match="is no URL"):
        fetch(base_url="127.0.0.1/files", attempts=10**6)


def test_resumes_the_part_of_an_earlier_run(fetch, server, path, part, data):
    part.write_bytes(data[:700_000])
    fetch()
    assert path.read_bytes() == data
    (request,) = gets(server)
    assert (request.start, request.stop) == (700_000, len(data))
    assert not part.exists()


def test_resumes_after_the_process_was_killed(server, path, part, data, md5, fetch):
    server.cuts = itertools.repeat(300_000)
    code = (
        "import os, sys, time; from mimii_bench.corpus import download as d\n"
        "time.sleep = lambda s: os.kill(os.getpid(), 9)\n"
        f"d.download({NAME!r}, sys.argv[1], md5={md5!r}, base_url={server.url!r})"
    )
    run = run_python(code, str(path.parent))
    assert run.returncode == -9, run.stderr
    assert not path.exists()
    assert 0 < part.stat().st_size <= 300_000
    server.cuts = itertools.repeat(None)
    held = part.stat().st_size
    fetch()
    assert path.read_bytes() == data
    assert gets(server)[-1].start == held


def test_a_complete_part_is_taken_as_it_is(fetch, server, path, part, data):
    part.write_bytes(data)
    fetch()
    assert path.read_bytes() == data
    (request,) = gets(server)
    assert request.start == request.stop == len(data)


def test_a_part_that_is_too_long_is_deleted(fetch, path, part, data):
    part.write_bytes(data + bytes(70_000))
    with pytest.raises(UserError, match="was deleted: rerun"):
        fetch()
    assert not part.exists()
    assert not path.exists()


def test_a_right_zip_is_left_alone(fetch, server, path, data):
    path.write_bytes(data)
    before = path.stat()
    assert fetch() == path
    assert server.log == []
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


@pytest.mark.parametrize("size", [0, 3, 900_000])
def test_a_truncated_zip_is_completed(fetch, server, path, data, size):
    path.write_bytes(data[:size])
    fetch()
    assert path.read_bytes() == data
    (request,) = gets(server)
    assert request.start == size


def test_goes_on_from_the_longer_of_two_partial_files(fetch, server, path, part, data):
    path.write_bytes(data[:500_000])
    part.write_bytes(data[:800_000])
    fetch()
    assert path.read_bytes() == data
    assert gets(server)[0].start == 800_000


def altered(data):
    return data[:1000] + bytes([data[1000] ^ 1]) + data[1001:]


def test_an_altered_zip_that_is_there_is_neither_used_nor_touched(fetch, server, path, data):
    path.write_bytes(altered(data))
    with pytest.raises(UserError, match="altered"):
        fetch()
    assert path.read_bytes() == altered(data)
    assert server.log == []


def test_an_altered_download_leaves_nothing(fetch, server, path, part, data, md5):
    server.data = altered(data)
    with pytest.raises(UserError) as caught:
        fetch()
    message = str(caught.value)
    for piece in (str(path), server.url, md5, hashlib.md5(server.data).hexdigest(), "rerun"):
        assert piece in message
    assert "\n" not in message
    assert list(path.parent.iterdir()) == []
    server.data = data
    assert fetch().read_bytes() == data


def test_the_final_name_appears_only_after_the_check(fetch, path, part, monkeypatch):
    seen = []
    original = module._md5
    monkeypatch.setattr(
        module, "_md5", lambda file: seen.append((file, path.exists())) or original(file)
    )
    fetch()
    assert seen == [(part, False)]


def test_a_full_disk_keeps_what_came(fetch, server, path, part, data):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(UserError, match=f"{re.escape(str(part))} cannot be written"):
            fetch()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(gets(server)) == 1
    assert part.read_bytes() == data[:400_000]
    fetch()
    assert path.read_bytes() == data
    assert gets(server)[1].start == 400_000


def test_refuses_a_small_disk_before_the_first_byte(fetch, server, tmp_path, monkeypatch, data):
    set_free(monkeypatch, len(data) - 1)
    with pytest.raises(UserError) as caught:
        fetch()
    for piece in (str(tmp_path), f"{len(data)} bytes", f"{len(data) - 1} bytes", "mimii.folder"):
        assert piece in str(caught.value)
    assert gets(server) == []
    set_free(monkeypatch, len(data))
    fetch()


def test_asks_for_sizes_only_where_the_bound_does_not_fit(server, tmp_path, monkeypatch):
    names = [NAME, "0_dB_fan.zip"]
    set_free(monkeypatch, 2 * mimii.LARGEST_ARCHIVE_BYTES)
    check_disk(names, tmp_path / "not" / "yet", server.url)
    assert server.log == []
    set_free(monkeypatch, 2 * mimii.LARGEST_ARCHIVE_BYTES - 1)
    check_disk(names, tmp_path, server.url)
    assert [entry.method for entry in server.log] == ["HEAD", "HEAD"]


def test_refuses_a_small_disk_where_the_server_is_silent(tmp_path, monkeypatch):
    set_free(monkeypatch, mimii.LARGEST_ARCHIVE_BYTES - 1)
    with pytest.raises(UserError, match=str(mimii.LARGEST_ARCHIVE_BYTES)):
        check_disk([NAME], tmp_path, "http://127.0.0.1:9/files")


def test_disk_needed_counts_what_is_missing(server, tmp_path, path, part, data):
    bound = mimii.LARGEST_ARCHIVE_BYTES
    other = "0_dB_fan.zip"
    assert disk_needed([NAME, other], tmp_path) == 2 * bound
    part.write_bytes(data[:700_000])
    assert disk_needed([NAME], tmp_path) == bound - 700_000
    assert disk_needed([NAME, other], tmp_path, server.url) == 2 * len(data) - 700_000
    path.write_bytes(data[:800_000])
    assert disk_needed([NAME], tmp_path) == bound - 800_000
    path.write_bytes(data)
    assert disk_needed([NAME], tmp_path) == 0


def test_verify_accepts_the_published_zip(path, data, md5):
    path.write_bytes(data)
    verify(path, md5)
    verify(str(path), md5)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda data: None, "is missing"),
        (lambda data: b"", "is truncated"),
        (lambda data: data[:-1], "is truncated"),
        (lambda data: data[:700_000], "is truncated .*after 700000 bytes"),
        (lambda data: b"<html>" + data[6:-100], "is no zip"),
        (altered, "is altered"),
    ],
)
def test_verify_says_what_is_wrong(path, data, md5, change, complaint):
    changed = change(data)
    if changed is not None:
        path.write_bytes(changed)
    with pytest.raises(UserError, match=f"^{re.escape(str(path))} {complaint}") as caught:
        verify(path, md5)
    assert "\n" not in str(caught.value)
    assert "`mimii.download: true`" in str(caught.value)


def test_progress_goes_to_stderr_if_asked_for(fetch, path, capsys):
    fetch(progress=True)
    path.unlink()
    shown = capsys.readouterr()
    assert NAME in shown.err
    assert shown.out == ""
    fetch(progress=False)
    assert capsys.readouterr().err == ""


def test_checking_needs_no_network_library():
    code = (
        "import sys; import mimii_bench.corpus.download\n"
        "print(*{'requests', 'urllib3', 'tenacity', 'tqdm'} & set(sys.modules))"
    )
    run = run_python(code)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
