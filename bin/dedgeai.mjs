#!/usr/bin/env node
// The command line: hands over to the built program, on the Node.js 24 of the packages when the running one is older.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Failure, requireNodeVersion, runMain } from '../scripts/lib/failure.mjs';
import { findNode24 } from '../scripts/lib/node-24.mjs';
import { fromProject } from '../scripts/lib/paths.mjs';
import { runForeground } from '../scripts/lib/run-command.mjs';

const programPath = fromProject('out/main/cli.js');

await runMain(async () => {
  requireNodeVersion();
  if (!existsSync(programPath)) {
    throw new Failure('The program is not built yet.', 'Run `npm start` once, or `npm ci && npm run build`.');
  }
  // npm runs scripts in the project's folder; file names on the command line are meant from where it was called.
  if (process.env.npm_lifecycle_event === 'cli' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  const node = findNode24();
  if (node === process.execPath) {
    await import(pathToFileURL(programPath).href);
    // The program sets its own exit status, possibly later.
    return process.exitCode;
  }
  const { code } = await runForeground(node, [programPath, ...process.argv.slice(2)], { cwd: process.cwd() });
  return code ?? 1;
});
