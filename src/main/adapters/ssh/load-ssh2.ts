import { createRequire } from 'node:module';
import type ssh2 from 'ssh2';

const requirePackage = createRequire(import.meta.url);

/** The package ssh2, read at its first use and not before: a command that reaches no node starts a third sooner without it. */
export function loadSsh2(): typeof ssh2 {
  return requirePackage('ssh2') as typeof ssh2;
}
