// Recognizes models that are not SD3 medium by the names of their tensors, so that a refusal names the model and not a key that it lacks. Names
// as in the single-file loader of diffusers (single_file_utils.py); the width of cross attention is that of the text encoders: 768 for
// SD 1.x, 1024 for SD 2.x, 2048 for SDXL and 1280 for its refiner.
import { AppError } from '../../../shared/errors.js';
import type { Tensor } from './safetensors-header.js';

/** What a name must contain, and the model that has such a tensor. The first match wins. */
const NAMES: readonly (readonly [pattern: RegExp, title: string])[] = [
  [/(^|\.)single_stream_modulation\.lin\.weight$/, 'FLUX.2'],
  [/(^|\.)double_blocks\.0\.img_attn\./, 'FLUX.1'],
  [/(^|\.)single_transformer_blocks\.0\.attn\./, 'FLUX.1'],
  [/(^|\.)joint_blocks\.37\./, 'SD3.5 large'],
  [/(^|\.)joint_blocks\.0\.x_block\.attn2\./, 'SD3.5 medium'],
  // SD3 medium normalises neither queries nor keys.
  [/(^|\.)joint_blocks\.0\.x_block\.attn\.ln_q\./, 'SD3.5'],
  [/(^|\.)transformer_blocks\.0\.attn\.norm_added_q\./, 'SD3.5'],
  [/^conditioner\.embedders\.1\./, 'SDXL'],
  [/^conditioner\.embedders\.0\.model\./, 'the refiner of SDXL'],
  [/^cond_stage_model\.transformer\./, 'Stable Diffusion 1.x'],
  [/^cond_stage_model\.model\./, 'Stable Diffusion 2.x'],
];
const CROSS_ATTENTION = /(^|\.)(input_blocks|down_blocks)\..*\.attn2\.to_k\.weight$/;
const TITLE_OF_WIDTH = new Map<number, string>([
  [768, 'Stable Diffusion 1.x'],
  [1024, 'Stable Diffusion 2.x'],
  [1280, 'the refiner of SDXL'],
  [2048, 'SDXL'],
]);

const TITLE_OF_PIPELINE = new Map<string, string>([
  ['StableDiffusionXLPipeline', 'SDXL'],
  ['StableDiffusionXLImg2ImgPipeline', 'the refiner of SDXL'],
  ['StableDiffusionPipeline', 'Stable Diffusion 1.x or 2.x'],
  ['FluxPipeline', 'FLUX.1'],
  ['Flux2Pipeline', 'FLUX.2'],
]);

/** The other model's name, or null where nothing speaks for one. */
export function nameOtherModel(tensors: readonly Tensor[]): string | null {
  for (const [pattern, title] of NAMES) if (tensors.some(({ name }) => pattern.test(name))) return title;
  const crossAttention = tensors.find(({ name }) => CROSS_ATTENTION.test(name));
  return TITLE_OF_WIDTH.get(crossAttention?.shape.at(-1) ?? 0) ?? null;
}

/** The same of a pipeline class in model_index.json. */
export function titleOfPipeline(className: string): string | null {
  return TITLE_OF_PIPELINE.get(className) ?? null;
}

export function anotherModel(file: string, title: string): AppError {
  return new AppError(
    'unsupported',
    `${file} holds another model: ${title}`,
    'reSD3-m is made of SD3 medium: use sd3_medium_incl_clips, or the diffusers folder of SD3 medium.',
  );
}
