"""The index's file: what is read is what was written, whatever happens to the file or to its writer."""

from __future__ import annotations

import json
import os
import random
import signal
import struct
import subprocess
import sys
import time
import weakref
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage import index_file
from bot.storage.index_file import Contents, Damage, read, read_meta, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
META = {"seq": 7, "token": "é"}
KINDS = ["<i4", "<i8", "<u1", "<u2", "<u8", "<f4", "<f8", "|b1", ">i4"]


def sample(seed: int = 0, size: int = 1000) -> dict[str, NDArray[Any]]:
    """Return arrays of every kind, empty ones and ones of two dimensions among them."""
    rng = np.random.default_rng(seed)
    arrays = {kind: rng.integers(0, 100, size).astype(kind) for kind in KINDS}
    return arrays | {"none": np.zeros(0, "<i4"), "wide": rng.random((size // 10, 7)), "one": np.asarray(5)}


def same(found: dict[str, NDArray[Any]], wanted: dict[str, NDArray[Any]]) -> bool:
    return list(found) == list(wanted) and all(
        found[name].dtype == array.dtype and found[name].shape == array.shape and np.array_equal(found[name], array)
        for name, array in wanted.items()
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_mapped_back_and_cannot_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "index.bin"
    write(path, sample().items(), META)
    found = read(path)
    assert isinstance(found, Contents)
    assert same(found.arrays, sample())
    assert (found.meta, read_meta(path)) == (META, META)
    for array in found.arrays.values():
        assert type(array) is np.ndarray
        assert not array.flags.writeable
        assert array.flags.aligned
        assert not array.flags.owndata
        assert array.ctypes.data % 64 == 0
    assert names(tmp_path) == ["index.bin"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.tuples(st.sampled_from(KINDS), st.integers(0, 300)), max_size=6))
def test_any_arrays_come_back(tmp_path_factory: pytest.TempPathFactory, shapes: dict[str, tuple[str, int]]) -> None:
    path = tmp_path_factory.mktemp("any") / "f"
    arrays = {name: np.arange(size).astype(kind) for name, (kind, size) in shapes.items()}
    write(path, arrays.items(), {})
    found = read(path)
    assert isinstance(found, Contents)
    assert same(found.arrays, arrays)


def test_an_array_is_let_go_once_it_is_written_and_before_the_next_is_made(tmp_path: Path) -> None:
    made, gone = [], []

    def one(number: int) -> NDArray[Any]:
        array = np.full(100_000, number)
        made.append(weakref.ref(array))
        return array

    def arrays() -> Iterator[tuple[str, NDArray[Any]]]:
        for number in range(3):
            yield str(number), one(number)
            gone.append(made[-1]() is None)

    write(tmp_path / "f", arrays(), META)
    assert gone == [True, True, True]
    found = read(tmp_path / "f")
    assert isinstance(found, Contents)
    assert [int(array[-1]) for array in found.arrays.values()] == [0, 1, 2]


def test_what_is_not_plain_numbers_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write(path, sample().items(), META)
    for array in (np.asarray(["a"], dtype=object), np.asarray(["a"]), np.zeros(1, "<M8[s]")):
        with pytest.raises(TypeError, match="plain numbers"):
            write(path, {"x": array}.items(), {})
    assert isinstance(read(path), Contents)
    assert names(tmp_path) == ["f"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file of several blocks."""
    path = tmp_path_factory.mktemp("whole") / "f"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_file, "_BLOCK", 4096)
        write(path, sample().items(), META)
    return path.read_bytes()


damages = st.one_of(
    st.tuples(st.just("flip"), st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=4)),
    st.tuples(st.just("cut"), st.floats(0, 1)),
    st.tuples(st.just("zero"), st.tuples(st.floats(0, 1), st.integers(1, 9000))),
    st.tuples(st.just("grow"), st.binary(min_size=1, max_size=100)),
    st.tuples(st.just("swap"), st.tuples(st.integers(0, 14), st.integers(0, 14))),
    st.tuples(st.just("replace"), st.binary(max_size=200)),
)


def harm(content: bytes, how: tuple[str, Any]) -> bytes:
    kind, what = how
    found = bytearray(content)
    if kind == "flip":
        for place, mask in what:
            found[int(place * (len(found) - 1))] ^= mask
    elif kind == "cut":
        del found[int(what * len(found)) :]
    elif kind == "zero":
        begin = int(what[0] * len(found))
        found[begin : begin + what[1]] = bytes(len(found[begin : begin + what[1]]))
    elif kind == "swap":
        pages = [found[begin : begin + 4096] for begin in range(0, len(found), 4096)]
        one, other = what[0] % len(pages), what[1] % len(pages)
        pages[one], pages[other] = pages[other], pages[one]
        found = bytearray(b"".join(pages))
    return bytes(found) + what if kind == "grow" else what if kind == "replace" else bytes(found)


@settings(max_examples=400, deadline=None)
@given(how=damages)
def test_no_damage_is_served_or_raised(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, how: tuple[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("harmed") / "f"
    path.write_bytes(harm(whole, how))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_file, "_BLOCK", 4096)
        found = read(path)
    if isinstance(found, Contents):
        # Bytes between two arrays belong to none.
        assert same(found.arrays, sample())
        assert found.meta == META
        assert how[0] in {"flip", "zero", "swap"} or path.read_bytes() == whole
    else:
        assert found.reason
        assert not found.missing


def test_one_wrong_bit_in_many_megabytes_is_found(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write(path, {"big": np.zeros(10_000_000, "<i4")}.items(), {})
    assert isinstance(read(path), Contents)
    for place in (5_000, 20_000_000, 39_999_999):
        with path.open("r+b", buffering=0) as stream:
            stream.seek(place)
            stream.write(b"\x01")
            assert read(path) == Damage("its contents are damaged")
            stream.seek(place)
            stream.write(b"\x00")


def test_what_is_no_file_of_ours_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "letter").write_text("Dear reader, " * 9)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert read(tmp_path / "folder") == read(tmp_path / "pipe") == read_meta(tmp_path / "pipe")
    assert read(tmp_path / "folder") == Damage("it is no file")
    assert read(tmp_path / "empty") == Damage("it is cut off")
    assert read(tmp_path / "letter") == read_meta(tmp_path / "letter") == Damage("it is no index")
    assert read(tmp_path / "none") == read_meta(tmp_path / "none") == Damage("there is none", missing=True)
    assert isinstance(read(tmp_path / "loop"), Damage)
    assert isinstance(read(tmp_path / "letter" / "below"), Damage)


def test_another_format_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    with monkeypatch.context() as patch:
        patch.setattr(index_file, "FORMAT", 3)
        write(path, sample().items(), META)
    assert read(path) == Damage("it has format 3, not 2")


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"[]",
        b"{",
        b'{"arrays": {}}',
        *(
            json.dumps({"arrays": {"x": row}, "meta": {}}).encode()
            for row in (
                ["<i4", [-1], 64, []],
                ["<i4", [1], 64, []],
                ["<i4", [1], 65, [0]],
                ["<i4", [99], 64, [0]],
                ["<i4", [1], 0, [0]],
                ["<i4", [1], -64, [0]],
                ["<i4", [1], 128, [0]],
                ["<i4", [1.5], 64, [0]],
                ["<i4", ["a"], 64, [0]],
                ["|O", [1], 64, [0]],
                ["no type", [1], 64, [0]],
                ["<i4", [10**30, 10**30], 64, [0]],
                [],
            )
        ),
    ],
)
def test_a_table_that_makes_no_sense_is_damage(tmp_path: Path, table: bytes) -> None:
    head = struct.pack("<8sIIQ", b"COLLOQIX", 2, zlib.crc32(table), len(table))
    (tmp_path / "f").write_bytes(head.ljust(128, b"\0") + table)
    assert isinstance(read(tmp_path / "f"), Damage)


def test_a_map_outlives_the_file_that_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write(path, sample(1).items(), {})
    old = read(path)
    write(path, sample(2).items(), {})
    path.unlink()
    assert isinstance(old, Contents)
    assert same(old.arrays, sample(1))


WRITE = """
import sys
from pathlib import Path
from bot.storage.index_file import write
import numpy
print("ready", flush=True)
for number in range(10**9):
    arrays = {name: numpy.full(size, number) for name, size in (("a", 1), ("b", 0), ("c", 200_000))}
    write(Path(sys.argv[1]), arrays.items(), {"number": number})
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write(path, {"a": np.zeros(1)}.items(), {"number": 0})
    for _ in range(6):
        with subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", WRITE, str(path)], cwd=ROOT, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(random.uniform(0.01, 0.2))
            child.send_signal(signal.SIGKILL)
        found = read(path)
        assert isinstance(found, Contents)
        assert all((array == found.meta["number"]).all() for array in found.arrays.values())
    (tmp_path / "f.1.part").write_bytes(b"left over")
    write(path, sample().items(), META)
    assert names(tmp_path) == ["f"]


def test_a_folder_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(tmp_path / "nowhere" / "f", sample().items(), META)
    (tmp_path / "f").mkdir()
    with pytest.raises(OSError, match="directory"):
        write(tmp_path / "f", sample().items(), META)
    assert names(tmp_path) == ["f"]
