"""Brings a model from the disk into memory: a folder as diffusers lays it out, or one file with the settings of a folder beside it."""

import inspect
import os

import diffusers
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, StableDiffusion3Pipeline

from failures import BadInput
from tokenizers_for_file import load_t5_tokenizer, load_tokenizers

T5_TOKENIZER_REMEDY = (
    "Copy tokenizer_3 of the diffusers release of SD3 medium into worker-config of the program's data folder and provision the node again, "
    "or refine the model (model strip) to run it without T5-XXL."
)
SHIPPED_CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "config", "sd3-medium")


def load_pipeline(settings, dtype, device):
    """The pipeline on its device. With `withT5` its third text encoder and tokenizer too, which are dropped otherwise. Raises BadInput."""
    path = settings["modelPath"]
    options = {"torch_dtype": dtype, "local_files_only": True}
    if not settings["withT5"]:
        options.update(text_encoder_3=None, tokenizer_3=None)
    if os.path.isdir(path):
        pipeline = load_folder(path, options)
    elif os.path.isfile(path):
        pipeline = load_file(path, settings, options)
    else:
        raise BadInput("There is no model at %s" % path, "Provision the node again to push it.")
    pipeline.scheduler = FlowMatchEulerDiscreteScheduler.from_config(pipeline.scheduler.config, shift=settings["shift"])
    pipeline.set_progress_bar_config(disable=True)
    if settings["withT5"]:
        check_t5(pipeline, settings)
    share_word_table(pipeline.text_encoder_3)
    for part in pipeline.components.values():
        # The loader of single files leaves T5 as in training, where it drops numbers at random: each image would be of another prompt.
        if isinstance(part, torch.nn.Module):
            part.eval()
    return pipeline.to(device)


def for_pictures(pipeline):
    """The pipeline that makes images of pictures, on the very same parts: no weight is in memory twice. None where diffusers has none."""
    kind = getattr(diffusers, "StableDiffusion3Img2ImgPipeline", None)
    if kind is None:
        return None
    accepted = inspect.signature(kind.__init__).parameters
    twin = kind(**{name: part for name, part in pipeline.components.items() if name in accepted})
    twin.set_progress_bar_config(disable=True)
    return twin


def check_t5(pipeline, settings):
    """What was asked for must be there: an image without T5 would pass for one with it."""
    if pipeline.text_encoder_3 is None:
        raise BadInput("The model at %s holds no T5-XXL" % settings["modelPath"], "Provision the node again with a model that does.")
    if pipeline.tokenizer_3 is None and not settings.get("padsT5"):
        raise BadInput("The model at %s has no tokenizer for its T5-XXL" % settings["modelPath"], T5_TOKENIZER_REMEDY)


def share_word_table(t5):
    """A file may hold T5's table of words under one of its two names; the loader leaves the other one without data."""
    if t5 is None:
        return
    one, other = t5.shared, t5.encoder.embed_tokens
    if other.weight.is_meta:
        other.weight = one.weight
    elif one.weight.is_meta:
        one.weight = other.weight


def load_folder(path, options):
    if not os.path.isfile(os.path.join(path, "model_index.json")):
        raise BadInput("The folder %s has no model_index.json" % path, "Push a model in the layout of diffusers, or an all-in-one file.")
    variant = "fp16" if has_only_half_precision(os.path.join(path, "transformer")) else None
    return StableDiffusion3Pipeline.from_pretrained(path, variant=variant, use_safetensors=True, **options)


def has_only_half_precision(folder):
    """Published folders may hold `name.fp16.safetensors` in place of `name.safetensors`."""
    names = [name for name in os.listdir(folder) if name.endswith(".safetensors")] if os.path.isdir(folder) else []
    return bool(names) and all(".fp16." in name for name in names)


def load_file(path, settings, options):
    if not path.endswith(".safetensors"):
        raise BadInput("%s is no safetensors file" % path, "Other formats can hold programs and are not opened.")
    config = settings.get("configDir") or SHIPPED_CONFIG
    if not os.path.isfile(os.path.join(config, "model_index.json")):
        raise BadInput("The settings folder %s has no model_index.json" % config, "Name a folder in the layout of diffusers, or none.")
    folders = [config, os.path.dirname(path)]
    tokenizers = load_tokenizers(folders)
    if settings["withT5"]:
        tokenizers["tokenizer_3"] = load_t5_tokenizer(folders)
    return StableDiffusion3Pipeline.from_single_file(path, config=config, **tokenizers, **options)
