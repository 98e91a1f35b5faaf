// How fast this machine is at the kind of work that a simulated run makes: JavaScript over many small objects, and hashing.
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { MachineSpeed } from './estimate-overload.js';

const ROUNDS = 24;
const OBJECTS = 400;
/** What one round took, real ms, on the machine on which the costs in estimate-overload.ts were measured. */
const REFERENCE_ROUND_MS = 1.95;

/** Takes some 60 ms. The best of several rounds counts: what other programs take away is measured while the run is in progress. */
export function measureMachineSpeed(): MachineSpeed {
  let bestMs = Infinity;
  for (let round = 0; round < ROUNDS; round++) bestMs = Math.min(bestMs, timeOneRound());
  return { slowdown: bestMs / REFERENCE_ROUND_MS, coreCount: availableParallelism() };
}

function timeOneRound(): number {
  const startMs = performance.now();
  const hash = createHash('sha256');
  const byId = new Map<string, { id: string; prompt: string; delays: number[] }>();
  for (let i = 0; i < OBJECTS; i++) {
    const id = `task-${i}`;
    byId.set(id, {
      id,
      prompt: `a brown dog runs over the grass ${i}`,
      delays: Array.from({ length: 8 }, (_, part) => (part + 1) / (i + 1)),
    });
  }
  for (const task of byId.values()) hash.update(JSON.stringify(JSON.parse(JSON.stringify(task))));
  hash.digest('hex');
  return performance.now() - startMs;
}
