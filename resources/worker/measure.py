"""Measures what a model takes on this device: loads it, with T5 or without, makes one image and tells the memory. Run by hand or over SSH:

    echo '{"modelPath": "...", "configDir": null, "withT5": true}' | python measure.py

Prints one JSON line, the last of its output. It needs the memory beside what else runs, a worker of the agent included.
"""

import atexit
import json
import os
import shutil
import sys
import tempfile

from failures import describe_failure
from memory import available_bytes
from offline import go_offline

DEFAULTS = {
    "configDir": None,
    "device": "auto",
    "dtype": "auto",
    "guidanceScale": 5.0,
    "shift": 3.0,
    "t5Tokens": 0,
    "withT5": False,
    # What T5 takes does not depend on the words: without its tokenizer it is measured on padding.
    "padsT5": True,
}
IMAGE = {"id": "measure", "prompt": "A brown dog runs along a beach", "seed": 1, "steps": 2, "widthPx": 512, "heightPx": 512}


class Listener:
    """In the place of the agent: keeps what is told of the image, and none of its bytes."""

    def __init__(self):
        self.image = None

    def is_cancelled(self, _request_id):
        return False

    def say(self, **_message):
        pass

    def say_done(self, _request_id, _bytes, **report):
        self.image = report


def measure(settings):
    available_at_start = available_bytes()
    from engine import Engine

    engine = Engine(settings, available_at_start)
    listener = Listener()
    engine.generate(IMAGE, listener)
    return {"report": engine.report(), "image": listener.image}


def take_remembered_allocator():
    """As the agent's worker takes the GPU's memory on this board (allocator-choice.ts); before torch is imported."""
    try:
        with open("worker-allocator.json", encoding="utf-8") as file:
            if json.load(file).get("allocator") == "expandable":
                os.environ.setdefault("PYTORCH_CUDA_ALLOC_CONF", "expandable_segments:True")
    except (OSError, ValueError, AttributeError):
        pass


def main():
    go_offline()
    take_remembered_allocator()
    # Torch makes a folder for what it compiles when it is imported; nothing is compiled here.
    cache = tempfile.mkdtemp(prefix="dedgeai-torch-")
    atexit.register(shutil.rmtree, cache, ignore_errors=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = cache
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a library prints is no part of the answer.
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    try:
        answer = measure({**DEFAULTS, **json.load(sys.stdin)})
    except Exception as error:  # noqa: BLE001 - whoever asked must hear of it
        kind, message, remedy = describe_failure(error)
        answer = {"failure": {"kind": kind, "message": message, "remedy": remedy}}
    answers.write(json.dumps(answer) + "\n")
    answers.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
