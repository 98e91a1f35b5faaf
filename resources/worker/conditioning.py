"""What the transformer is told of a prompt: the two CLIPs side by side, and behind them T5 or the zeros that stand in for it.

    CLIP-L [77, l] | CLIP-G [77, g]  -> zeros up to the joint width -> [77, joint]
    T5-XXL's 256 rows of the prompt, or `t5_tokens` rows of zeros   -> [77 + tokens, joint]

The CLIPs read 77 tokens of a prompt and T5 256, as the pipeline does by itself; what is beyond is cut off.
diffusers appends 77 zero rows up to 0.35 and 256 from 0.36 on, the original program none: zeros take part in attention, so the number is
pinned here and handed to the pipeline ready made.
"""

import torch

T5_LENGTH = 256


class Conditioning:
    def __init__(self, pipeline, t5_tokens):
        self._pipeline = pipeline
        self._joint_width = pipeline.transformer.config.joint_attention_dim
        self.has_t5 = pipeline.text_encoder_3 is not None
        self.t5_tokens = T5_LENGTH if self.has_t5 else t5_tokens

    @torch.inference_mode()
    def encode(self, prompt):
        """(embeddings [1, 77 + tokens, joint], pooled [1, l + g]) on the pipeline's device, in its number type."""
        pipeline = self._pipeline
        first, first_pooled = self._encode_clip(pipeline.tokenizer, pipeline.text_encoder, prompt)
        second, second_pooled = self._encode_clip(pipeline.tokenizer_2, pipeline.text_encoder_2, prompt)
        clip = torch.cat([first, second], dim=-1)
        clip = torch.nn.functional.pad(clip, (0, self._joint_width - clip.shape[-1]))
        return torch.cat([clip, self._encode_t5(clip, prompt)], dim=1), torch.cat([first_pooled, second_pooled], dim=-1)

    def _encode_clip(self, tokenizer, encoder, prompt):
        """The layer before the last, as SD3 was trained, and the pooled vector."""
        tokens = tokenizer(prompt, padding="max_length", max_length=tokenizer.model_max_length, truncation=True, return_tensors="pt")
        output = encoder(tokens.input_ids.to(encoder.device), output_hidden_states=True)
        dtype = self._pipeline.transformer.dtype
        return output.hidden_states[-2].to(dtype), output[0].to(dtype)

    def _encode_t5(self, clip, prompt):
        """As the pipeline does it: padded to its length, without a mask. Without a tokenizer T5 is there to be measured and reads padding."""
        if not self.has_t5:
            return clip.new_zeros(1, self.t5_tokens, self._joint_width)
        encoder = self._pipeline.text_encoder_3
        tokenizer = self._pipeline.tokenizer_3
        if tokenizer is None:
            tokens = torch.zeros(1, T5_LENGTH, dtype=torch.long)
        else:
            tokens = tokenizer(
                prompt, padding="max_length", max_length=T5_LENGTH, truncation=True, add_special_tokens=True, return_tensors="pt"
            ).input_ids
        return encoder(tokens.to(encoder.device))[0].to(clip.dtype)
