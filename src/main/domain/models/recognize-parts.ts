// Finds by names and shapes of tensors which parts of Stable Diffusion 3 a file holds. Names of files play no role. Keys as in the
// single-file loader of diffusers (single_file_utils.py) and its conversion of SD3.
import type { ModelFamily, ModelPart, ModelPartName } from '../../../shared/model.js';
import { AppError } from '../../../shared/errors.js';
import { invalidModel } from './model-errors.js';
import { anotherModel, nameOtherModel } from './other-model.js';
import type { Tensor } from './safetensors-header.js';

/** The tensors to drop in refining: T5-XXL of a file that holds several parts. */
export const T5_PREFIX = 'text_encoders.t5xxl.';

export interface FoundPart {
  name: ModelPartName;
  tensors: Tensor[];
  /** Set for the transformer, which shows the family. */
  family?: ModelFamily;
}

/** What must be there for the model to make images; T5 may be missing. */
export const REQUIRED_PARTS = ['transformer', 'vae', 'clip-l', 'clip-g'] as const satisfies readonly ModelPartName[];

/** Part by the prefix of its keys, where a file holds several parts. */
const PREFIXES: readonly { prefix: string; name: ModelPartName; inner: string }[] = [
  { prefix: 'model.diffusion_model.', name: 'transformer', inner: '' },
  { prefix: 'first_stage_model.', name: 'vae', inner: '' },
  { prefix: 'vae.', name: 'vae', inner: '' },
  { prefix: 'text_encoders.clip_l.', name: 'clip-l', inner: 'transformer.' },
  { prefix: 'text_encoders.clip_g.', name: 'clip-g', inner: 'transformer.' },
  { prefix: T5_PREFIX, name: 't5', inner: 'transformer.' },
];

/** Keys without prefix: of the transformer as published, and as diffusers renames them. */
const TRANSFORMER_KEYS = [
  { context: 'joint_blocks.0.context_block.adaLN_modulation.1.bias', positions: 'pos_embed' },
  { context: 'transformer_blocks.0.norm1_context.linear.bias', positions: 'pos_embed.pos_embed' },
] as const;
const CLIP_KEY = 'text_model.embeddings.position_embedding.weight';
const T5_KEY = 'shared.weight';
const VAE_KEY = 'decoder.conv_in.weight';
/** SD3's VAE has 16 latent channels; those of SD1 to SDXL have 4. */
const LATENT_CHANNELS = 16;
/** Width of the position embedding, which tells the CLIPs of separate files apart. */
const CLIP_WIDTHS = new Map<number, ModelPartName>([
  [768, 'clip-l'],
  [1280, 'clip-g'],
]);
/** pos_embed.shape[1]: 192 x 192 positions in SD3 medium, 384 x 384 in SD3.5 medium. */
const SD3_MEDIUM_POSITIONS = 36_864;
const SD35_MEDIUM_POSITIONS = 147_456;
/** Six modulations of the width: 6 x 1536 in SD3 medium, 6 x 2432 in SD3.5 large. */
const SD3_MEDIUM_MODULATION = 9_216;
const SD35_LARGE_MODULATION = 14_592;

/** The parts in one file or one set of shards. Throws `invalid-input` for a part without its key, `unsupported` for another model's. */
export function findParts(tensors: readonly Tensor[], file: string): FoundPart[] {
  const other = nameOtherModel(tensors);
  if (other !== null) throw anotherModel(file, other);
  const groups = new Map<ModelPartName, { tensors: Tensor[]; prefix: string; inner: string }>();
  const others: Tensor[] = [];
  for (const tensor of tensors) {
    const rule = PREFIXES.find(({ prefix }) => tensor.name.startsWith(prefix));
    if (!rule) {
      others.push(tensor);
      continue;
    }
    const group = groups.get(rule.name);
    if (group) group.tensors.push(tensor);
    else groups.set(rule.name, { tensors: [tensor], prefix: rule.prefix, inner: rule.inner });
  }
  if (groups.size === 0) return [findBarePart(tensors, file)];
  const parts = [...groups].map(([name, group]) => checkPart(name, group.tensors, `${group.prefix}${group.inner}`, file));
  return others.length > 0 ? [...parts, { name: 'other', tensors: others }] : parts;
}

/** A file whose keys have no prefix is one part whole, or of no use. */
function findBarePart(tensors: readonly Tensor[], file: string): FoundPart {
  const has = (name: string): Tensor | undefined => tensors.find((tensor) => tensor.name === name);
  const clip = has(CLIP_KEY);
  if (clip) {
    const name = CLIP_WIDTHS.get(clip.shape[1] ?? 0);
    if (name) return { name, tensors: [...tensors] };
    throw invalidModel(file, `is a CLIP of width ${clip.shape[1] ?? 0}`, 'SD3 has CLIP-L (width 768) and CLIP-G (width 1280).');
  }
  if (TRANSFORMER_KEYS.some(({ context }) => has(context))) return checkPart('transformer', [...tensors], '', file);
  if (has(T5_KEY)) return checkPart('t5', [...tensors], '', file);
  if (has(VAE_KEY)) return checkPart('vae', [...tensors], '', file);
  return { name: 'other', tensors: [...tensors] };
}

/** Looks for what a part is known by. `prefix` is before all its keys. */
export function checkPart(name: ModelPartName, tensors: Tensor[], prefix: string, file: string): FoundPart {
  const find = (key: string): Tensor | undefined => tensors.find((tensor) => tensor.name === `${prefix}${key}`);
  const need = (key: string): Tensor => {
    const tensor = find(key);
    if (tensor) return tensor;
    throw invalidModel(file, `lacks ${prefix}${key}, by which its part ${name} is known`, 'Fetch it again, or use the published file.');
  };
  switch (name) {
    case 'transformer': {
      const keys = TRANSFORMER_KEYS.find(({ context }) => find(context)) ?? TRANSFORMER_KEYS[0];
      return { name, tensors, family: detectFamily(need(keys.context), need(keys.positions), file) };
    }
    case 'clip-l':
    case 'clip-g':
      need(CLIP_KEY);
      return { name, tensors };
    case 't5':
      need(T5_KEY);
      return { name, tensors };
    case 'vae': {
      const channels = need(VAE_KEY).shape[1];
      if (channels === LATENT_CHANNELS) return { name, tensors };
      throw new AppError(
        'unsupported',
        `${file} holds a VAE of ${channels ?? 0} latent channels`,
        'SD3’s VAE has 16: use the one of SD3 medium.',
      );
    }
    case 'other':
      return { name, tensors };
  }
}

function detectFamily(context: Tensor, positions: Tensor, file: string): ModelFamily {
  const modulation = context.shape.at(-1);
  const count = positions.shape[1];
  const other = count === SD35_MEDIUM_POSITIONS ? 'SD3.5 medium' : modulation === SD35_LARGE_MODULATION ? 'SD3.5 large' : null;
  if (other) throw anotherModel(file, other);
  return count === SD3_MEDIUM_POSITIONS && modulation === SD3_MEDIUM_MODULATION ? 'sd3-medium' : 'sd3-other';
}

/** Counts a part for people. */
export function describePart(part: FoundPart): ModelPart {
  const bytesByDtype = new Map<string, number>();
  for (const { dtype, startByte, endByte } of part.tensors) {
    bytesByDtype.set(dtype, (bytesByDtype.get(dtype) ?? 0) + endByte - startByte);
  }
  const byBytes = [...bytesByDtype].sort((a, b) => b[1] - a[1]);
  return {
    name: part.name,
    tensorCount: part.tensors.length,
    sizeBytes: byBytes.reduce((sum, [, bytes]) => sum + bytes, 0),
    dtypes: byBytes.map(([dtype]) => dtype),
  };
}
