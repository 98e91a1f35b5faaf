// How exported images are named: a pattern with fields in braces. What comes out is a name that every file system takes, and no path.
import type { GalleryImage } from './gallery.js';

export const NAME_FIELDS = ['run', 'task', 'seed', 'steps', 'node', 'scheduler', 'prompt', 'hash'] as const;
export type NameField = (typeof NAME_FIELDS)[number];

/** How files are named where no one says otherwise. */
export const DEFAULT_NAME_PATTERN = '{run}-{task}';

export type NamedImage = Pick<
  GalleryImage,
  'runName' | 'ordinal' | 'seed' | 'qualitySteps' | 'nodeName' | 'scheduler' | 'prompt' | 'sha256' | 'mediaType'
>;

/** Of one field, so that a long prompt leaves room for the others. */
const MAX_FIELD = 60;
const MAX_NAME = 150;
/** Names of devices, which Windows takes for no file whatever their ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** The fields of a pattern that there are not. */
export function unknownNameFields(pattern: string): string[] {
  const fields = [...pattern.matchAll(/\{([^{}]*)\}/g)].map(([, field = '']) => field);
  return [...new Set(fields)].filter((field) => !NAME_FIELDS.some((known) => known === field));
}

/** `Live-1000-0417.png`. Images of one name have to be told apart by the caller. */
export function nameImage(pattern: string, image: NamedImage): string {
  const text = pattern.replace(/\{([^{}]*)\}/g, (written, field: string) => valueOf(field, image) ?? written);
  return `${safeName(text, MAX_NAME) || 'image'}.${image.mediaType === 'image/png' ? 'png' : 'jpg'}`;
}

/** The names of all of them, each once: the second of a name gets `-2`. A file system may take capitals for small letters. */
export class ImageNames {
  readonly #pattern: string;
  readonly #taken = new Set<string>();
  readonly #repeats = new Map<string, number>();

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  next(image: NamedImage): string {
    const name = nameImage(this.#pattern, image);
    let free = name;
    while (this.#taken.has(free.toLowerCase())) {
      const repeat = (this.#repeats.get(name.toLowerCase()) ?? 1) + 1;
      this.#repeats.set(name.toLowerCase(), repeat);
      free = name.replace(/(\.[a-z]+)$/, `-${repeat}$1`);
    }
    this.#taken.add(free.toLowerCase());
    return free;
  }
}

function valueOf(field: string, image: NamedImage): string | null {
  switch (field as NameField) {
    case 'run':
      return safeName(image.runName, MAX_FIELD) || 'run';
    case 'task':
      return String(image.ordinal + 1).padStart(4, '0');
    case 'seed':
      return String(image.seed);
    case 'steps':
      return String(image.qualitySteps);
    case 'node':
      return safeName(image.nodeName, MAX_FIELD) || 'node';
    case 'scheduler':
      return image.scheduler;
    case 'prompt':
      return safeName(image.prompt, MAX_FIELD) || 'prompt';
    case 'hash':
      return image.sha256.slice(0, 12);
    default:
      return null;
  }
}

/** Letters, digits, dots, dashes and underscores; no dot at either end. */
function safeName(text: string, maxLength: number): string {
  const name = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
    .replace(/-{2,}/g, '-');
  const cut = Array.from(name).slice(0, maxLength).join('');
  const trimmed = cut.replace(/^[-.]+|[-.]+$/g, '');
  return RESERVED.test(trimmed) ? `${trimmed}-` : trimmed;
}
