"""How much memory is there and how much this process takes, from /proc and from CUDA. Where the system does not tell, None."""

import threading

SAMPLE_INTERVAL_SEC = 0.05


def available_bytes():
    """MemAvailable: what new programs can get without swapping. On Jetson boards the GPU's memory is the same memory and counts."""
    return _read_kilobytes("/proc/meminfo", "MemAvailable:")


def resident_bytes():
    """Memory of this process that lies in RAM, mapped files included."""
    return _read_kilobytes("/proc/self/status", "VmRSS:")


def _read_kilobytes(path, name):
    try:
        with open(path) as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


class PeakMeter:
    """Samples memory while the `with` block runs: the least that was available, the most that this process took."""

    def __init__(self, device):
        self._device = device
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory", daemon=True)
        self._least_available = None
        self._most_resident = None

    def __enter__(self):
        if self._device == "cuda":
            import torch

            torch.cuda.reset_peak_memory_stats()
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        self._thread.join()
        self._look()

    def report(self):
        """Bytes, as they stood at the worst moment; of CUDA, what torch's allocator gave out and what it held."""
        report = {"leastAvailableBytes": self._least_available, "mostResidentBytes": self._most_resident}
        if self._device == "cuda":
            import torch

            report["mostCudaAllocatedBytes"] = torch.cuda.max_memory_allocated()
            report["mostCudaReservedBytes"] = torch.cuda.max_memory_reserved()
        return report

    def _sample(self):
        while not self._ending.wait(SAMPLE_INTERVAL_SEC):
            self._look()

    def _look(self):
        available, resident = available_bytes(), resident_bytes()
        if available is not None:
            self._least_available = available if self._least_available is None else min(self._least_available, available)
        if resident is not None:
            self._most_resident = resident if self._most_resident is None else max(self._most_resident, resident)
