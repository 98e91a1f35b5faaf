// The web shell as a program: `node out/main/web.js [--data DIR] [--port PORT] [--no-open]`.
import { parseArgs } from 'node:util';
import { cleanForTerminal } from '../shared/foreign-text.js';
import { AppError, ERROR_CODES, toErrorShape } from '../shared/errors.js';
import { createCore } from './composition/core.js';
import { openToTerminals } from './transport/server/open-to-terminals.js';
import type { TerminalDoor } from './transport/server/open-to-terminals.js';
import { watchClosedPipes } from './foundation/closed-pipe.js';
import { defaultDataDir } from './foundation/default-data-dir.js';
import { startWebShell } from './shells/web/start-web-shell.js';
import { untilStopped } from './shells/web/until-stopped.js';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  // What started it may end, or read no more: the window goes on.
  watchClosedPipes([process.stdout, process.stderr], () => undefined);
  const stopped = untilStopped();
  const core = await createCore({ dataDir: options.dataDir, shell: 'web', access: 'exclusive', activity: 'runs' });
  let door: TerminalDoor | null = null;
  try {
    door = await openToTerminals(core);
    let isFirst = true;
    const shell = await startWebShell({
      core,
      port: options.port,
      openBrowser: options.openBrowser,
      onAddress(url) {
        console.log(isFirst ? `DEdgeAI Control Center is open at ${url}` : `For another browser: ${url}`);
        isFirst = false;
      },
    });
    console.log(`Data: ${options.dataDir}. Ctrl-C ends the program; an unfinished run resumes at the next start.`);
    await stopped;
    await shell.close();
  } finally {
    door?.close();
    await core.close();
  }
}

function readOptions(args: string[]): { dataDir: string; port: number | null; openBrowser: boolean } {
  try {
    const { values } = parseArgs({ args, options: { data: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } } });
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65535)) throw new Error(`--port ${values.port} is not a port`);
    return { dataDir: values.data ?? defaultDataDir(), port, openBrowser: values['no-open'] !== true };
  } catch (error) {
    throw new AppError(
      'invalid-input',
      error instanceof Error ? error.message : String(error),
      'Options: --data DIR, --port PORT, --no-open.',
    );
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const { code, message, hint } = toErrorShape(error);
    console.error(cleanForTerminal(`Error (${code}): ${message}`));
    if (hint) console.error(cleanForTerminal(`  ${hint}`));
    process.exit(ERROR_CODES[code]);
  },
);
