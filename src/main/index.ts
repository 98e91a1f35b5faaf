// The desktop program: `electron . [--data DIR]`. Has the windows and what only Electron reaches; the core runs in a process of its own.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { ERROR_CODES, toErrorShape } from '../shared/errors.js';
import { defaultDataDir } from './foundation/default-data-dir.js';
import { registerAppScheme } from './shells/electron/app-scheme.js';
import { coreLauncher } from './shells/electron/core-launcher.js';
import { CoreSupervisor } from './shells/electron/core-supervisor.js';
import { createDesktopShell } from './shells/electron/desktop-shell.js';
import type { DesktopShell } from './shells/electron/desktop-shell.js';
import { MainLog } from './shells/electron/main-log.js';
import { safeStorageProtection } from './shells/electron/safe-storage.js';
import { showFailedStart } from './shells/electron/show-failed-start.js';
import { findProgramPaths } from './foundation/program-paths.js';

let core: CoreSupervisor | null = null;
let shell: DesktopShell | null = null;
let isClosing = false;
/** What the program ends with, whichever way it ends. */
let exitStatus = 0;

const dataDir = readDataDir(app.isPackaged ? process.argv.slice(1) : process.argv.slice(2));
const log = new MainLog(dataDir);
const report = (message: string): void => log.report(message);

registerAppScheme();
// One Electron profile per data folder: another folder is another program.
const windowDir = join(dataDir, 'window');
app.setPath('userData', windowDir);
if (app.requestSingleInstanceLock()) void app.whenReady().then(open);
else {
  log.say(`DEdgeAI Control Center is already open on ${dataDir}; its window was brought to the front.`);
  app.exit(ERROR_CODES['instance-locked']);
}

app.on('second-instance', () => void shell?.show());
app.on('activate', () => void shell?.show());
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});
app.on('before-quit', (event) => {
  if (!core) return;
  event.preventDefault();
  if (!shell || shell.closing.isDecided) void close(core);
  else void shell.closing.request();
});
if (process.connected) process.once('disconnect', quitUnasked);

async function open(): Promise<void> {
  // Not before Electron is ready: it handles these itself from then on, as a wish to quit, which would be answered by a question.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quitUnasked);
  try {
    const paths = findProgramPaths();
    core = new CoreSupervisor({
      launch: coreLauncher({ entryPath: paths.corePath, dataDir, nodePath: process.env['DEDGEAI_CORE_NODE'] ?? null }),
      protection: log.rememberingSecrets(safeStorageProtection()),
      onProblem: report,
    });
    shell = createDesktopShell({ core, paths, dataDir, windowDir, quit: () => app.quit(), onProblem: report });
    // The window opens while the core does; a core that cannot be opened is reported in a dialog instead.
    await Promise.all([core.start(), shell.show()]);
  } catch (error) {
    const shape = toErrorShape(error);
    exitStatus = ERROR_CODES[shape.code];
    log.reportError(`Error (${shape.code}): ${shape.message}`, error);
    // Not Electron's error box: main would hear no signal until someone has answered it.
    await showFailedStart(shape);
    await core?.close();
    end();
  }
}

/** What is under way is cut off, and resumes at the next start. */
function quitUnasked(): void {
  shell?.closing.release();
  app.quit();
}

async function close(opened: CoreSupervisor): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  await opened.close();
  end();
}

function end(): void {
  log.close();
  app.exit(exitStatus);
}

function readDataDir(args: string[]): string {
  // Chromium's own switches may be among the arguments: only ours is read, the rest left alone.
  const { values } = parseArgs({ args, strict: false, options: { data: { type: 'string' } } });
  return typeof values.data === 'string' && values.data !== '' ? values.data : defaultDataDir();
}
