"""The Hub's proxy in Python, mended for many people at once.

The package (0.4) hands an answer on when it is whole, waits twenty seconds for it, asks for ten things at a time, and
drops what browser and notebook server agree on about the form of kernel messages. So a page that waits for a slow
notebook server waits for ever, and JupyterLab's first way to its kernel fails. Here answers flow as they come.
"""

import logging
import sys

from configurable_http_proxy import configproxy
from configurable_http_proxy.cli import main
from configurable_http_proxy.handlers import ProxyHandler
from tornado.httpclient import AsyncHTTPClient
from tornado.httputil import HTTPHeaders, parse_response_start_line
from tornado.iostream import StreamClosedError

MOST_AT_ONCE = 5000
OURS = {"connection", "transfer-encoding", "keep-alive"}  # between two neighbours only, never handed on


class Left(Exception):
    """Whoever asked has gone. Raised so that tornado closes the way to the server behind, which would send on."""


def worth_telling(record):
    """Whether the operator is told: tornado logs all that is raised while an answer flows; to leave is no fault."""
    return record.exc_info is None or not isinstance(record.exc_info[1], Left)


class Handler(ProxyHandler):
    """The package's own, but for what flows."""

    async def call_proxy(self, path=None):
        """Pass a request on, and the answer back piece by piece."""
        url = await self.get_target_url(path)
        if url is None:
            return
        told = []
        request = self._get_proxy_request(url)
        request.request_timeout = 0  # a stream of events has no end
        request.decompress_response = False
        request.header_callback = told.append
        request.streaming_callback = lambda piece: self.hand_on(told, piece)
        try:
            await AsyncHTTPClient().fetch(request, raise_error=False)
            await self.hand_on(told, b"")
            await self.finish()
        except StreamClosedError:
            return  # whoever asked has gone before the end
        except Exception as error:
            if self._headers_written:
                self.request.connection.stream.close()
            else:
                await self.handle_proxy_error(503, error)

    async def hand_on(self, told, piece):
        """Send a piece of the answer; before the first one, what stands at its head."""
        if not self._headers_written:
            lines = [line for line in told if line.strip()]
            start = max(place for place, line in enumerate(lines) if line.startswith("HTTP/"))
            first = parse_response_start_line(lines[start].strip())
            self.clear()
            for name in ("Server", "Content-Type", "Date"):
                self.clear_header(name)
            self.set_status(first.code, first.reason)
            for name, value in HTTPHeaders.parse("".join(lines[start + 1 :])).get_all():
                if name.lower() not in OURS:
                    self.add_header(name, value)
        if piece:
            self.write(piece)
            try:
                await self.flush()
            except StreamClosedError:
                raise Left from None

    def select_subprotocol(self, subprotocols):
        """What the server behind the proxy has chosen; it is connected first."""
        return self.ws_client.selected_subprotocol

    def on_message(self, message):
        """Pass a message on in the form in which it came."""
        if self.ws_client:
            if self.target:
                self.proxy.update_last_activity(self.target["prefix"])
            self.ws_client.write_message(message, binary=isinstance(message, bytes))


AsyncHTTPClient.configure(None, max_clients=MOST_AT_ONCE)
configproxy.ProxyHandler = Handler
logging.getLogger("tornado.application").addFilter(worth_telling)

if __name__ == "__main__":
    sys.exit(main())
