// How PyTorch takes the GPU's memory: in blocks as ever (`plain`), or in segments that grow (`expandable`). On some releases of Jetson Linux large
// blocks fail with NvMap's error 12 and segments cure it; on other boards segments are refused at once with most of the memory free. Which
// board is which can't be known in advance: the first refusal has the other way tried, once, and what worked is remembered beside the agent.
import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { writeDurablyNow } from '../../durable-file/write-durably.js';

export type Allocator = 'plain' | 'expandable';

/** Beside the agent's configuration; provisioning removes it with the Python that it was found with. */
export const ALLOCATOR_FILE = 'worker-allocator.json';
const MAX_REASON_LENGTH = 300;
const rememberedSchema = z.object({ allocator: z.literal('expandable'), reason: z.string().max(MAX_REASON_LENGTH) });

/** For the environment of the worker; empty for `plain`. */
export function allocatorEnvironment(allocator: Allocator): Record<string, string> {
  return allocator === 'plain' ? {} : { PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True' };
}

export class AllocatorChoice {
  #current: Allocator;
  #reason: string;
  readonly #tried: Set<Allocator>;

  /** `file` need not be there; what makes no sense in it is passed over. */
  constructor(private readonly file: string) {
    const remembered = read(file);
    this.#current = remembered ? 'expandable' : 'plain';
    this.#reason = remembered?.reason ?? '';
    this.#tried = new Set([this.#current]);
  }

  get current(): Allocator {
    return this.#current;
  }

  /** What refused the other way; empty where that was never tried. */
  get reason(): string {
    return this.#reason;
  }

  /** Memory was refused. Whether the other way is to be tried now; each is tried once in the agent's life. */
  refused(reason: string): boolean {
    const other = this.#current === 'plain' ? 'expandable' : 'plain';
    if (this.#tried.has(other)) return false;
    this.#tried.add(other);
    this.#current = other;
    this.#reason = reason.slice(0, MAX_REASON_LENGTH);
    return true;
  }

  /** An image was made: the choice holds after a restart. */
  worked(): void {
    if (this.#current === 'plain') rmSync(this.file, { force: true });
    else if (!read(this.file)) writeDurablyNow(this.file, `${JSON.stringify({ allocator: this.#current, reason: this.#reason })}\n`);
  }
}

function read(file: string): z.infer<typeof rememberedSchema> | null {
  try {
    return rememberedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
