"""Builds the parts of SD3 medium from the shipped settings, without memory, and prints the bytes of each in float16 and the position table."""

import json
import os
import sys

import torch
from diffusers import AutoencoderKL, SD3Transformer2DModel
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, T5Config, T5EncoderModel

folder = sys.argv[1]


def settings(name):
    with open(os.path.join(folder, name, "config.json")) as file:
        return json.load(file)


def size(model):
    return 2 * sum({id(tensor): tensor.numel() for tensor in [*model.parameters(), *model.buffers()] if tensor.is_floating_point()}.values())


with torch.device("meta"):
    transformer = SD3Transformer2DModel.from_config(settings("transformer"))
    sizes = {
        "transformer": size(transformer),
        "vae": size(AutoencoderKL.from_config(settings("vae"))),
        "clipL": size(CLIPTextModelWithProjection(CLIPTextConfig(**settings("text_encoder")))),
        "clipG": size(CLIPTextModelWithProjection(CLIPTextConfig(**settings("text_encoder_2")))),
        "t5": size(T5EncoderModel(T5Config(**settings("text_encoder_3")))),
    }
print(json.dumps({"sizes": sizes, "positions": list(transformer.pos_embed.pos_embed.shape)}))
