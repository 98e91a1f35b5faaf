// Asks a node its facts and its clock over an open connection.
import type { NodeFacts, VirtualNodeSettings } from '../../../../shared/testbed.js';
import { FACTS_TIMEOUT_MS, factsCommand } from './facts-command.js';
import { parseFacts } from './parse-facts.js';
import type { ExecOptions } from '../../../adapters/ssh/ssh-exec.js';
import { describeVirtualDevice } from './describe-virtual-device.js';
import { CLOCK_COMMAND, type ClockOffset, type ClockReading, measureClockOffset } from './clock-offset.js';

const CLOCK_ROUND_TRIPS = 3;

export interface ReadFactsOptions {
  /** Runs a command there and returns its standard output; throws AppErrors when it can't. */
  run: (command: string, options: ExecOptions) => Promise<string>;
  /** Null for a real node. A virtual one's torch would be this machine's and is never used: it is not probed. */
  virtual: VirtualNodeSettings | null;
  /** Loads torch where it is installed and runs a kernel: seconds, and some memory. */
  probesTorch: boolean;
  /** Wall clock, epoch ms. */
  nowMs: () => number;
}

export async function readFacts({ run, virtual, probesTorch, nowMs }: ReadFactsOptions): Promise<NodeFacts> {
  const output = await run(factsCommand({ probesTorch: probesTorch && virtual === null }), { timeoutMs: FACTS_TIMEOUT_MS });
  const clock = await readClock({ run, nowMs });
  const facts = parseFacts(output, nowMs(), clock);
  return virtual ? { ...facts, deviceModel: describeVirtualDevice(virtual) } : facts;
}

/** How far the node's clock is from this machine's, by the quickest of a few round trips. */
export async function readClock({ run, nowMs }: Pick<ReadFactsOptions, 'run' | 'nowMs'>): Promise<ClockOffset> {
  const readings: ClockReading[] = [];
  for (let count = 0; count < CLOCK_ROUND_TRIPS; count++) {
    const askedAtMs = nowMs();
    const reported = await run(CLOCK_COMMAND, {});
    readings.push({ askedAtMs, answeredAtMs: nowMs(), output: reported });
  }
  return measureClockOffset(readings);
}
