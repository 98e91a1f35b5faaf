"""Stands in for engine.py of the image worker in tests of what is around it: no torch, no model; what it does is named by the prompt."""

import os
import sys
import time

from failures import BadInput, Cancelled

TEXTS = {
    "cuda out of memory": "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.44 GiB",
    "nvml out of memory": "NVML_SUCCESS == r INTERNAL ASSERT FAILED at CUDACachingAllocator.cpp:1131, please report a bug to PyTorch.",
    "nvmap out of memory": "NvMapMemAllocInternalTagged: 1075072515 error 12",
}


class Engine:
    def __init__(self, settings, available_at_start):
        self._settings = settings
        if settings["modelPath"].endswith("missing"):
            raise BadInput("There is no model at %s" % settings["modelPath"], "Provision the node again to push it.")
        self._allocator = os.environ.get("PYTORCH_CUDA_ALLOC_CONF", "plain")
        # Boards that refuse one way of taking the GPU's memory, while the model is loaded or in the middle of an image.
        if settings["modelPath"].endswith("refuses-" + self._allocator.split("_")[0]):
            raise RuntimeError(TEXTS["nvmap out of memory"])
        self._is_on_gpu = settings["device"] == "cuda"
        # As torch does when it is imported.
        os.makedirs(os.environ["TORCHINDUCTOR_CACHE_DIR"])
        print("something a library prints")
        os.write(1, b"and something it writes to the descriptor itself\n")

    def report(self):
        names = {"torch": "none", "diffusers": "none"}
        numbers = {name: self._settings[name] for name in ("t5Tokens", "guidanceScale", "shift")}
        numbers["hasT5"] = self._settings["withT5"]
        environment = " ".join(sorted(name for name in os.environ if name.startswith("DEDGEAI_TEST")))
        device = "cuda" if self._is_on_gpu else "cpu"
        return {**numbers, "versions": names, "device": device, "deviceName": environment, "dtype": "float32", "loadMs": 1, "memory": {}}

    def generate(self, request, agent):
        prompt = request["prompt"]
        if prompt == "nvmap out of memory unless expandable" and self._allocator == "plain":
            raise RuntimeError(TEXTS["nvmap out of memory"])
        if prompt in TEXTS:
            raise RuntimeError(TEXTS[prompt])
        if prompt == "crash":
            sys.stderr.flush()
            os._exit(7)
        for index in range(request["steps"]):
            if agent.is_cancelled(request["id"]):
                raise Cancelled()
            time.sleep(60 if prompt == "stuck" else 0.02)
            agent.say(type="step", id=request["id"], n=index + 1)
        agent.say_done(request["id"], b"\x89PNG" + bytes(200_000), encodeMs=1, stepMs=[20] * request["steps"], decodeMs=2, memory={})

    def tidy_up(self):
        pass
