"""A loaded pipeline and how one image comes of it, of a prompt or of a prompt and a picture. The number of zero tokens that stand in for T5 is a
setting here, never the library's."""

import gc
import inspect
import io
import time

import diffusers
import torch
import transformers

from conditioning import Conditioning
from failures import BadInput, Cancelled
from input_picture import read_picture
from load_pipeline import for_pictures, load_pipeline
from memory import PeakMeter, available_bytes, resident_bytes

DTYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32}


class Engine:
    def __init__(self, settings, available_at_start):
        """Loads the model; raises BadInput for settings that can't work. `available_at_start`: MemAvailable before torch was imported."""
        self._settings = settings
        self._device = choose_device(settings["device"])
        self._dtype_name = choose_dtype(settings["dtype"], self._device)
        self._available_at_start = available_at_start
        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        diffusers.utils.logging.set_verbosity_error()
        diffusers.utils.logging.disable_progress_bar()
        begin = time.monotonic()
        with PeakMeter(self._device) as meter:
            self._pipeline = load_pipeline(settings, DTYPES[self._dtype_name], self._device)
            self._from_picture = for_pictures(self._pipeline)
            self._conditioning = Conditioning(self._pipeline, settings["t5Tokens"])
            # The prompt to stay away from is empty, as in the reference, and the same for every image.
            self._negative = self._conditioning.encode("") if self._is_guided else (None, None)
        self._load_ms = (time.monotonic() - begin) * 1000
        self._load_memory = meter.report()
        self.tidy_up()

    def report(self):
        """What the agent tells of this worker: durations in ms, memory in bytes."""
        is_cuda = self._device == "cuda"
        return {
            "versions": {"torch": torch.__version__, "diffusers": diffusers.__version__, "transformers": transformers.__version__},
            "device": self._device,
            "deviceName": torch.cuda.get_device_name(0) if is_cuda else "CPU, %d threads" % torch.get_num_threads(),
            "dtype": self._dtype_name,
            "hasT5": self._conditioning.has_t5,
            "t5Tokens": self._conditioning.t5_tokens,
            "guidanceScale": self._settings["guidanceScale"],
            "shift": self._settings["shift"],
            "loadMs": self._load_ms,
            "memory": {
                "availableBeforeBytes": self._available_at_start,
                "availableAfterBytes": available_bytes(),
                "residentBytes": resident_bytes(),
                "cudaAllocatedBytes": torch.cuda.memory_allocated() if is_cuda else None,
                **self._load_memory,
            },
        }

    def generate(self, request, agent):
        """Makes one image and hands it to the agent. Raises Cancelled before the step after a cancellation."""
        check_request(request, self._pipeline)
        request_id = request["id"]
        step_ms = []
        refuse_if_cancelled(agent, request_id)
        with PeakMeter(self._device) as meter, torch.inference_mode():
            begin = time.monotonic()
            pipeline, start = self._start_of(request)
            embeddings, pooled = self._conditioning.encode(request["prompt"])
            self._wait_for_device()
            encoded = last = time.monotonic()

            def on_first_step(_transformer, _arguments):
                # What comes before it, the encoding of the picture, is no step.
                nonlocal encoded, last
                if not step_ms:
                    self._wait_for_device()
                    encoded = last = time.monotonic()

            def on_step_end(_pipeline, index, _timestep, _tensors):
                nonlocal last
                self._wait_for_device()
                now = time.monotonic()
                step_ms.append((now - last) * 1000)
                last = now
                agent.say(type="step", id=request_id, n=index + 1)
                refuse_if_cancelled(agent, request_id)
                return {}

            hook = pipeline.transformer.register_forward_pre_hook(on_first_step)
            try:
                image = pipeline(
                    prompt_embeds=embeddings,
                    pooled_prompt_embeds=pooled,
                    negative_prompt_embeds=self._negative[0],
                    negative_pooled_prompt_embeds=self._negative[1],
                    num_inference_steps=request["steps"],
                    guidance_scale=self._settings["guidanceScale"],
                    **start,
                    # On the processor, so that the same seed gives the same noise on every device.
                    generator=torch.Generator("cpu").manual_seed(request["seed"]),
                    callback_on_step_end=on_step_end,
                ).images[0]
            finally:
                hook.remove()
            self._wait_for_device()
            decode_ms = (time.monotonic() - last) * 1000
        file = io.BytesIO()
        image.save(file, format="PNG", compress_level=1)
        timings = {"encodeMs": (encoded - begin) * 1000, "stepMs": step_ms, "decodeMs": decode_ms}
        agent.say_done(request_id, file.getvalue(), **timings, memory=meter.report())

    def _start_of(self, request):
        """The pipeline that makes the image, and what it starts from: noise of a size, or a picture that is noised up to `strength`."""
        size = {"width": request["widthPx"], "height": request["heightPx"]}
        if "picturePath" not in request:
            return self._pipeline, size
        if not 0 < request["strength"] <= 1:
            raise BadInput("A strength of %s is none" % request["strength"], "Choose one above 0 and up to 1.")
        if self._from_picture is None:
            remedy = "Provision the node with diffusers 0.29 or newer."
            raise BadInput("diffusers %s makes no images of pictures" % diffusers.__version__, remedy)
        picture = read_picture(request["picturePath"], request["widthPx"], request["heightPx"])
        # Old versions of the pipeline know no size but the picture's.
        accepted = inspect.signature(self._from_picture.__call__).parameters
        size = {name: value for name, value in size.items() if name in accepted}
        return self._from_picture, {"image": picture, "strength": request["strength"], **size}

    def tidy_up(self):
        """Gives back what an error or the load left behind."""
        gc.collect()
        if self._device == "cuda":
            torch.cuda.empty_cache()

    @property
    def _is_guided(self):
        return self._settings["guidanceScale"] > 1

    def _wait_for_device(self):
        """CUDA works behind the program's back; a time taken without waiting would be no time of the device."""
        if self._device == "cuda":
            torch.cuda.synchronize()


def refuse_if_cancelled(agent, request_id):
    if agent.is_cancelled(request_id):
        raise Cancelled()


def check_request(request, pipeline):
    multiple = pipeline.vae_scale_factor * pipeline.patch_size
    for name in ("widthPx", "heightPx"):
        if request[name] % multiple != 0:
            raise BadInput("The image's side of %d pixels is no multiple of %d" % (request[name], multiple), "Ask for another size.")
    largest = pipeline.transformer.config.pos_embed_max_size * multiple
    if max(request["widthPx"], request["heightPx"]) > largest:
        raise BadInput("The model makes images of %d pixels a side at the most" % largest, "Ask for a smaller image.")


def choose_device(wanted):
    if wanted not in ("auto", "cpu", "cuda"):
        raise BadInput("There is no device %r" % wanted, "Choose auto, cpu or cuda.")
    if wanted == "cpu":
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    if wanted == "auto":
        return "cpu"
    remedy = "Install the torch that was built for this device, or set the worker's device to cpu."
    raise BadInput("torch %s finds no CUDA device here" % torch.__version__, remedy)


def choose_dtype(wanted, device):
    if wanted == "auto":
        return "float16" if device == "cuda" else "float32"
    if wanted not in DTYPES:
        raise BadInput("There is no number type %r" % wanted, "Choose auto, %s." % ", ".join(DTYPES))
    return wanted
