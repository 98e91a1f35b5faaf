import { Option } from 'commander';
import type { Command } from 'commander';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import { moveToBin } from './bin-commands.js';
import { findByName } from './find-by-name.js';
import { noteKeyFile } from './login-options.js';
import { noteProgramKey } from './node-key-commands.js';
import { decimal, decimalList, whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';
import { formatTable } from './terminal.js';
import { formatFactor } from '../../../shared/format.js';

interface CreateVirtualOptions extends CommonOptions {
  name: string;
  nodes: number;
  timeScale: number;
  speed: number[];
  link: number;
  jitter: number;
  fixedSec?: number;
  secPerStep?: number;
}

interface AddOptions extends CommonOptions {
  name?: string;
  port: number;
  user: string;
  key?: string;
  agentPort: number;
}

export function addTestbedCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const testbed = program.command('testbed').description('testbeds and their nodes');

  testbed
    .command('create-virtual')
    .description('create virtual nodes on this machine (simulated image generation)')
    .option('--name <name>', 'name of the testbed', 'Virtual testbed')
    .option('--nodes <count>', 'number of nodes', whole, 5)
    .option('--time-scale <factor>', 'simulated seconds per real second', decimal, 1)
    .addOption(
      new Option('--speed <factors>', 'speed factor per node, separated by commas and repeated').argParser(decimalList).default([1], '1'),
    )
    .option('--link <mbps>', 'rate of the links between nodes, Mbit/s', decimal, 1000)
    .option('--jitter <fraction>', 'relative spread of times, 0 to 0.5', decimal, 0)
    .addOption(new Option('--fixed-sec <sec>', 'fixed seconds of one image at speed 1 (default 3.8, an assumption)').argParser(decimal))
    .addOption(new Option('--sec-per-step <sec>', 'seconds of one denoising step at speed 1 (default 1.0)').argParser(decimal))
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CreateVirtualOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const created = await api.testbeds.createVirtual({
            name: options.name,
            nodeCount: options.nodes,
            timeScale: options.timeScale,
            speedFactors: options.speed,
            linkMbps: options.link,
            jitterFraction: options.jitter,
            timeModel: { fixedSec: options.fixedSec ?? 3.8, secPerStep: options.secPerStep ?? 1 },
          });
          terminal.result(created, `Created testbed ${created.id}\n${describeNodes(created)}`);
          return 0;
        });
      }),
    );

  testbed
    .command('add')
    .description('add a host reached over SSH; the testbed is created when there is none of that name')
    .argument('<testbed>', 'name or id of the testbed')
    .argument('<host>', 'host name or address')
    .requiredOption('--user <user>', 'user to log in as')
    .option('--name <name>', 'name of the node (default: the host)')
    .option('--port <port>', 'SSH port', whole, 22)
    .option('--key <file>', "private key file (default: the control center's key)")
    .option('--agent-port <port>', 'TCP port of the agent on the node', whole, 7411)
    .action((name: string, host: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<AddOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const { api, terminal } = session;
          const keyFile = options.key === undefined ? null : await noteKeyFile(session, options.key);
          const existing = (await api.testbeds.list()).find((candidate) => candidate.id === name || candidate.name === name);
          const target = existing ?? (await api.testbeds.create({ name }));
          const node = await api.testbeds.addNode({
            testbedId: target.id,
            host,
            port: options.port,
            user: options.user,
            keyFile,
            agentPort: options.agentPort,
            ...(options.name ? { name: options.name } : {}),
          });
          noteProgramKey(terminal, node);
          terminal.result(node, `Added node ${node.name} (${node.id}) to testbed ${target.name} (${target.id})`);
          return 0;
        });
      }),
    );

  testbed
    .command('list')
    .description('list testbeds and nodes')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const testbeds = await api.testbeds.list();
          const text = testbeds
            .map((item) => `${item.name} (${item.id}), ${item.kind}${scaleNote(item)}\n${describeNodes(item)}`)
            .join('\n\n');
          terminal.result(testbeds, text || 'No testbed yet. Create one: npm run cli -- testbed create-virtual --nodes 5');
          return 0;
        }),
      ),
    );

  testbed
    .command('rename')
    .description('give a testbed another name; runs that were made on it keep the one that it had')
    .argument('<testbed>', 'name or id')
    .argument('<name>', 'its new name')
    .action((nameOrId: string, name: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const found = findByName(await api.testbeds.list(), nameOrId, 'testbed');
          const renamed = await api.testbeds.rename({ id: found.id, name });
          terminal.result(renamed, `Testbed ${found.name} is now ${renamed.name}`);
          return 0;
        }),
      ),
    );

  testbed
    .command('remove')
    .description('move a testbed to the bin: its connections end and its virtual nodes stop; its runs and images stay')
    .argument('<testbed>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = findByName(await session.api.testbeds.list(), nameOrId, 'testbed');
          return moveToBin(session, { kind: 'testbed', id: found.id }, `testbed ${found.name}`);
        }),
      ),
    );
}

function scaleNote(testbed: Testbed): string {
  return testbed.timeScale === 1 ? '' : `, simulated time ${formatFactor(testbed.timeScale)}`;
}

function describeNodes(testbed: Testbed): string {
  return formatTable(
    ['  node', 'id', 'address', 'state', 'speed'],
    testbed.nodes.map((node) => [
      `  ${node.name}`,
      node.id,
      `${node.user}@${node.host}:${node.port}`,
      node.provisionState,
      describeSpeed(node),
    ]),
  );
}

/** A virtual node's setting, or what was measured of a real one. */
function describeSpeed({ virtual, calibration }: TestbedNode): string {
  if (virtual) return `${virtual.speedFactor} (simulated)`;
  return calibration ? `${calibration.fixedSec.toFixed(1)} s + ${calibration.secPerStep.toFixed(2)} s a step` : '-';
}
