// Tests kill the program at given moments of a task. What does it is in a file of its own, which is loaded on an explicit wish only.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type * as CrashPoints from './crash-points.js';

export type RunPorts = CrashPoints.RunPorts;

/** Names the moment, as in `committed:3`. */
const WISH_VARIABLE = 'DEDGEAI_CRASH_AT';

/** What is to be done to the parts of every run: nothing, unless the wish is there and this program has the file for it. Packages don't. */
export async function loadCrashPoints(path: string): Promise<(ports: RunPorts) => RunPorts> {
  const wish = process.env[WISH_VARIABLE];
  if (wish === undefined || !existsSync(path)) return (ports) => ports;
  const { withCrashPoints } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as typeof CrashPoints;
  return (ports) => withCrashPoints(ports, wish);
}
