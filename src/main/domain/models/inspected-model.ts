// A model on disk as its bytes show it, whatever its layout.
import { AppError } from '../../../shared/errors.js';
import { MODEL_PART_TITLES } from '../../../shared/model.js';
import type { ModelFamily, ModelLayout, ModelPart, ModelPartName } from '../../../shared/model.js';
import type { FoundPart } from './recognize-parts.js';
import { describePart, REQUIRED_PARTS } from './recognize-parts.js';
import type { SafetensorsHeader } from './safetensors-header.js';

/** One file of a model. */
export interface InspectedFile {
  /** Relative to the folder with `/`; the own name where the model is one file. */
  relativePath: string;
  path: string;
  sizeBytes: number;
  /** Null for a file of settings. */
  header: SafetensorsHeader | null;
  /** The parts that its tensors belong to. */
  parts: readonly ModelPartName[];
}

export interface InspectedModel {
  layout: ModelLayout;
  family: ModelFamily;
  parts: ModelPart[];
  files: InspectedFile[];
  /** Weights beside the loaded ones that nothing loads, by their relative paths: the other precision, or shards beside the full file. */
  leftOut: string[];
}

/** Checks that nothing is missing. */
export function buildModel(
  layout: ModelLayout,
  path: string,
  parts: readonly FoundPart[],
  files: InspectedFile[],
  leftOut: string[] = [],
): InspectedModel {
  const missing = REQUIRED_PARTS.filter((name) => !parts.some((part) => part.name === name));
  const known = parts.filter((part) => part.name !== 'other').map((part) => MODEL_PART_TITLES[part.name]);
  if (missing.length > 0) {
    throw new AppError(
      'invalid-input',
      `${path} lacks ${missing.map((name) => MODEL_PART_TITLES[name]).join(', ')} (it holds ${known.join(', ') || 'no part of SD3'})`,
      layout === 'all-in-one'
        ? 'Use an all-in-one file (sd3_medium_incl_clips), or name the folder that holds the files of all parts.'
        : 'Put the missing part into the folder.',
    );
  }
  const family = parts.find((part) => part.name === 'transformer')?.family ?? 'sd3-other';
  return { layout, family, parts: parts.map(describePart), files, leftOut };
}
