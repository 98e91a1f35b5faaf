"""The line to the agent. In: load, generate, cancel. Out: hello, ready, step, done, cancelled, failed. One JSON object a line.

    agent                         worker
      |  load {settings}            |   hello {protocol, python}
      |---------------------------->|
      |  ready {report} | failed {id: null, kind, message, remedy}
      |<----------------------------|
      |  generate {id, ...}         |   with picturePath and strength: of that picture
      |---------------------------->|
      |  step {id, n}  (each step)  |
      |<----------------------------|
      |  cancel {id}                |   honoured before the next step
      |---------------------------->|
      |  [bytes on descriptor 3] done {id, sizeBytes, ...} | cancelled {id} | failed {id, ...}
      |<----------------------------|
"""

import json
import os
import queue
import sys
import threading

from failures import Cancelled, describe_failure

IMAGE_DESCRIPTOR = 3


class Agent:
    """Whoever started this process. Its requests are read by a thread, so that a cancellation comes through in the middle of an image."""

    def __init__(self, requests, answers, images):
        self._requests = requests
        self._answers = answers
        self._images = images
        self._queue = queue.Queue()
        self._cancelled = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    @classmethod
    def take_standard_streams(cls):
        """Keeps standard input and output for the agent alone: what a library prints from now on goes to standard error."""
        requests = os.fdopen(os.dup(0), "r", encoding="utf-8", errors="replace")
        answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
        images = os.fdopen(IMAGE_DESCRIPTOR, "wb")
        os.set_inheritable(IMAGE_DESCRIPTOR, False)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return cls(requests, answers, images)

    def next_request(self):
        """The next `load` or `generate`; waits for it. None when the agent has ended."""
        return self._queue.get()

    def is_cancelled(self, request_id):
        with self._lock:
            return request_id in self._cancelled

    def say(self, **message):
        with self._lock:
            self._answers.write(json.dumps(message, separators=(",", ":")) + "\n")
            self._answers.flush()

    def forget(self, request_id):
        """The request has ended; a cancellation that comes late means nothing."""
        with self._lock:
            self._cancelled.discard(request_id)

    def say_done(self, request_id, image, **report):
        self._images.write(image)
        self._images.flush()
        self.say(type="done", id=request_id, sizeBytes=len(image), **report)

    def say_failure(self, request_id, error):
        if isinstance(error, Cancelled):
            self.say(type="cancelled", id=request_id)
            return
        kind, message, remedy = describe_failure(error)
        if kind == "fault":
            import traceback

            traceback.print_exception(type(error), error, error.__traceback__)
        self.say(type="failed", id=request_id, kind=kind, message=message, remedy=remedy)

    def _read(self):
        for line in self._requests:
            try:
                request = json.loads(line)
                kind = request.get("type")
            except (ValueError, AttributeError):
                print("A line that is no JSON object was passed over.", file=sys.stderr)
                continue
            if kind == "cancel":
                with self._lock:
                    self._cancelled.add(request.get("id"))
            elif kind in ("load", "generate"):
                self._queue.put(request)
        # The agent is gone, and nobody waits for what this process does.
        os._exit(0)
