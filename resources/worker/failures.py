"""What can go wrong, in kinds that the agent tells apart, with the remedy in words."""

OUT_OF_MEMORY_TEXTS = (
    "out of memory",
    "defaultcpuallocator: not enough memory",
    "defaultcpuallocator: can't allocate memory",
    "cannot allocate memory",
    # On Jetson boards without NVML, PyTorch stumbles over its own report of the shortage.
    "nvml_success == r internal assert failed",
    "nvmlinit_v2_",
    # The memory driver of Jetson boards: error 12 is ENOMEM.
    "nvmapmemalloc",
    "nvmapmemhandlealloc",
    "cublas_status_alloc_failed",
)

OUT_OF_MEMORY_REMEDY = (
    "Close what else uses the device's memory or reboot it (fragmented memory comes back only so), run it without a desktop, "
    "use the refined model and float16, or generate smaller images."
)


class BadInput(Exception):
    """A request or a setting that can never work; `remedy` says what would."""

    def __init__(self, message, remedy):
        super().__init__(message)
        self.remedy = remedy


class Cancelled(Exception):
    """The agent took the request back."""


def describe_failure(error):
    """(kind, message, remedy) with kind `out-of-memory`, `bad-input` or `fault`. Looks through the errors that led to this one."""
    if isinstance(error, BadInput):
        return "bad-input", str(error), error.remedy
    for cause in _chain(error):
        if is_out_of_memory(cause):
            return "out-of-memory", "The device has too little memory: %s" % _first_line(cause), OUT_OF_MEMORY_REMEDY
    return "fault", "%s: %s" % (type(error).__name__, _first_line(error)), "The agent's log on the node has more."


def is_out_of_memory(error):
    """By type or by text: CUDA's own error, and the ones that a Jetson board shows instead."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return any(known in text for known in OUT_OF_MEMORY_TEXTS)


def _chain(error):
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    return seen


def _first_line(error):
    lines = str(error).strip().splitlines()
    return lines[0][:400] if lines else "no reason given"
