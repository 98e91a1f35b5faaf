// A folder as diffusers saves it: model_index.json names the components, each has a folder of its own, weights may be in shards.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.js';
import type { ModelPartName } from '../../../shared/model.js';
import { chooseWeights, loadsHalf } from './choose-weights.js';
import { buildModel } from './inspected-model.js';
import type { InspectedFile, InspectedModel } from './inspected-model.js';
import { invalidModel, quoteName, toModelFileError } from './model-errors.js';
import { anotherModel, titleOfPipeline } from './other-model.js';
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
/** Loaded by transformers; the others by diffusers. */
const TRANSFORMERS_COMPONENTS = new Set(['text_encoder', 'text_encoder_2', 'text_encoder_3']);
const REQUIRED_SETTINGS = ['scheduler', 'tokenizer', 'tokenizer_2'] as const;

const componentSchema = z.tuple([z.string().nullable(), z.string().nullable()]);
const modelIndexSchema = z.looseObject({ _class_name: z.string() });
const shardIndexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** Parses model_index.json. Throws `invalid-input`, or `unsupported` for another pipeline. */
export function parseModelIndex(text: string, file: string): Record<string, unknown> {
  const parsed = modelIndexSchema.safeParse(parseJson(text, file));
  if (!parsed.success) throw invalidModel(file, 'has no _class_name', 'Name a folder that diffusers has saved.');
  if (parsed.data._class_name === PIPELINE_CLASS) return parsed.data;
  const other = titleOfPipeline(parsed.data._class_name);
  if (other !== null) throw anotherModel(file, other);
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
  const listed = new Map<string, ListedFile[]>();
  for (const component of components) listed.set(component, await listFiles(folder, component));
  const half = loadsHalf((listed.get('transformer') ?? []).map(baseName));
  const parts: FoundPart[] = [];
  const leftOut: string[] = [];
  for (const [component, inside] of listed) {
    if (inside.length === 0) throw invalidModel(join(folder, component), 'is empty');
    const settings = inside.filter((file) => !isWeights(file));
    const pointer = settings.find(({ kind }) => kind === 'lfs-pointer');
    if (pointer) throw notSafetensors(pointer.path, 'lfs-pointer');
    const name = PART_OF_COMPONENT.get(component);
    const loaded = name ? await loadedWeights({ name, component, folder: join(folder, component), inside, half }) : null;
    if (loaded) parts.push(loaded.part);
    const taken = new Set(loaded ? loaded.files : inside.filter(isWeights));
    files.push(...settings.filter(({ kind }) => kind === 'unknown'), ...inside.filter((file) => taken.has(file)));
    leftOut.push(...inside.filter((file) => isWeights(file) && !taken.has(file)).map(({ relativePath }) => relativePath));
  }
  return buildModel(
    'diffusers',
    folder,
    parts,
    files.map(({ kind: _kind, ...file }) => file),
    leftOut,
  );
}

interface ListedFile extends InspectedFile {
  kind: Awaited<ReturnType<typeof readModelFile>>['kind'];
}

/** By the name: a pointer or a pickle in the place of weights is to be named. */
function isWeights(file: ListedFile): boolean {
  return file.header !== null || baseName(file).endsWith('.safetensors');
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

interface Component {
  name: ModelPartName;
  component: string;
  folder: string;
  inside: readonly ListedFile[];
  /** Whether the pipeline is loaded in half precision. */
  half: boolean;
}

/** The one set of weights that the worker loads, which must be the part whole, and its files. */
async function loadedWeights({ name, component, folder, inside, half }: Component): Promise<{ part: FoundPart; files: ListedFile[] }> {
  const byName = new Map(inside.map((file) => [baseName(file), file]));
  const weightNames = [...byName.keys()];
  const prefersShards = !TRANSFORMERS_COMPONENTS.has(component);
  const set = chooseWeights(weightNames, { half, prefersShards });
  if (!set) throw noWeights(folder, inside);
  const index = set.index === null ? undefined : byName.get(set.index);
  if (index) {
    const found = await readShards(index, byName);
    const shards = new Set(found.map(({ shard }) => shard));
    const tensors = found.map(({ tensor }) => tensor);
    return { part: checkPart(name, tensors, '', index.path), files: inside.filter((file) => shards.has(baseName(file))) };
  }
  const files = set.files.flatMap((fileName) => byName.get(fileName) ?? []);
  const [first] = files;
  if (!first) throw noWeights(folder, inside);
  if (first.header === null) throw notSafetensors(first.path, first.kind === 'safetensors' ? 'unknown' : first.kind);
  return { part: checkPart(name, [...first.header.tensors], '', first.path), files };
}

/** Why a component has nothing that the worker would load. */
function noWeights(folder: string, inside: readonly ListedFile[]): AppError {
  const pickle = inside.find((file) => file.kind === 'pickle');
  if (pickle) return notSafetensors(pickle.path, 'pickle');
  const weights = inside.filter(isWeights).map(baseName);
  if (weights.length === 0) {
    return invalidModel(folder, 'has no weights in the safetensors format', 'Fetch the .safetensors files of this folder too.');
  }
  const names = weights.slice(0, 3).map(quoteName).join(', ');
  return weights.some((name) => /\.fp16[.-]/.test(name))
    ? invalidModel(
        folder,
        `has half precision only (${names}), and the transformer has full precision, which is loaded then`,
        'Fetch the full precision of this folder too, or have half precision only in the folder transformer.',
      )
    : invalidModel(folder, `has shards (${names}) without the index that lists them`, 'Fetch the .safetensors.index.json beside them too.');
}

/** The tensors of a set of shards. Every tensor of the index must be in the shard it names, and the shards must hold no others. */
async function readShards(index: ListedFile, files: ReadonlyMap<string, ListedFile>): Promise<{ tensor: Tensor; shard: string }[]> {
  const parsed = shardIndexSchema.safeParse(parseJson(await readText(index.path), index.path));
  if (!parsed.success) throw invalidModel(index.path, 'has no weight_map from tensors to files');
  const expected = parsed.data.weight_map;
  const found: { tensor: Tensor; shard: string }[] = [];
  for (const shard of new Set(Object.values(expected))) {
    const file = files.get(shard);
    if (file?.kind === 'lfs-pointer' || file?.kind === 'pickle') throw notSafetensors(file.path, file.kind);
    const header = file?.header;
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
