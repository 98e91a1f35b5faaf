import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import type { KeptSecret } from '../../../shared/credentials.js';
import { AppError } from '../../../shared/errors.js';
import { describeUnaware, listRouteRemarks, type Testbed, type TestbedNode } from '../../../shared/testbed.js';
import { chooseNode } from './choose-defaults.js';
import { findByName } from './find-by-name.js';
import { addLoginOptions, keepSecrets, type LoginOptions, noteKeyFile } from './login-options.js';
import { addKeyCommands, noteProgramKey } from './node-key-commands.js';
import { addNodeList } from './node-list-command.js';
import { addNodeUseCommands } from './node-use-commands.js';
import { whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { addTelemetryCommand } from './telemetry-command.js';
import { formatTable } from './terminal.js';
import { trustNode, type TrustOptions } from './trust-node.js';

interface AddOptions extends CommonOptions, LoginOptions {
  config: boolean;
  name?: string;
  port?: number;
  user?: string;
  agentPort: number;
  paste?: string;
  yes: boolean;
}

interface ListOptions extends CommonOptions {
  testbed?: string;
}

export function addNodeCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const node = program.command('node').description('nodes reached over SSH, and the trust in their host keys');

  addLoginOptions(node.command('add'))
    .description(
      'add a host to a testbed as "ssh HOST" would reach it, or a list of hosts; the testbed is created when there is none of that name',
    )
    .argument('<testbed>', 'name or id of the testbed')
    .argument('[host]', 'a host of ~/.ssh/config, a host name or an address')
    .option('--user <user>', 'user to log in as (default: what ~/.ssh/config says); with --paste, for lines that name none')
    .option('--port <port>', 'SSH port (default: what ~/.ssh/config says)', whole)
    .option(
      '--paste <file>',
      'a list of hosts, "-" for standard input: user@host:port name, ssh commands, blocks of ~/.ssh/config, Ansible inventories',
    )
    .option('--yes', 'with --paste: add what is ready without asking', false)
    .option('--name <name>', 'name of the node (default: the host)')
    .option('--agent-port <port>', 'TCP port of the agent on the node', whole, 7411)
    .option('--no-config', 'take the host as an address, without ~/.ssh/config; needs --user')
    .action((testbed: string, host: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<AddOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, (session) => add(session, testbed, host, options));
      }),
    );

  addLoginOptions(node.command('login'))
    .description('change how a node is logged in to, or keep its secrets in the vault')
    .argument('[node]', 'name or id; the only one where it is left out')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & LoginOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = await chooseNode(session, nameOrId);
          const changed = await changeLogin(session, found, options);
          const kept = await keepSecrets(session, changed, options);
          session.terminal.result({ node: changed, kept }, `Node ${changed.name}: ${describeLogin(changed, kept)}`);
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
          const { secrets } = await api.credentials.status();
          const withSecrets = nodes.map((one) => ({ ...one, secrets: secretsOf(one, secrets) }));
          const none = 'No node yet. Add one: npm run cli -- node add TESTBED HOST';
          terminal.result(withSecrets, nodes.length === 0 ? none : describeNodes(testbeds, secrets));
          return 0;
        });
      }),
    );

  addTelemetryCommand(node, run);
  addKeyCommands(node, run);
  addNodeUseCommands(node, run);

  node
    .command('remove')
    .description('take a node out of its testbed; nothing is changed on the node itself')
    .argument('<node>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const found = findByName(listNodes(await api.testbeds.list()), nameOrId, 'node');
          const { unawareNames } = await api.testbeds.removeNode({ id: found.id });
          if (unawareNames.length > 0) terminal.note(describeUnaware(found.name, unawareNames));
          terminal.result({ removed: found.id, unawareNames }, `Removed node ${found.name}`);
          return 0;
        }),
      ),
    );

  node
    .command('trust')
    .description('trust the host key of a node, or of a host on the way to it, after comparing its fingerprint')
    .argument('[node]', 'name or id; the only one where it is left out')
    .requiredOption('--fingerprint <fingerprint>', 'SHA256:... as "ssh-keygen -lf" prints it on the node')
    .option('--replace', 'put it in the place of the key on record', false)
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & TrustOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = await chooseNode(session, nameOrId);
          await trustNode(session, found, options);
          return 0;
        });
      }),
    );
}

/** A testbed that was made for the nodes goes again when none can be added. */
async function add(session: Session, testbedName: string, host: string | undefined, options: AddOptions): Promise<number> {
  const { api, terminal } = session;
  const { paste } = options;
  if ((host === undefined) === (paste === undefined)) {
    throw new AppError('invalid-input', 'Name either a host or a list of hosts.', 'npm run cli -- node add TESTBED HOST, or --paste FILE.');
  }
  const existing = (await api.testbeds.list()).find((candidate) => candidate.id === testbedName || candidate.name === testbedName);
  const testbed = existing ?? (await api.testbeds.create({ name: testbedName }));
  const isEmpty = async (): Promise<boolean> => (await api.testbeds.get({ id: testbed.id })).nodes.length === 0;
  try {
    if (paste !== undefined) return await addNodeList(session, testbed.id, { ...options, paste });
    const added = await addNode(session, testbed, host ?? '', options);
    noteProgramKey(terminal, added);
    for (const remark of listRouteRemarks(added.sshRoute)) terminal.note(`~/.ssh/config: ${remark}`);
    const kept = await keepSecrets(session, added, options);
    terminal.result({ ...added, kept }, `Added node ${added.name} (${added.id}): ${describeWay(added)}, ${describeLogin(added, kept)}`);
    return 0;
  } finally {
    if (!existing && (await isEmpty())) await api.testbeds.remove({ id: testbed.id });
  }
}

async function addNode(session: Session, testbed: Testbed, host: string, options: AddOptions): Promise<TestbedNode> {
  const { api } = session;
  const { user, port, key, auth, agentPort, name } = options;
  if (!options.config && user === undefined) {
    throw new AppError('invalid-input', 'Without ~/.ssh/config no one says which user to log in as.', 'Name one: --user USER.');
  }
  const common = {
    testbedId: testbed.id,
    keyFile: key === undefined ? null : await noteKeyFile(session, key),
    agentPort,
    ...(auth ? { auth } : {}),
    ...(port === undefined ? {} : { port }),
    ...(name ? { name } : {}),
  };
  if (!options.config && user !== undefined) return api.testbeds.addNode({ ...common, host, user });
  return api.testbeds.addNodeByAlias({ ...common, alias: host, ...(user === undefined ? {} : { user }) });
}

async function changeLogin(session: Session, node: TestbedNode, { auth, key }: LoginOptions): Promise<TestbedNode> {
  if (auth === undefined && key === undefined) return node;
  const keyFile = key === undefined ? null : await noteKeyFile(session, key);
  return session.api.testbeds.setNodeLogin({ id: node.id, auth: auth ?? 'key-file', keyFile });
}

function listNodes(testbeds: readonly Testbed[]): TestbedNode[] {
  return testbeds.flatMap((testbed) => testbed.nodes);
}

/** Its own secrets and the passphrase of its key file. */
function secretsOf(node: TestbedNode, secrets: readonly KeptSecret[]): KeptSecret[] {
  return secrets.filter(({ kind, subject }) => subject === (kind === 'passphrase' ? node.keyFile : node.id));
}

/** `password (vault)` */
function describeLogin(node: TestbedNode, kept: readonly string[]): string {
  return cleanLine(
    [node.auth === 'key-file' ? `key file ${node.keyFile}` : node.auth, ...kept.map((kind) => `${kind} in the vault`)].join(', '),
  );
}

function describeNodes(testbeds: readonly Testbed[], secrets: readonly KeptSecret[]): string {
  const rows = testbeds.flatMap((testbed) =>
    testbed.nodes.map((node) => {
      const kept = secretsOf(node, secrets).map(({ kind, holder }) => `${kind}: ${holder}`);
      return [node.name, node.id, testbed.name, describeWay(node), node.auth, kept.join(', '), node.provisionState, describeUse(node)];
    }),
  );
  return formatTable(['node', 'id', 'testbed', 'way', 'login', 'secrets', 'state', 'new runs'], rows);
}

function describeUse({ isExcluded, heldLimit }: TestbedNode): string {
  if (isExcluded) return 'excluded';
  return heldLimit == null ? 'used' : `at most ${heldLimit} at a time`;
}

/** `lab@10.0.0.7:22 over gate@192.0.2.1:22` */
function describeWay(node: TestbedNode): string {
  const hops = [node, ...[...(node.sshRoute?.hops ?? [])].reverse()].map((hop) => `${hop.user}@${hop.host}:${hop.port}`);
  return cleanLine(hops.join(' over '));
}
