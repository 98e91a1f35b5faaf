import type { Command } from 'commander';
import { AppError } from '../../shared/errors.js';
import type { Testbed, TestbedNode } from '../../shared/testbed.js';
import { findByName } from './find-by-name.js';
import { whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { formatTable, stripControls } from './terminal.js';
import { trustNode, type TrustOptions } from './trust-node.js';

interface AddOptions extends CommonOptions {
  config: boolean;
  name?: string;
  port?: number;
  user?: string;
  key?: string;
  agentPort: number;
}

interface ListOptions extends CommonOptions {
  testbed?: string;
}

export function addNodeCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const node = program.command('node').description('nodes reached over SSH, and the trust in their host keys');

  node
    .command('add')
    .description('add a host to a testbed as "ssh HOST" would reach it; the testbed is created when there is none of that name')
    .argument('<testbed>', 'name or id of the testbed')
    .argument('<host>', 'a host of ~/.ssh/config, a host name or an address')
    .option('--user <user>', 'user to log in as (default: what ~/.ssh/config says)')
    .option('--port <port>', 'SSH port (default: what ~/.ssh/config says)', whole)
    .option('--key <file>', "private key file (default: those of ~/.ssh/config, the program's own key, the SSH agent)")
    .option('--name <name>', 'name of the node (default: the host)')
    .option('--agent-port <port>', 'TCP port of the agent on the node', whole, 7411)
    .option('--no-config', 'take the host as an address, without ~/.ssh/config; needs --user')
    .action((testbed: string, host: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<AddOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const added = await addNode(session, testbed, host, options);
          session.terminal.result(added, `Added node ${added.name} (${added.id}): ${describeWay(added)}`);
          return 0;
        });
      }),
    );

  node
    .command('list')
    .description('list nodes with their addresses and the way to them')
    .option('--testbed <testbed>', 'only those of this testbed (name or id)')
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<ListOptions>();
        return withSession(options, { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const all = await api.testbeds.list();
          const testbeds = options.testbed === undefined ? all : [findByName(all, options.testbed, 'testbed')];
          const nodes = testbeds.flatMap((testbed) => testbed.nodes);
          terminal.result(nodes, nodes.length === 0 ? 'No node yet. Add one: dedgeai node add TESTBED HOST' : describeNodes(testbeds));
          return 0;
        });
      }),
    );

  node
    .command('remove')
    .description('take a node out of its testbed; nothing is changed on the node itself')
    .argument('<node>', 'name or id')
    .action((wanted: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const found = findByName(listNodes(await api.testbeds.list()), wanted, 'node');
          await api.testbeds.removeNode({ id: found.id });
          terminal.result({ removed: found.id }, `Removed node ${found.name}`);
          return 0;
        }),
      ),
    );

  node
    .command('trust')
    .description('trust the host key of a node, or of a host on the way to it, after comparing its fingerprint')
    .argument('<node>', 'name or id')
    .requiredOption('--fingerprint <fingerprint>', 'SHA256:... as "ssh-keygen -lf" prints it on the node')
    .option('--replace', 'put it in the place of the key on record', false)
    .action((wanted: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & TrustOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = findByName(listNodes(await session.api.testbeds.list()), wanted, 'node');
          await trustNode(session, found, options);
          return 0;
        });
      }),
    );
}

/** A testbed that was made for the node goes again when the node can't be added. */
async function addNode({ api }: Session, testbedName: string, host: string, options: AddOptions): Promise<TestbedNode> {
  const { user, port, key, agentPort, name } = options;
  if (!options.config && user === undefined) {
    throw new AppError('invalid-input', 'Without ~/.ssh/config nobody says which user to log in as.', 'Name one: --user USER.');
  }
  const existing = (await api.testbeds.list()).find((candidate) => candidate.id === testbedName || candidate.name === testbedName);
  const testbed = existing ?? (await api.testbeds.create({ name: testbedName }));
  const common = {
    testbedId: testbed.id,
    keyFile: key ?? null,
    agentPort,
    ...(port === undefined ? {} : { port }),
    ...(name ? { name } : {}),
  };
  try {
    if (!options.config && user !== undefined) return await api.testbeds.addNode({ ...common, host, user });
    return await api.testbeds.addNodeByAlias({ ...common, alias: host, ...(user === undefined ? {} : { user }) });
  } catch (thrown) {
    if (!existing) await api.testbeds.remove({ id: testbed.id });
    throw thrown;
  }
}

function listNodes(testbeds: readonly Testbed[]): TestbedNode[] {
  return testbeds.flatMap((testbed) => testbed.nodes);
}

function describeNodes(testbeds: readonly Testbed[]): string {
  const rows = testbeds.flatMap((testbed) =>
    testbed.nodes.map((node) => [node.name, node.id, testbed.name, describeWay(node), node.provisionState]),
  );
  return formatTable(['node', 'id', 'testbed', 'way', 'state'], rows);
}

/** `lab@10.0.0.7:22 over gate@192.0.2.1:22` */
function describeWay(node: TestbedNode): string {
  const stops = [node, ...[...(node.sshRoute?.hops ?? [])].reverse()].map((stop) => `${stop.user}@${stop.host}:${stop.port}`);
  return stripControls(stops.join(' over '));
}
