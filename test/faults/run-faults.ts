// Injects faults side by side, each in a folder of its own, and says one line about each.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveSeed } from '../../src/random/random.js';
import { type Fault, Violation } from './fault.js';
import { FaultHarness } from './fault-harness.js';
import { Templates } from './templates.js';

export interface Injection {
  fault: Fault;
  /** The fault's name, with the number of the copy where there are several. */
  label: string;
}

export interface Outcome {
  label: string;
  state: 'ok' | 'violated' | 'not-run';
  sec: number;
  /** Why it was not run, what is violated, or how much was done. */
  reason: string | null;
  keptDir: string | null;
}

export interface RunFaultsOptions {
  seed: number;
  isLong: boolean;
  jobs: number;
  onOutcome(outcome: Outcome): void;
}

/** The injections that names pick; a fault with copies has several. Throws an Error that names what is unknown. */
export function pickInjections(faults: readonly Fault[], { only, isLong }: { only: readonly string[]; isLong: boolean }): Injection[] {
  const all = faults.flatMap((fault): Injection[] => {
    const count = fault.copies?.[isLong ? 'long' : 'short'] ?? 1;
    return Array.from({ length: count }, (_, index) => ({ fault, label: count === 1 ? fault.name : `${fault.name}#${index + 1}` }));
  });
  if (only.length === 0) return all.filter(({ fault }) => isLong || fault.isShort);
  return only.flatMap((name) => {
    const picked = all.filter(({ fault, label }) => label === name || fault.name === name);
    if (picked.length > 0) return picked;
    throw new Error(`There is no fault "${name}"${isLong ? '' : ' in the short form'}; --list names them.`);
  });
}

export async function runFaults(injections: readonly Injection[], options: RunFaultsOptions): Promise<Outcome[]> {
  const root = mkdtempSync(join(tmpdir(), 'dedgeai-faults-'));
  const templates = new Templates(join(root, 'templates'));
  const waiting = [...injections];
  const outcomes: Outcome[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const outcome = await injectOne(next, { ...options, root, templates });
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
  if (outcomes.every(({ keptDir }) => keptDir === null)) rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  else rmSync(join(root, 'templates'), { recursive: true, force: true, maxRetries: 5 });
  return outcomes;
}

async function injectOne(
  { fault, label }: Injection,
  { seed, isLong, root, templates }: RunFaultsOptions & { root: string; templates: Templates },
): Promise<Outcome> {
  const startedAtMs = performance.now();
  const sec = (): number => (performance.now() - startedAtMs) / 1000;
  const reason = fault.whyNot?.() ?? null;
  if (reason !== null) return { label, state: 'not-run', sec: 0, reason, keptDir: null };
  const folder = join(root, label.replace('#', '-'));
  mkdirSync(folder);
  const harness = new FaultHarness({ seed: deriveSeed(seed, label), isLong, folder, templates });
  try {
    await fault.inject(harness);
    await harness.close({ keep: false });
    return { label, state: 'ok', sec: sec(), reason: harness.remark || null, keptDir: null };
  } catch (thrown) {
    const words =
      thrown instanceof Violation ? thrown.message : thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    await harness.close({ keep: true });
    writeFileSync(join(folder, 'transcript.txt'), `${harness.transcript}\n${words}\n`);
    return { label, state: 'violated', sec: sec(), reason: words, keptDir: folder };
  }
}
