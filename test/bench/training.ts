// Speed of the science on one core: CPU seconds, not wall clock, because machines are shared. Prints a table on standard error and one JSON
// document on standard output; asserts nothing.
import { cpus } from 'node:os';
import { measureSimulator } from './simulator-speed.js';

const results = {
  machine: { node: process.version, platform: `${process.platform} ${process.arch}`, processor: cpus()[0]?.model ?? 'unknown' },
  simulator: await measureSimulator((text) => process.stderr.write(`${text}\n`)),
};
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
