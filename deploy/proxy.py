"""The Hub's proxy in Python, with a way for JupyterLab to its kernels.

The package drops what browser and notebook server agree on about the form of kernel messages: JupyterLab's first
connection fails, and now and then it asks for a kernel. Here the server's choice is passed on, and bytes stay bytes.
"""

import sys

from configurable_http_proxy import configproxy
from configurable_http_proxy.cli import main
from configurable_http_proxy.handlers import ProxyHandler


class Handler(ProxyHandler):
    """The package's own, but for websockets."""

    def select_subprotocol(self, subprotocols):
        """What the server behind the proxy has chosen; it is connected first."""
        return self.ws_client.selected_subprotocol

    def on_message(self, message):
        """Pass a message on in the form in which it came."""
        if self.ws_client:
            if self.target:
                self.proxy.update_last_activity(self.target["prefix"])
            self.ws_client.write_message(message, binary=isinstance(message, bytes))


configproxy.ProxyHandler = Handler

if __name__ == "__main__":
    sys.exit(main())
