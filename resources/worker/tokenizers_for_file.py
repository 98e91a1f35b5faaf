"""The tokenizers that an all-in-one file lacks. No vocabulary is shipped with this program; it is looked for where it may lie."""

import gzip
import importlib.util
import os

from transformers import CLIPTokenizer, T5TokenizerFast

from failures import BadInput

END = "<|endoftext|>"
# CLIP-G pads with the exclamation mark, which is token 0, and CLIP-L with the end of the text.
PADDING = {"tokenizer": END, "tokenizer_2": "!"}


def load_tokenizers(folders):
    """{tokenizer, tokenizer_2} from the first folder that has them, else from an installed open_clip. Raises BadInput."""
    for folder in folders:
        if all(has_vocabulary(os.path.join(folder, name)) for name in PADDING):
            return {name: CLIPTokenizer.from_pretrained(os.path.join(folder, name), local_files_only=True) for name in PADDING}
    found = find_open_clip_vocabulary()
    if found is not None:
        vocabulary, merges = read_open_clip_vocabulary(found)
        return {name: make_tokenizer(vocabulary, merges, padding) for name, padding in PADDING.items()}
    raise BadInput(
        "The model is one file and has no tokenizers, and there are no folders tokenizer and tokenizer_2 in %s" % " or ".join(folders),
        "Copy tokenizer and tokenizer_2 of the diffusers release of SD3 medium there, or install open_clip_torch in the worker's Python "
        "(pip install --no-deps open_clip_torch), or push the model as a diffusers folder.",
    )


def load_t5_tokenizer(folders):
    """T5's own from the first folder that has it; None where none does: nothing else holds its vocabulary."""
    for folder in (os.path.join(folder, "tokenizer_3") for folder in folders):
        if os.path.isfile(os.path.join(folder, "tokenizer.json")):
            return T5TokenizerFast.from_pretrained(folder, local_files_only=True)
    return None


def has_vocabulary(folder):
    return any(os.path.isfile(os.path.join(folder, name)) for name in ("vocab.json", "tokenizer.json"))


def find_open_clip_vocabulary():
    """Looks at the package's files only: importing it would load all of it."""
    spec = importlib.util.find_spec("open_clip")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        path = os.path.join(folder, "bpe_simple_vocab_16e6.txt.gz")
        if os.path.isfile(path):
            return path
    return None


# The file lists more merges than CLIP uses: its vocabulary has 49,408 entries, 512 of them bytes and 2 of them marks.
MERGE_COUNT = 49408 - 512 - 2


def read_open_clip_vocabulary(path):
    """(vocabulary, merges) of CLIP: the bytes, the bytes that end a word, one entry a merge, the two marks."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()[1 : MERGE_COUNT + 1]
    merges = [tuple(line.split()) for line in lines]
    letters = byte_letters()
    words = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in merges] + ["<|startoftext|>", END]
    return {word: index for index, word in enumerate(words)}, merges


def byte_letters():
    """A printable letter for each byte, the printable ones first, as byte-level BPE numbers them."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(others))]


def make_tokenizer(vocabulary, merges, padding):
    try:
        return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=padding, model_max_length=77)
    except TypeError:
        return make_tokenizer_from_files(vocabulary, merges, padding)


def make_tokenizer_from_files(vocabulary, merges, padding):
    """For transformers before 5, which reads the vocabulary from files only."""
    import json
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        vocabulary_path, merges_path = os.path.join(folder, "vocab.json"), os.path.join(folder, "merges.txt")
        with open(vocabulary_path, "w", encoding="utf-8") as file:
            json.dump(vocabulary, file)
        with open(merges_path, "w", encoding="utf-8") as file:
            file.write("#version: 0.2\n" + "".join("%s %s\n" % pair for pair in merges))
        return CLIPTokenizer(vocabulary_path, merges_path, pad_token=padding, model_max_length=77)
