// Small files in the safetensors format with the keys and shapes of Stable Diffusion 3, made of seeded bytes: not a model, but like one to
// everything that looks at headers and copies bytes.
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface TensorSpec {
  name: string;
  dtype: string;
  shape: number[];
}

const ELEMENT_BYTES: Record<string, number> = { F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, U8: 1 };

/** The same pseudo-random bytes for the same seed. */
export function seededBytes(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export function tensorBytes({ dtype, shape }: TensorSpec): number {
  return shape.reduce((product, size) => product * size, 1) * (ELEMENT_BYTES[dtype] ?? 1);
}

/** A header text and its data as a file. */
export function frame(header: string | Uint8Array, data: Uint8Array = new Uint8Array()): Buffer {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

/** The header's JSON for tensors that lie end to end in the order given. */
export function headerOf(tensors: readonly TensorSpec[], metadata?: Record<string, string>): string {
  let end = 0;
  const entries = tensors.map((tensor) => {
    const start = end;
    end += tensorBytes(tensor);
    return [tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [start, end] }] as const;
  });
  return JSON.stringify({ ...(metadata ? { __metadata__: metadata } : {}), ...Object.fromEntries(entries) });
}

export function buildSafetensors(
  tensors: readonly TensorSpec[],
  options: { metadata?: Record<string, string>; seed?: number } = {},
): Buffer {
  const dataBytes = tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  return frame(headerOf(tensors, options.metadata), seededBytes(dataBytes, options.seed ?? 1));
}

const f16 = (name: string, ...shape: number[]): TensorSpec => ({ name, dtype: 'F16', shape });

/** Transformer keys; `positions` is 36,864 in SD3 medium and 147,456 in SD3.5 medium. */
export function transformerTensors(prefix = 'model.diffusion_model.', positions = 36_864, modulation = 9216): TensorSpec[] {
  return [
    f16(`${prefix}pos_embed`, 1, positions, 1),
    f16(`${prefix}joint_blocks.0.context_block.adaLN_modulation.1.bias`, modulation),
    f16(`${prefix}x_embedder.proj.weight`, 16, 16, 2, 2),
  ];
}

export function vaeTensors(prefix = 'first_stage_model.', channels = 16): TensorSpec[] {
  return [f16(`${prefix}decoder.conv_in.weight`, 4, channels, 3, 3), f16(`${prefix}encoder.conv_in.weight`, 4, 3, 3, 3)];
}

export function clipTensors(prefix: string, width: number): TensorSpec[] {
  return [
    f16(`${prefix}text_model.embeddings.position_embedding.weight`, 7, width),
    f16(`${prefix}text_model.final_layer_norm.bias`, width),
  ];
}

export function t5Tensors(prefix = 'text_encoders.t5xxl.transformer.', dtype = 'F16'): TensorSpec[] {
  return [
    { name: `${prefix}shared.weight`, dtype, shape: [3, 5] },
    { name: `${prefix}encoder.block.0.layer.0.SelfAttention.q.weight`, dtype, shape: [64, 64] },
  ];
}

/** The parts of an all-in-one file by name, in the order of the published one. */
export function allInOneTensors(leaveOut: readonly string[] = [], t5Dtype = 'F16'): TensorSpec[] {
  const parts: Record<string, TensorSpec[]> = {
    vae: vaeTensors(),
    transformer: transformerTensors(),
    'clip-g': clipTensors('text_encoders.clip_g.transformer.', 1280),
    t5: t5Tensors(undefined, t5Dtype),
    'clip-l': clipTensors('text_encoders.clip_l.transformer.', 768),
  };
  return Object.entries(parts).flatMap(([name, tensors]) => (leaveOut.includes(name) ? [] : tensors));
}

/** An all-in-one file of the given sizes and a little more; its data is a hole, so it takes no room on the disk. */
export function writeSparseModel(path: string, keptBytes: number, t5Bytes: number): void {
  const tensors: TensorSpec[] = [
    ...allInOneTensors(),
    { name: 'text_encoders.t5xxl.filler', dtype: 'U8', shape: [t5Bytes] },
    { name: 'model.diffusion_model.filler', dtype: 'U8', shape: [keptBytes] },
  ];
  const header = frame(headerOf(tensors));
  writeFileSync(path, header);
  truncateSync(path, header.length + tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0));
}

/** Writes files (and the folders they need) below `folder`. */
export function writeFiles(folder: string, files: Record<string, string | Uint8Array>): void {
  for (const [relativePath, bytes] of Object.entries(files)) {
    const path = join(folder, relativePath);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}

/** The files of a diffusers folder, with T5 in two shards. */
export function diffusersFiles(): Record<string, string | Uint8Array> {
  const [shared, query] = t5Tensors('') as [TensorSpec, TensorSpec];
  const index = {
    _class_name: 'StableDiffusion3Pipeline',
    _diffusers_version: '0.36.0',
    scheduler: ['diffusers', 'FlowMatchEulerDiscreteScheduler'],
    text_encoder: ['transformers', 'CLIPTextModelWithProjection'],
    text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
    text_encoder_3: ['transformers', 'T5EncoderModel'],
    tokenizer: ['transformers', 'CLIPTokenizer'],
    tokenizer_2: ['transformers', 'CLIPTokenizer'],
    tokenizer_3: ['transformers', 'T5TokenizerFast'],
    transformer: ['diffusers', 'SD3Transformer2DModel'],
    vae: ['diffusers', 'AutoencoderKL'],
  };
  return {
    'model_index.json': JSON.stringify(index),
    'LICENSE.md': 'Text of the license',
    'scheduler/scheduler_config.json': '{}',
    'tokenizer/vocab.json': '{}',
    'tokenizer_2/vocab.json': '{}',
    'tokenizer_3/spiece.model': seededBytes(100, 9),
    'transformer/config.json': '{}',
    'transformer/diffusion_pytorch_model.safetensors': buildSafetensors([
      f16('pos_embed.pos_embed', 1, 36_864, 1),
      f16('transformer_blocks.0.norm1_context.linear.bias', 9216),
    ]),
    'vae/diffusion_pytorch_model.safetensors': buildSafetensors(vaeTensors('')),
    'text_encoder/model.safetensors': buildSafetensors(clipTensors('', 768)),
    'text_encoder_2/model.safetensors': buildSafetensors(clipTensors('', 1280)),
    'text_encoder_3/model-00001-of-00002.safetensors': buildSafetensors([shared]),
    'text_encoder_3/model-00002-of-00002.safetensors': buildSafetensors([query]),
    'text_encoder_3/model.safetensors.index.json': JSON.stringify({
      weight_map: { [shared.name]: 'model-00001-of-00002.safetensors', [query.name]: 'model-00002-of-00002.safetensors' },
    }),
  };
}
