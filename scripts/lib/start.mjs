// From a fresh clone to an open window: installs and builds what is missing, then opens the desktop shell, or says why not and opens the
// web shell.
import { constants } from 'node:os';
import { prepareElectron } from './electron-binary.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { findNode24 } from './node-24.mjs';
import { fromProject, projectDir } from './paths.mjs';
import { runForeground } from './run-command.mjs';
import { parseStartOptions, START_HELP } from './start-options.mjs';

/** A desktop shell that dies of a signal this soon never opened: a missing library, or no user namespaces for its sandbox. */
const EARLY_DEATH_MS = 10_000;
/** As shells have it after Ctrl-C. */
const STOPPED_STATUS = 130;

/** Runs the launcher to its end; returns the exit status. */
export async function start() {
  const options = parseStartOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (options.help) {
    console.log(START_HELP);
    return 0;
  }
  await ensureInstalled();
  await ensureBuilt();
  return (options.web ? null : await openDesktop(options)) ?? (await openWeb(options));
}

/** The exit status of the desktop shell, or null where it could not open. */
async function openDesktop(options) {
  const electron = await prepareElectron({ insist: options.insistOnElectron });
  if (electron.isStopped) {
    console.error('Stopped. What has come of Electron is kept: the next start continues from there.');
    return STOPPED_STATUS;
  }
  if (electron.path) {
    const { code, signal, livedMs } = await runForeground(electron.path, [projectDir, ...dataArguments(options)], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: undefined },
    });
    const diedEarly = livedMs < EARLY_DEATH_MS && (['SIGTRAP', 'SIGABRT', 'SIGSEGV', 'SIGILL'].includes(signal) || code === 127);
    if (!diedEarly) return exitStatus(code, signal);
  }
  console.error(`Opening in the browser, because ${electron.reason ?? 'Electron cannot run here (its own words are above)'}.`);
  if (electron.hint) console.error(electron.hint);
  return null;
}

async function openWeb(options) {
  const args = [fromProject('out/main/web.js'), ...dataArguments(options)];
  if (options.port !== null) args.push('--port', String(options.port));
  if (!options.openBrowser) args.push('--no-open');
  const { code, signal } = await runForeground(findNode24(), args);
  return exitStatus(code, signal);
}

function dataArguments(options) {
  return options.dataDir === null ? [] : ['--data', options.dataDir];
}

/** As shells count it: a death by signal is 128 plus its number; an end by Ctrl-C is a normal one. */
function exitStatus(code, signal) {
  if (signal === 'SIGINT' || signal === 'SIGTERM') return 0;
  return code ?? 128 + (constants.signals[signal] ?? 0);
}
