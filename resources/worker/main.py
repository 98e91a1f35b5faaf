"""The image worker: a child of the agent that turns prompts, or prompts and pictures, into images with Stable Diffusion 3, with its T5 text encoder or without.

Reads JSON lines on standard input and writes JSON lines on standard output; an image's bytes go out on file descriptor 3, before the line
that tells their number. The first line in is `load`; then `generate` and `cancel`. It ends when its input ends. protocol.py has the
messages. Nothing here touches the network.
"""

import sys

from memory import available_bytes
from offline import go_offline
from protocol import Agent


def main():
    go_offline()
    # Before torch is imported: the libraries count.
    available_at_start = available_bytes()
    agent = Agent.take_standard_streams()
    agent.say(type="hello", protocol=1, python=sys.version.split()[0])
    settings = agent.next_request()
    if settings is None:
        return 0
    try:
        from engine import Engine

        engine = Engine(settings, available_at_start)
    except Exception as error:  # noqa: BLE001 - whatever it is, the agent must hear of it
        agent.say_failure(None, error)
        return 2
    agent.say(type="ready", **engine.report())
    while True:
        request = agent.next_request()
        if request is None:
            return 0
        try:
            engine.generate(request, agent)
        except Exception as error:  # noqa: BLE001
            agent.say_failure(request["id"], error)
            engine.tidy_up()
        agent.forget(request["id"])


if __name__ == "__main__":
    sys.exit(main())
