// Provisioning a node that ~/.ssh/config reaches over two hosts: SSH goes through them, the agent is spoken to directly.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFreePort } from '../../../src/main/foundation/listen-port.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { openProvisioningServices, stepOf } from '../../support/provisioning-services.js';
import { type RealSshd, startRealSshd } from '../../support/real-sshd.js';

test('a node behind two hosts becomes ready', async (context) => {
  const sshd = findSshd();
  if (!sshd) {
    await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
    return;
  }
  const dir = await mkdtemp(join(tmpdir(), 'dedgeai-hops-'));
  const bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  const services = await openProvisioningServices({ hostEntryPath: '/nonexistent', bundlePath: bundle });
  const servers: RealSshd[] = [];
  try {
    const config: string[] = [];
    for (const [alias, ...more] of [['outer'], ['inner', 'ProxyJump outer'], ['orin', 'ProxyJump inner']] as [string, ...string[]][]) {
      mkdirSync(join(dir, alias));
      const server = await startRealSshd({ sshd, dir: join(dir, alias), authorizedKey: services.programKey.publicKeyLine });
      servers.push(server);
      config.push(
        `Host ${alias}`,
        'HostName 127.0.0.1',
        `Port ${server.port}`,
        `User ${userInfo().username}`,
        'IdentityFile none',
        ...more,
      );
    }
    writeFileSync(join(services.dataDir, 'ssh_config'), `${config.join('\n')}\n`);
    const testbed = services.service.create({ name: 'Lab' });
    const agentPort = await findFreePort('127.0.0.1', null);
    await services.service.addNodeByAlias({ testbedId: testbed.id, alias: 'orin', agentPort });

    const run = await services.finished(services.provisioning.start({ testbedId: testbed.id, acceptNewHostKeys: true }));

    expect(stepOf(run.nodes[0], 'connect').detail).toContain('recorded on first use');
    expect(run.state).toBe('succeeded');
    expect(services.service.get(testbed.id).nodes[0]).toMatchObject({ name: 'orin', provisionState: 'ready' });
  } finally {
    const stopScript = join(dir, 'orin', 'home', '.dedgeai', 'stop-agent.sh');
    if (existsSync(stopScript)) execFileSync('/bin/sh', [stopScript]);
    for (const server of servers) await server.stop();
    await services.remove();
    await rm(dir, { recursive: true, force: true });
  }
});
