"""Makes it sure that the worker stays off the network, whatever a library tries."""

import os
import sys


def go_offline():
    """Tells the libraries, before they are imported, and makes every look-up of a name and every connection an error from now on."""
    os.environ.update(
        HF_HUB_OFFLINE="1",
        TRANSFORMERS_OFFLINE="1",
        DIFFUSERS_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        DO_NOT_TRACK="1",
        TOKENIZERS_PARALLELISM="false",
    )
    sys.addaudithook(_judge)


def _judge(event, arguments):
    if event == "socket.getaddrinfo" or (event == "socket.connect" and isinstance(arguments[1], tuple)):
        raise PermissionError("The image worker does not use the network")
