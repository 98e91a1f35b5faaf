// The program out of its deb, in a folder instead of /opt, started as a user starts it. Its Node.js inspector is closed for good, so it is
// looked at through its page's own debugging port, which is Chromium's.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createPackage, extractFile } from '@electron/asar';
import { bundleForElectron22 } from './electron-22/bundle-program.js';
import { until } from './until.js';

const run = promisify(execFile);
const CLOSE_WITHIN_MS = 20_000;

/** Unpacks the deb below `dir`, and gives the folder that would be /opt/dedgeai-control-center. */
export async function installDeb(debPath: string, dir: string): Promise<string> {
  await run('dpkg-deb', ['-x', debPath, dir]);
  return join(dir, 'opt/dedgeai-control-center');
}

/** Puts what Electron 22 can run into the archive, in the place of the same files as they are shipped. All else stays. */
export async function lowerArchive(installedDir: string, scratchDir: string): Promise<void> {
  const archivePath = join(installedDir, 'resources/app.asar');
  const lowered = join(scratchDir, 'lowered');
  await bundleForElectron22(lowered);
  // The core and the resources have to be found beside the archive, as in the package.
  for (const path of ['out/main/core.js', 'resources']) rmSync(join(lowered, path), { recursive: true, force: true });
  const shipped = JSON.parse(extractFile(archivePath, 'package.json').toString()) as { name: string };
  if (shipped.name !== 'dedgeai-control-center') throw new Error('The archive is not the one of this program.');
  await createPackage(lowered, archivePath);
}

export interface InstalledProgram {
  url: string;
  /** What the page shows, as text. */
  text(): Promise<string>;
  takePicture(path: string): Promise<void>;
  /** Everything that the program wrote so far. */
  output(): string;
  /** Sends SIGTERM and gives the exit status; what does not end is killed. */
  terminate(): Promise<number | null>;
}

export async function startInstalled(programPath: string, dataDir: string, env: Record<string, string>): Promise<InstalledProgram> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // Not port 0, which the bundle for Electron 22 takes for Playwright's and waits for it.
  const port = await freePort();
  const args = [...asRoot, '--disable-gpu', `--remote-debugging-port=${port}`, '--data', dataDir];
  const child = spawn(programPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;

  const opened = findPage(port);
  const page = await Promise.race([opened, ended.then(() => Promise.reject(new Error(`The program ended at once and wrote:\n${output}`)))]);
  const ask = await openDebugger(page.webSocketDebuggerUrl);
  return {
    url: page.url,
    async text() {
      const { result } = await ask<{ result: { value: string } }>('Runtime.evaluate', { expression: 'document.body.innerText' });
      return result.value;
    },
    async takePicture(path) {
      const { data } = await ask<{ data: string }>('Page.captureScreenshot', { format: 'png' });
      writeFileSync(path, data, 'base64');
    },
    output: () => output,
    async terminate() {
      const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_WITHIN_MS);
      child.kill('SIGTERM');
      const [code] = await ended;
      clearTimeout(timer);
      return code;
    },
  };
}

interface DebuggedPage {
  type: string;
  url: string;
  webSocketDebuggerUrl: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function findPage(port: number): Promise<DebuggedPage> {
  let page: DebuggedPage | undefined;
  await until(async () => {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as DebuggedPage[];
    page = targets.find(({ type, url }) => type === 'page' && url.startsWith('dedgeai:'));
    return page !== undefined;
  });
  return page!;
}

/** Chromium's debugging protocol, a question at a time. Playwright asks Electron for more than it has there. */
async function openDebugger(url: string): Promise<<Answer>(method: string, params: object) => Promise<Answer>> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let lastId = 0;
  return async <Answer>(method: string, params: object) => {
    const id = ++lastId;
    socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [{ data }] = (await once(socket, 'message')) as [MessageEvent<string>];
      const answer = JSON.parse(data) as { id?: number; result: Answer; error?: { message: string } };
      if (answer.id !== id) continue;
      if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result;
    }
  };
}
