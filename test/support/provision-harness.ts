// Real nodes for provisioning: OpenSSH servers on loopback, each with a home of its own, in a testbed whose simulated workers are quick.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { findFreePort } from '../../src/main/foundation/listen-port.js';
import type { TestbedNode } from '../../src/shared/testbed.js';
import { openProvisioningServices } from './provisioning-services.js';
import { type RealSshd, startRealSshd } from './real-sshd.js';
import { prepareSystemdMachine } from './systemd-machine.js';

export type ProvisionHarness = Awaited<ReturnType<typeof openProvisionHarness>>;

export interface ProvisionHarnessOptions {
  sshd: string;
  bundlePath: string;
  nodeCount?: number;
  /** What `node --version` says on the nodes; this Node.js when absent. */
  nodeVersion?: string;
  /** The Python of the nodes; none that works when absent. */
  python?: string;
  /** Model seconds per real second; 50 when absent. */
  timeScale?: number;
  /** Each node is a machine of its own with a systemd. */
  hasSystemd?: boolean;
  services?: Partial<Parameters<typeof openProvisioningServices>[0]>;
}

/** The nodes are named `node-1` and on; nothing is on them yet. */
export async function openProvisionHarness(options: ProvisionHarnessOptions) {
  // A unit with a private /tmp does not see a home that lies there.
  const parent = options.hasSystemd ? resolve(import.meta.dirname, '../../.cache') : tmpdir();
  mkdirSync(parent, { recursive: true });
  const dir = await mkdtemp(join(parent, 'dedgeai-lab-'));
  const services = await openProvisioningServices({ hostEntryPath: '/nonexistent', bundlePath: options.bundlePath, ...options.services });
  // 4.8 s of the model's time for the health image pass in a fiftieth of it.
  const testbed = {
    id: 'testbed-lab',
    name: 'Lab',
    kind: 'real' as const,
    timeScale: options.timeScale ?? 50,
    createdAtMs: services.nowMs(),
  };
  services.testbeds.insertTestbed(testbed);
  const binDir = join(dir, 'bin');
  mkdirSync(binDir);
  // The facts would load the torch of anyone who runs the tests.
  writeFileSync(join(binDir, 'python3'), options.python ? `#!/bin/sh\nexec '${options.python}' "$@"\n` : '#!/bin/sh\nexit 1\n', {
    mode: 0o755,
  });
  if (options.nodeVersion) writeFileSync(join(binDir, 'node'), `#!/bin/sh\necho ${options.nodeVersion}\n`, { mode: 0o755 });
  const servers: RealSshd[] = [];
  const nodes: TestbedNode[] = [];
  for (let index = 0; index < (options.nodeCount ?? 1); index++) {
    const serverDir = join(dir, `node-${index + 1}`);
    mkdirSync(serverDir);
    const machine = options.hasSystemd ? prepareSystemdMachine(serverDir, join(serverDir, 'home')) : null;
    const path = [...(machine ? [machine.binDir] : []), binDir, dirname(process.execPath)].join(':');
    const authorizedKey = services.programKey.publicKeyLine;
    const server = await startRealSshd({
      sshd: options.sshd,
      dir: serverDir,
      authorizedKey,
      path,
      ...(machine ? { launchedBy: machine.launchedBy } : {}),
    });
    servers.push(server);
    const agentPort = await findFreePort('127.0.0.1', null);
    nodes.push(
      services.service.addNode({
        testbedId: testbed.id,
        name: `node-${index + 1}`,
        host: '127.0.0.1',
        port: server.port,
        user: userInfo().username,
        agentPort,
      }),
    );
  }
  const homeOf = (node: TestbedNode): string => servers[nodes.indexOf(node)]!.homeDir;
  return {
    services,
    testbed,
    nodes,
    servers,
    homeOf,
    provision: (nodeIds?: string[]) =>
      services.finished(services.provisioning.start({ testbedId: testbed.id, acceptNewHostKeys: true, ...(nodeIds ? { nodeIds } : {}) })),
    plan: () => services.provisioning.plan({ testbedId: testbed.id }, new AbortController().signal),
    close: async () => {
      for (const { homeDir } of servers) {
        const stopScript = join(homeDir, '.dedgeai', 'stop-agent.sh');
        if (existsSync(stopScript)) execFileSync('/bin/sh', [stopScript]);
      }
      for (const server of servers) await server.stop();
      await services.remove();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Every path below a folder with what it is: a folder, a link and its target, or a file with its mode and the hash of its bytes. */
export function listTree(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const child = join(path, name);
      const status = lstatSync(child);
      const mode = (status.mode & 0o7777).toString(8);
      const key = relative(folder, child);
      if (status.isDirectory()) {
        found.set(key, `folder ${mode}`);
        walk(child);
      } else if (status.isSymbolicLink()) found.set(key, `link to ${readlinkSync(child)}`);
      else found.set(key, `${mode} ${createHash('sha256').update(readFileSync(child)).digest('hex')}`);
    }
  };
  walk(folder);
  return found;
}
