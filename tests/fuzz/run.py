"""Look for files that a reader does not end well with.

    python tests/fuzz/run.py wav --seconds 3600 --findings findings/

With atheris (`pip install atheris`; it is no requirement of the project) the search is guided by
which lines an input reaches. Without it, examples are altered at random, which finds less. An
input that takes more than ten seconds or two gigabytes is a fault too. A search goes on after a
fault, and keeps the shortest input of each kind.
"""

import argparse
import contextlib
import hashlib
import random
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

try:
    import atheris
except ImportError:
    atheris = None

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]
with (
    atheris.instrument_imports(include=["mimii_bench", "zipfile", "csv", "json", "yaml"])
    if (atheris)
    else contextlib.nullcontext()
):
    from fuzz.readers import READERS, ends_well

SECONDS_EACH = 10
BYTES = 2 << 30


def kind_of(error: BaseException) -> str:
    """Return what tells one fault from another: its type and the last line of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "mimii_bench" in frame.filename] or frames
    return f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}"


class Search:
    """Faults of one reader, and where the inputs that show them are kept."""

    def __init__(self, reader: str, findings: Path, guided: bool):
        # libFuzzer has an alarm of its own.
        self.guided = guided
        self.reader, self.findings = reader, findings
        self.known: dict[str, int] = {}
        self.tried = 0

    def __call__(self, data: bytes) -> None:
        """Try one input."""
        self.tried += 1
        if not self.guided:
            signal.alarm(SECONDS_EACH)
        try:
            ends_well(self.reader, data)
        except Exception as error:
            self.keep(data, error)
        finally:
            if not self.guided:
                signal.alarm(0)

    def keep(self, data: bytes, error: Exception) -> None:
        """Keep the shortest input that shows a fault of this kind."""
        kind = kind_of(error)
        if len(data) >= self.known.get(kind, sys.maxsize):
            return
        if kind not in self.known:
            print(f"{self.reader}: {kind}: {str(error)[:200]}", flush=True)
        self.known[kind] = len(data)
        self.findings.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(kind.encode()).hexdigest()[:12]
        (self.findings / f"{self.reader}-{name}").write_bytes(data)


def altered(data: bytes, rng: random.Random) -> bytes:
    """Return data with a few bytes changed, taken out, doubled, or put where they do not belong."""
    found = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        place, length = rng.randrange(len(found) + 1), rng.choice([1, 1, 2, 4, 16, 64])
        chosen = rng.randrange(4)
        if chosen == 0 and place < len(found):
            found[place] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        elif chosen == 1:
            del found[place : place + length]
        elif chosen == 2:
            found[place:place] = found[place : place + length]
        else:
            found[place : place + length] = rng.choice(_WORDS)
    return bytes(found)


#: What files are made of, and what readers stumble over.
_WORDS = [
    *(b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9"),
    *(b"nan", b"inf", b"-1", b"1e999", b"0", b"''", b'""', b"null", b"true", b"[]", b"{}"),
    *(b",", b"\n", b"\r\n", b"\t", b": ", b"- ", b"&a ", b"*a", b"!!python/name:os.system "),
    *(b"<<: ", b"[[[[[[[[[[[[[[[[", b"../", b"%s", b"\0"),
]


def search_at_random(search: Search, examples: list[bytes], seconds: float) -> None:
    """Alter examples until the time is over."""
    rng = random.Random(0)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        search(altered(rng.choice(examples), rng))


def search_guided(search: Search, examples: list[bytes], arguments: argparse.Namespace) -> None:
    """Let atheris look; it ends the process."""
    corpus = arguments.findings / f"corpus-{search.reader}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(examples):
        (corpus / f"example-{number}").write_bytes(data)
    options = [f"-max_total_time={arguments.seconds}", "-max_len=16384"]
    options += ["-print_final_stats=1", f"-rss_limit_mb={BYTES >> 20}", f"-timeout={SECONDS_EACH}"]
    options += [f"-artifact_prefix={arguments.findings}/{search.reader}-"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], search)
    atheris.Fuzz()


def main() -> None:
    """Search as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("reader", choices=list(READERS))
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--findings", type=Path, default=Path("findings"))
    parser.add_argument("--random", action="store_true", help="even where there is atheris")
    arguments = parser.parse_args()

    def too_long(*_: object) -> None:
        raise TimeoutError(f"more than {SECONDS_EACH} s")

    guided = atheris is not None and not arguments.random
    if not guided:
        signal.signal(signal.SIGALRM, too_long)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    search = Search(arguments.reader, arguments.findings, guided)
    examples = READERS[arguments.reader].examples()
    for data in examples:
        print(f"example: {ends_well(arguments.reader, data)}")
    if guided:
        search_guided(search, examples, arguments)
        return
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    search_at_random(search, examples, arguments.seconds)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used
    print(f"{search.tried} inputs, {len(search.known)} kinds of fault, {grown >> 10} MiB more")


if __name__ == "__main__":
    main()
