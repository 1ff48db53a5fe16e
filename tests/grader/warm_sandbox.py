"""A warm server of sandboxes, its own process, and what a cell in one of its forks prints."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

from grader.sandbox import Sandbox, SandboxServer

__all__ = ["alive", "inside", "said", "warm_server"]


def warm_server() -> Iterator[SandboxServer]:
    """The fixture ``boxes`` of a module of tests."""
    with SandboxServer() as server:
        assert server.cold is None
        yield server


def said(sandbox: Sandbox, code: str) -> str:
    """What a cell prints; an error in it is printed too."""
    outputs = sandbox.run(code)
    return "".join(output.get("text", "") or f"{output.get('ename')}: {output.get('evalue')}" for output in outputs)


def inside(server: SandboxServer) -> psutil.Process:
    """The server's own process, two below the grader: bubblewrap, its first process, the server."""
    (first,) = psutil.Process(server._process.pid).children()
    return next(child for child in first.children() if child.name().startswith("python"))


def alive(server: SandboxServer) -> bool:
    with Sandbox(server=server) as next_one:
        return said(next_one, "print('here')") == "here\n"
