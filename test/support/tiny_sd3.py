"""A Stable Diffusion 3 pipeline of the real classes with a few layers of random weights.

`make FOLDER` saves one with T5 in shards, as diffusers lays it out; `pack FOLDER FILE` writes the same weights as one file with the names of
the published all-in-one; `both FOLDER FILE` does one after the other; `generate FOLDER [FILE]` makes an image of 32x32 pixels without T5 (of
a file, with the settings of the folder), and `generate_each PLACES` one for each of a JSON list of such words; `generate_whole FOLDER PROMPT`
makes one of 512x512 with T5, encoded by the pipeline itself, with the settings of the reference. The pipeline makes images of
up to 512x512 pixels, in a second or so on a processor.
Prints one JSON document. The weights are random: the image shows nothing.
"""

import hashlib
import io
import json
import os
import sys
import tempfile

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline
from PIL import ImageChops
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.decoders import Metaspace as MetaspaceDecoder
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing
from transformers import (
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
)

THREADS = torch.get_num_threads()
torch.set_num_threads(1)

WIDTH = 32
# Unlike widths, by which the loader tells the two CLIPs apart.
CLIP_L_WIDTH, CLIP_G_WIDTH = 16, 24
VOCABULARY = 1000
# As many as in the real one: a latent stands for 8x8 pixels.
VAE_BLOCKS = 4


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


def make_t5_tokenizer():
    """Knows single characters too, in the form of the real one."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)] + [(chr(code), -2.0) for code in range(33, 127)]
    backend = Tokenizer(Unigram(pieces, unk_id=2))
    backend.pre_tokenizer = Metaspace()
    backend.decoder = MetaspaceDecoder()
    backend.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    marks = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, model_max_length=512, **marks)
    return tokenizer


def make_clip(width):
    return CLIPTextModelWithProjection(
        CLIPTextConfig(
            vocab_size=VOCABULARY,
            hidden_size=width,
            intermediate_size=width,
            num_hidden_layers=2,
            num_attention_heads=4,
            projection_dim=width,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )


def make(folder):
    torch.manual_seed(0)
    transformer = SD3Transformer2DModel(
        sample_size=64,
        patch_size=2,
        in_channels=16,
        out_channels=16,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=CLIP_L_WIDTH + CLIP_G_WIDTH,
        caption_projection_dim=WIDTH,
        pooled_projection_dim=CLIP_L_WIDTH + CLIP_G_WIDTH,
        pos_embed_max_size=32,
    )
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * VAE_BLOCKS,
        up_block_types=("UpDecoderBlock2D",) * VAE_BLOCKS,
        # Unlike widths, so that there are shortcuts to rename, as in the real one.
        block_out_channels=(4, 4, 8, 8),
        latent_channels=16,
        norm_num_groups=1,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.06,
        scaling_factor=1.5,
    )
    clip_l = make_clip(CLIP_L_WIDTH)
    # The loader of single files takes it for the identity.
    torch.nn.init.eye_(clip_l.text_projection.weight)
    tokenizer = make_tokenizer()
    StableDiffusion3Pipeline(
        transformer=transformer,
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=vae,
        text_encoder=clip_l,
        tokenizer=tokenizer,
        text_encoder_2=make_clip(CLIP_G_WIDTH),
        tokenizer_2=tokenizer,
        text_encoder_3=None,
        tokenizer_3=None,
    ).save_pretrained(folder)
    t5 = T5EncoderModel(T5Config(vocab_size=VOCABULARY, d_model=CLIP_L_WIDTH + CLIP_G_WIDTH, d_kv=8, d_ff=64, num_layers=2, num_heads=4))
    t5.save_pretrained(os.path.join(folder, "text_encoder_3"), max_shard_size="80KB")
    make_t5_tokenizer().save_pretrained(os.path.join(folder, "tokenizer_3"))
    index_file = os.path.join(folder, "model_index.json")
    with open(index_file) as file:
        index = json.load(file)
    index["text_encoder_3"] = ["transformers", "T5EncoderModel"]
    index["tokenizer_3"] = ["transformers", "T5TokenizerFast"]
    with open(index_file, "w") as file:
        json.dump(index, file)
    return {}


def rename_transformer(weights):
    """To the names of the published file; of one block, which is the last one too."""
    swap = lambda tensor: torch.cat(tensor.chunk(2)[::-1])
    names = {
        "x_embedder.proj": "pos_embed.proj",
        "t_embedder.mlp.0": "time_text_embed.timestep_embedder.linear_1",
        "t_embedder.mlp.2": "time_text_embed.timestep_embedder.linear_2",
        "y_embedder.mlp.0": "time_text_embed.text_embedder.linear_1",
        "y_embedder.mlp.2": "time_text_embed.text_embedder.linear_2",
        "context_embedder": "context_embedder",
        "final_layer.linear": "proj_out",
        "joint_blocks.0.x_block.attn.proj": "transformer_blocks.0.attn.to_out.0",
        "joint_blocks.0.x_block.adaLN_modulation.1": "transformer_blocks.0.norm1.linear",
        "joint_blocks.0.x_block.mlp.fc1": "transformer_blocks.0.ff.net.0.proj",
        "joint_blocks.0.x_block.mlp.fc2": "transformer_blocks.0.ff.net.2",
    }
    renamed = {"pos_embed": weights["pos_embed.pos_embed"]}
    for kind in ["weight", "bias"]:
        for name, own in names.items():
            renamed[f"{name}.{kind}"] = weights[f"{own}.{kind}"]
        for stream, queries in {"x": "to_{}", "context": "add_{}_proj"}.items():
            parts = [weights[f"transformer_blocks.0.attn.{queries.format(letter)}.{kind}"] for letter in "qkv"]
            renamed[f"joint_blocks.0.{stream}_block.attn.qkv.{kind}"] = torch.cat(parts)
        renamed[f"joint_blocks.0.context_block.adaLN_modulation.1.{kind}"] = swap(weights[f"transformer_blocks.0.norm1_context.linear.{kind}"])
        renamed[f"final_layer.adaLN_modulation.1.{kind}"] = swap(weights[f"norm_out.linear.{kind}"])
    return renamed


def rename_vae(name):
    """To the names of the published file, which counts the blocks upwards from the widest picture on."""
    for own, other in [
        ("mid_block.resnets.0", "mid.block_1"),
        ("mid_block.resnets.1", "mid.block_2"),
        ("mid_block.attentions.0.group_norm", "mid.attn_1.norm"),
        ("mid_block.attentions.0.to_out.0", "mid.attn_1.proj_out"),
        ("mid_block.attentions.0.to_", "mid.attn_1."),
        ("conv_norm_out", "norm_out"),
        ("conv_shortcut", "nin_shortcut"),
        ("downsamplers.0", "downsample"),
        ("upsamplers.0", "upsample"),
    ]:
        name = name.replace(own, other)
    for block in range(VAE_BLOCKS):
        name = name.replace(f"down_blocks.{block}.", f"down.{block}.").replace(f"up_blocks.{block}.", f"up.{VAE_BLOCKS - 1 - block}.")
    return name.replace(".resnets.", ".block.")


def pack(folder, path):
    def load(component):
        weights = {}
        for name in sorted(os.listdir(os.path.join(folder, component))):
            if name.endswith(".safetensors"):
                weights.update(load_file(os.path.join(folder, component, name)))
        return weights

    tensors = {}
    tensors.update({f"model.diffusion_model.{name}": tensor for name, tensor in rename_transformer(load("transformer")).items()})
    tensors.update({f"first_stage_model.{rename_vae(name)}": tensor for name, tensor in load("vae").items()})
    for component, part in [("text_encoder", "clip_l"), ("text_encoder_2", "clip_g"), ("text_encoder_3", "t5xxl")]:
        tensors.update({f"text_encoders.{part}.transformer.{name}": tensor for name, tensor in load(component).items()})
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, metadata={"modelspec.title": "random weights"})
    return {}


def generate(folder, path=None):
    without_t5 = {"text_encoder_3": None, "tokenizer_3": None, "local_files_only": True}
    if path is None:
        pipeline = StableDiffusion3Pipeline.from_pretrained(folder, **without_t5)
    else:
        pipeline = StableDiffusion3Pipeline.from_single_file(path, config=folder, **without_t5)
    generator = torch.manual_seed(1)
    image = pipeline("a dog on a beach", num_inference_steps=2, height=32, width=32, generator=generator).images[0]
    is_uniform = all(low == high for low, high in image.getextrema())
    return {"size": image.size, "is_uniform": is_uniform, "sha256": hashlib.sha256(image.tobytes()).hexdigest()}


def generate_whole(folder, prompt, path=None):
    """What the worker's own encoding is to come to, from the folder or from one file: the SHA-256 of the PNG.

    Of one file also by how many of 255 levels any pixel differs from the folder's: the weights are the same, but sums of floats depend on how
    these lie in memory, which some processors show in the last digit.
    """
    # They depend on how many threads share them, too; the worker takes what torch takes.
    torch.set_num_threads(THREADS)
    of_folder = image_of(StableDiffusion3Pipeline.from_pretrained(folder, local_files_only=True), prompt)
    if path is None:
        return {"sha256": hash_of_png(of_folder)}
    of_file = image_of(StableDiffusion3Pipeline.from_single_file(path, config=folder, local_files_only=True), prompt)
    levels = max(high for _, high in ImageChops.difference(of_folder, of_file).getextrema())
    return {"sha256": hash_of_png(of_file), "levels": levels}


def image_of(pipeline, prompt):
    one, other = pipeline.text_encoder_3.shared, pipeline.text_encoder_3.encoder.embed_tokens
    if other.weight.is_meta:
        other.weight = one.weight
    elif one.weight.is_meta:
        one.weight = other.weight
    pipeline.text_encoder_3.eval()
    pipeline.scheduler = FlowMatchEulerDiscreteScheduler.from_config(pipeline.scheduler.config, shift=3.0)
    generator = torch.Generator("cpu").manual_seed(7)
    return pipeline(prompt, num_inference_steps=2, guidance_scale=5.0, height=512, width=512, generator=generator).images[0]


def hash_of_png(image):
    file = io.BytesIO()
    image.save(file, format="PNG", compress_level=1)
    return hashlib.sha256(file.getvalue()).hexdigest()


def both(folder, path):
    make(folder)
    return pack(folder, path)


def generate_each(places):
    """An image of each folder, or folder and file: what is imported takes longer than they do."""
    return [generate(*place) for place in json.loads(places)]


COMMANDS = [make, pack, both, generate, generate_each, generate_whole]
print(json.dumps({command.__name__: command for command in COMMANDS}[sys.argv[1]](*sys.argv[2:])))
