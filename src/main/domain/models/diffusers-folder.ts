// A folder as diffusers saves it: model_index.json names the components, each has a folder of its own, weights may be in shards.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.js';
import type { ModelPartName } from '../../../shared/model.js';
import { buildModel } from './inspected-model.js';
import type { InspectedFile, InspectedModel } from './inspected-model.js';
import { invalidModel, quoteName, toModelFileError } from './model-errors.js';
import { notSafetensors, readModelFile } from './read-safetensors.js';
import type { FoundPart } from './recognize-parts.js';
import { checkPart } from './recognize-parts.js';
import type { Tensor } from './safetensors-header.js';

export const MODEL_INDEX_NAME = 'model_index.json';
/** Left out in refining. */
export const T5_COMPONENTS: readonly string[] = ['text_encoder_3', 'tokenizer_3'];
const PIPELINE_CLASS = 'StableDiffusion3Pipeline';
/** Settings and vocabularies are small; what is larger and holds no weights is not the model's. */
const MAX_SETTINGS_BYTES = 32 * 1024 * 1024;
/** Component folders that hold weights. */
const PART_OF_COMPONENT = new Map<string, ModelPartName>([
  ['transformer', 'transformer'],
  ['vae', 'vae'],
  ['text_encoder', 'clip-l'],
  ['text_encoder_2', 'clip-g'],
  ['text_encoder_3', 't5'],
]);
const REQUIRED_SETTINGS = ['scheduler', 'tokenizer', 'tokenizer_2'] as const;

const componentSchema = z.tuple([z.string().nullable(), z.string().nullable()]);
const modelIndexSchema = z.looseObject({ _class_name: z.string() });
const shardIndexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** Parses model_index.json. Throws `invalid-input`, or `unsupported` for another pipeline. */
export function parseModelIndex(text: string, file: string): Record<string, unknown> {
  const parsed = modelIndexSchema.safeParse(parseJson(text, file));
  if (!parsed.success) throw invalidModel(file, 'has no _class_name', 'Name a folder that diffusers has saved.');
  if (parsed.data._class_name === PIPELINE_CLASS) return parsed.data;
  throw new AppError('unsupported', `${file} describes ${quoteName(parsed.data._class_name)}`, `Refining needs a ${PIPELINE_CLASS}.`);
}

/** Names of the components that the index says are there. They become folder names, so only plain ones are taken. */
function listComponents(index: Record<string, unknown>, file: string): string[] {
  return Object.entries(index).flatMap(([name, value]) => {
    const component = componentSchema.safeParse(value);
    if (!component.success || component.data[1] === null) return [];
    if (/^[A-Za-z0-9][A-Za-z0-9_]*$/.test(name)) return [name];
    throw invalidModel(file, `names a component ${quoteName(name)}, which can't be a folder`);
  });
}

/** See `inspectModel` for the errors. */
export async function inspectDiffusersFolder(folder: string): Promise<InspectedModel> {
  const indexPath = join(folder, MODEL_INDEX_NAME);
  const components = listComponents(parseModelIndex(await readText(indexPath), indexPath), indexPath);
  const missing = REQUIRED_SETTINGS.filter((name) => !components.includes(name));
  if (missing.length > 0) throw invalidModel(indexPath, `lacks ${missing.join(', ')}`, 'Fetch the whole folder.');
  // The license and the model's card go along with it.
  const files = (await listFiles(folder, '')).filter((file) => file.header === null && file.kind === 'unknown');
  const parts: FoundPart[] = [];
  for (const component of components) {
    const inside = await listFiles(folder, component);
    const weights = inside.filter((file) => file.header !== null);
    const settings = inside.filter((file) => file.kind === 'unknown');
    const name = PART_OF_COMPONENT.get(component);
    if (name) {
      const pickle = inside.find((file) => file.kind === 'pickle');
      if (weights.length === 0 && pickle) throw notSafetensors(pickle.path, 'pickle');
      if (weights.length === 0) throw invalidModel(join(folder, component), 'has no weights in the safetensors format');
      parts.push(await checkComponent(name, join(folder, component), weights, settings));
    }
    if (inside.length === 0) throw invalidModel(join(folder, component), 'is empty');
    files.push(...settings, ...weights);
  }
  return buildModel(
    'diffusers',
    folder,
    parts,
    files.map(({ kind: _kind, ...file }) => file),
  );
}

interface ListedFile extends InspectedFile {
  kind: Awaited<ReturnType<typeof readModelFile>>['kind'];
}

/** The visible files of one component (or of the top, for ''); settings only up to their limit. */
async function listFiles(folder: string, component: string): Promise<ListedFile[]> {
  const inside = join(folder, component);
  const names = await readdir(inside).catch((thrown: unknown) => {
    throw toModelFileError(thrown, inside);
  });
  const files: ListedFile[] = [];
  for (const name of names.filter((candidate) => !candidate.startsWith('.')).sort()) {
    const path = join(inside, name);
    const stats = await stat(path).catch((thrown: unknown) => {
      throw toModelFileError(thrown, path);
    });
    if (!stats.isFile()) continue;
    const { kind, sizeBytes, header } = await readModelFile(path);
    if (kind === 'unknown' && sizeBytes > MAX_SETTINGS_BYTES) continue;
    const part = header ? PART_OF_COMPONENT.get(component) : undefined;
    files.push({
      relativePath: component === '' ? name : `${component}/${name}`,
      path,
      sizeBytes,
      header,
      parts: part ? [part] : [],
      kind,
    });
  }
  return files;
}

/** Each variant (full or half precision) is one file or a set of shards, and must be the part whole. */
async function checkComponent(name: ModelPartName, folder: string, weights: ListedFile[], settings: ListedFile[]): Promise<FoundPart> {
  const byName = new Map(weights.map((file) => [baseName(file), file]));
  const sets: { tensors: Tensor[]; path: string }[] = [];
  const inShards = new Set<string>();
  for (const index of settings.filter((file) => /\.safetensors\.index(\.[\w-]+)?\.json$/.test(file.relativePath))) {
    const tensors = await readShards(index, byName);
    for (const { shard } of tensors) inShards.add(shard);
    sets.push({ tensors: tensors.map(({ tensor }) => tensor), path: index.path });
  }
  for (const file of weights) {
    if (!inShards.has(baseName(file))) sets.push({ tensors: [...(file.header?.tensors ?? [])], path: file.path });
  }
  const parts = sets.map((set) => checkPart(name, set.tensors, '', set.path));
  const [first] = parts;
  if (!first) throw invalidModel(folder, 'has no weights in the safetensors format');
  return { ...first, tensors: parts.flatMap((part) => part.tensors) };
}

/** The tensors of a set of shards. Every tensor of the index must be in the shard it names, and the shards must hold no others. */
async function readShards(index: ListedFile, files: ReadonlyMap<string, ListedFile>): Promise<{ tensor: Tensor; shard: string }[]> {
  const parsed = shardIndexSchema.safeParse(parseJson(await readText(index.path), index.path));
  if (!parsed.success) throw invalidModel(index.path, 'has no weight_map from tensors to files');
  const expected = parsed.data.weight_map;
  const found: { tensor: Tensor; shard: string }[] = [];
  for (const shard of new Set(Object.values(expected))) {
    const header = files.get(shard)?.header;
    if (!header) throw invalidModel(index.path, `names the shard ${quoteName(shard)}, which is not there`, 'Fetch the missing file.');
    for (const tensor of header.tensors) {
      if (expected[tensor.name] !== shard)
        throw invalidModel(index.path, `does not place ${quoteName(tensor.name)} of ${quoteName(shard)} there`);
      found.push({ tensor, shard });
    }
  }
  const names = new Set(found.map(({ tensor }) => tensor.name));
  const lost = Object.keys(expected).find((name) => !names.has(name));
  if (lost !== undefined) throw invalidModel(index.path, `names the tensor ${quoteName(lost)}, which no shard holds`);
  return found;
}

function baseName(file: InspectedFile): string {
  return file.relativePath.split('/').at(-1) ?? '';
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_SETTINGS_BYTES) throw invalidModel(path, `is larger than ${MAX_SETTINGS_BYTES} bytes`);
  return readFile(path, 'utf8');
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalidModel(path, 'is not JSON');
  }
}
