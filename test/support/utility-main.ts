// An Electron program of a test: the real supervisor over a small core in a utility process. Asks it things, kills it, closes it, and prints
// what came of it as one line of JSON.
import { join } from 'node:path';
import { app } from 'electron';
import { createCoreClient } from '../../src/main/shells/electron/core-client.js';
import { coreLauncher } from '../../src/main/shells/electron/core-launcher.js';
import { CoreSupervisor } from '../../src/main/shells/electron/core-supervisor.js';

const states: string[] = [];
const problems: string[] = [];
const supervisor = new CoreSupervisor({
  launch: coreLauncher({ entryPath: join(__dirname, 'core.cjs'), dataDir: 'none', nodePath: null }),
  protection: {
    describe: () => Promise.resolve({ isUsable: true, description: 'The key store of main.' }),
    encrypt: () => Promise.reject(new Error('Not asked here.')),
    decrypt: () => Promise.reject(new Error('Not asked here.')),
  },
  onProblem: (message) => problems.push(message),
});
supervisor.onState(({ kind }) => states.push(kind));

void app.whenReady().then(async () => {
  await supervisor.start();
  const client = createCoreClient(supervisor);
  const info = await client.query('app.info');
  const keyStore = await client.query('credentials.status');
  const refused = await client.query('testbeds.get', { id: 'x' }).catch((error: unknown) => (error as Error).message);

  const core = app.getAppMetrics().find(({ type, serviceName }) => type === 'Utility' && serviceName?.includes('node'));
  process.kill(core!.pid, 'SIGKILL');
  const afterKill = await client.query('app.info').catch(() => client.query('app.info'));
  await supervisor.close();
  process.stdout.write(`${JSON.stringify({ info, keyStore, refused, afterKill, states, problems })}\n`);
  app.exit(0);
});
