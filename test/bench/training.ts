// Speed of the science on one core: CPU seconds, not wall clock, because machines are shared. Prints a table on standard error and one JSON
// document on standard output; asserts nothing.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureDecisions } from './decision-speed.js';
import { measureLearning } from './learning-speed.js';
import { measurePrices } from './price-speed.js';
import { measureSimulator } from './simulator-speed.js';

const { values: options } = parseArgs({ options: { method: { type: 'string' } } });
/** Only the learning of this method, where it is named. */
const only = options.method;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const results = {
  machine: { node: process.version, platform: `${process.platform} ${process.arch}`, processor: cpus()[0]?.model ?? 'unknown' },
  ...(only === undefined && { simulator: await measureSimulator(say) }),
  learning: await measureLearning(say, only),
  ...(only === undefined && { prices: await measurePrices(say) }),
  ...(only === undefined && { agentDecisions: measureDecisions(say) }),
};
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
