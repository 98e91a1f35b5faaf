"""A Stable Diffusion 3 pipeline of the real classes with a few layers of random weights.

`make FOLDER` saves one with T5 in shards, as diffusers lays it out; `generate FOLDER` loads one without T5 and makes an image of 32x32
pixels. Prints one JSON document. The weights are random: the image shows nothing.
"""

import json
import os
import sys
import tempfile

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPTokenizer, T5Config, T5EncoderModel

WIDTH = 32
VOCABULARY = 1000


def make_tokenizer():
    """Knows single characters only, so it needs no file from elsewhere."""
    words = ["<|startoftext|>", "<|endoftext|>"]
    for code in range(33, 127):
        words += [chr(code), chr(code) + "</w>"]
    vocabulary = {word: index for index, word in enumerate(words)}
    with tempfile.TemporaryDirectory() as folder:
        vocabulary_file, merges_file = os.path.join(folder, "vocab.json"), os.path.join(folder, "merges.txt")
        with open(vocabulary_file, "w") as file:
            json.dump(vocabulary, file)
        with open(merges_file, "w") as file:
            file.write("#version: 0.2\n")
        try:
            return CLIPTokenizer(vocabulary_file, merges_file, model_max_length=77)
        except Exception:  # transformers 5 takes the vocabulary itself
            return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77)


def make_clip():
    return CLIPTextModelWithProjection(
        CLIPTextConfig(
            vocab_size=VOCABULARY,
            hidden_size=WIDTH,
            intermediate_size=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            projection_dim=WIDTH,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )


def make(folder):
    torch.manual_seed(0)
    transformer = SD3Transformer2DModel(
        sample_size=32,
        patch_size=1,
        in_channels=16,
        out_channels=16,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=WIDTH,
        caption_projection_dim=WIDTH,
        pooled_projection_dim=2 * WIDTH,
        pos_embed_max_size=32,
    )
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",),
        up_block_types=("UpDecoderBlock2D",),
        block_out_channels=(4,),
        latent_channels=16,
        norm_num_groups=1,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.06,
        scaling_factor=1.5,
    )
    tokenizer = make_tokenizer()
    StableDiffusion3Pipeline(
        transformer=transformer,
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=vae,
        text_encoder=make_clip(),
        tokenizer=tokenizer,
        text_encoder_2=make_clip(),
        tokenizer_2=tokenizer,
        text_encoder_3=None,
        tokenizer_3=None,
    ).save_pretrained(folder)
    t5 = T5EncoderModel(T5Config(vocab_size=VOCABULARY, d_model=WIDTH, d_kv=8, d_ff=64, num_layers=2, num_heads=4))
    t5.save_pretrained(os.path.join(folder, "text_encoder_3"), max_shard_size="80KB")
    # The pipeline is loaded without T5 only, so that its tokenizer need not be a real one.
    os.makedirs(os.path.join(folder, "tokenizer_3"))
    with open(os.path.join(folder, "tokenizer_3", "tokenizer_config.json"), "w") as file:
        file.write("{}")
    index_file = os.path.join(folder, "model_index.json")
    with open(index_file) as file:
        index = json.load(file)
    index["text_encoder_3"] = ["transformers", "T5EncoderModel"]
    index["tokenizer_3"] = ["transformers", "T5TokenizerFast"]
    with open(index_file, "w") as file:
        json.dump(index, file)
    return {}


def generate(folder):
    pipeline = StableDiffusion3Pipeline.from_pretrained(folder, text_encoder_3=None, tokenizer_3=None, local_files_only=True)
    generator = torch.manual_seed(1)
    image = pipeline("a dog on a beach", num_inference_steps=2, height=32, width=32, generator=generator).images[0]
    return {"size": image.size, "has_t5": pipeline.text_encoder_3 is not None, "is_uniform": len(set(image.getdata())) == 1}


torch.set_num_threads(1)
print(json.dumps({"make": make, "generate": generate}[sys.argv[1]](sys.argv[2])))
