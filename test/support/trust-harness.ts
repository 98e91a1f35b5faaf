// OpenSSH servers on loopback, the testbed bench, and a connector between them: for what is trusted and what is not.
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestbedNode } from '../../src/shared/testbed.js';
import { type RealSshd, type RealSshdOptions, startRealSshd } from './real-sshd.js';
import { openTestbedHarness, type TestbedBenchOptions } from './testbed-harness.js';

export type TrustHarness = Awaited<ReturnType<typeof openTrustHarness>>;

/** `sshd` is OpenSSH's server; the files of known hosts are `known_hosts` and `ssh_known_hosts` in `dir`, at first not there. */
export async function openTrustHarness(sshd: string, options: Pick<TestbedBenchOptions, 'askSecret' | 'overrides'> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'dedgeai-trust-'));
  const userFile = join(dir, 'known_hosts');
  const machineFile = join(dir, 'ssh_known_hosts');
  const agent: { socketPath: string | null } = { socketPath: null };
  const services = await openTestbedHarness({
    hostEntryPath: '/nonexistent',
    ...options,
    overrides: { knownHostsPaths: [userFile, machineFile], agentSocketPath: () => agent.socketPath, ...options.overrides },
  });
  const testbed = services.service.create({ name: 'Lab' });
  const servers: RealSshd[] = [];
  const { connector } = services;
  const { signal } = new AbortController();
  return {
    dir,
    services,
    testbed,
    userFile,
    machineFile,
    connector,
    agent,
    user: userInfo().username,
    writeUserFile: (...lines: string[]) => writeFileSync(userFile, `${lines.join('\n')}\n`),
    /** What stands for ~/.ssh/config. */
    writeSshConfig: (...lines: string[]) => writeFileSync(join(services.dataDir, 'ssh_config'), `${lines.join('\n')}\n`),
    /** Starts a server that takes one key, the program's own unless named. */
    startServer: async (
      authorizedKey = services.programKey.publicKeyLine,
      more: Pick<RealSshdOptions, 'takesPasswords' | 'keepsAccounts' | 'path'> = {},
    ): Promise<RealSshd> => {
      const serverDir = join(dir, `sshd-${servers.length}`);
      mkdirSync(serverDir);
      const server = await startRealSshd({ sshd, dir: serverDir, authorizedKey, ...more });
      servers.push(server);
      return server;
    },
    addNode: (server: RealSshd): TestbedNode =>
      services.service.addNode({
        testbedId: testbed.id,
        host: '127.0.0.1',
        port: server.port,
        user: userInfo().username,
        agentPort: 20_000 + servers.length,
      }),
    /** What waits for the user's word about a node; null when nothing does. */
    questionOf: (node: TestbedNode) => services.hostKeys.listQuestions(node.testbedId).find(({ nodeId }) => nodeId === node.id) ?? null,
    /** Logs in, runs one command, and says what it printed; throws why it was not reached. */
    say: async (node: TestbedNode, acceptNew = false): Promise<string> => {
      const outcome = await connector.connect(node, { acceptNew, signal });
      if (outcome.kind !== 'connected') throw outcome.error;
      const { connection } = outcome;
      try {
        return (await connection.exec('echo "hello from $PWD"')).stdout.trim();
      } finally {
        connection.close();
      }
    },
    remove: async () => {
      for (const server of servers) await server.stop();
      await services.remove();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
