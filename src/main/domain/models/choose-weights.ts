// Which weights of a diffusers component the worker loads, where a folder holds several sets of them: both precisions, or shards beside the
// full file. The same rule as load_pipeline.py: half precision only where the transformer has nothing else. Of shards and the full file
// transformers takes the file (modeling_utils.py, _get_resolved_checkpoint_files), diffusers the shards (modeling_utils.py, from_pretrained).

const INDEX_NAME = /\.safetensors\.index(\.[\w-]+)?\.json$/;
const SHARD_NAME = /-\d{5}-of-\d{5}\./;
const HALF_NAME = /\.fp16[.-]/;
/** What the libraries look for; another name is taken only where there is none of these. */
const KNOWN_NAMES = /^(model|diffusion_pytorch_model)(\.fp16)?\.safetensors$/;

/** Plain file names of one component's folder. */
export interface WeightSet {
  precision: 'full' | 'half';
  /** The file that lists the shards; null for one full file. */
  index: string | null;
  /** The full file; empty for shards, which their index names. */
  files: readonly string[];
}

/** Whether the pipeline is loaded in half precision: the transformer has nothing else. */
export function loadsHalf(transformerNames: readonly string[]): boolean {
  const weights = transformerNames.filter((name) => name.endsWith('.safetensors'));
  return weights.length > 0 && weights.every(isHalf);
}

/** Every set of weights among the names, the one that the library prefers first within a precision. */
export function listWeightSets(names: readonly string[], prefersShards: boolean): WeightSet[] {
  const shards = names
    .filter((name) => INDEX_NAME.test(name))
    .map((name): WeightSet => ({ precision: precisionOf(name), index: name, files: [] }));
  const single = names
    .filter((name) => name.endsWith('.safetensors') && !SHARD_NAME.test(name))
    .sort((a, b) => Number(KNOWN_NAMES.test(b)) - Number(KNOWN_NAMES.test(a)))
    .map((name): WeightSet => ({ precision: precisionOf(name), index: null, files: [name] }));
  return prefersShards ? [...shards, ...single] : [...single, ...shards];
}

/** The set that is loaded; null where there is none in the precision that is loaded. */
export function chooseWeights(names: readonly string[], options: { half: boolean; prefersShards: boolean }): WeightSet | null {
  // A component without half precision is loaded in full whatever the others are (_identify_model_variants of diffusers).
  const precision = options.half && names.some(isHalf) ? 'half' : 'full';
  return listWeightSets(names, options.prefersShards).find((set) => set.precision === precision) ?? null;
}

function precisionOf(name: string): WeightSet['precision'] {
  return isHalf(name) ? 'half' : 'full';
}

function isHalf(name: string): boolean {
  return HALF_NAME.test(name);
}
