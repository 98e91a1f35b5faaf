// Options behind the `--` of an npm script.
import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';

/** The values of `options` (as node:util's parseArgs takes them, and `--help`) in `args`. Throws a Failure that leads to the help of `command`. */
export function parseNpmOptions(command, args, options) {
  try {
    return parseArgs({ args, allowPositionals: false, options: { ...options, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    throw new Failure(
      `${error.message.split('. ')[0]}.`,
      `\`${command} -- --help\` lists the options; mind the \`--\` after \`${command}\`.`,
    );
  }
}
