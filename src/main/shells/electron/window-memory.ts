// What the native window remembers from one start to the next: one small file in the window's own folder. It is a convenience: a file that
// cannot be read or does not fit is as none, and one that cannot be written is said once and costs nothing else.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeDurablyNow } from '../../../durable-file/write-durably.js';
import { themeChoice } from '../../../shared/api/shell-protocol.js';
import { windowPlacementSchema } from './window-placement.js';

export const FILE_NAME = 'window.json';
/** Larger is not ours. */
const MAX_FILE_LENGTH = 64 * 1024;

const memorySchema = z.object({
  version: z.literal(1),
  theme: themeChoice,
  zoomLevel: z.number().min(-10).max(10),
  places: z.array(z.object({ display: z.string().max(100), place: windowPlacementSchema })).max(32),
});
export type RememberedWindow = Omit<z.infer<typeof memorySchema>, 'version'>;

const NOTHING: RememberedWindow = { theme: 'system', zoomLevel: 0, places: [] };

export class WindowMemory {
  readonly #path: string;
  readonly #onProblem: (message: string) => void;
  #remembered: RememberedWindow;
  #isBroken = false;

  /** `folder` must exist by the first change. */
  constructor(folder: string, onProblem: (message: string) => void) {
    this.#path = join(folder, FILE_NAME);
    this.#onProblem = onProblem;
    this.#remembered = this.#read();
  }

  get remembered(): RememberedWindow {
    return this.#remembered;
  }

  /** On disk whole when this returns, or as it was before. */
  remember(change: Partial<RememberedWindow>): void {
    const changed = { ...this.#remembered, ...change };
    if (JSON.stringify(changed) === JSON.stringify(this.#remembered)) return;
    this.#remembered = changed;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeDurablyNow(this.#path, `${JSON.stringify({ version: 1, ...changed }, null, 2)}\n`);
    } catch (thrown) {
      if (!this.#isBroken) this.#onProblem(`Size, position and theme of the window can't be kept in ${this.#path}: ${reasonOf(thrown)}`);
      this.#isBroken = true;
    }
  }

  #read(): RememberedWindow {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (thrown) {
      const isMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing) this.#onProblem(`${this.#path} can't be read: ${reasonOf(thrown)}; the window opens as at its first start`);
      return NOTHING;
    }
    const parsed = memorySchema.safeParse(text.length > MAX_FILE_LENGTH ? null : parseJson(text));
    if (parsed.success) return { theme: parsed.data.theme, zoomLevel: parsed.data.zoomLevel, places: parsed.data.places };
    this.#onProblem(`${this.#path} does not hold what the window remembers; it opens as at its first start`);
    return NOTHING;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
