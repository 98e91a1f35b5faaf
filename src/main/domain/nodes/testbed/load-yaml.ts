import { createRequire } from 'node:module';
import type * as yaml from 'yaml';

const requirePackage = createRequire(import.meta.url);

/** The package yaml, read at its first use: few lists are in YAML, and every start would pay for it. */
export function loadYaml(): typeof yaml {
  return requirePackage('yaml') as typeof yaml;
}
