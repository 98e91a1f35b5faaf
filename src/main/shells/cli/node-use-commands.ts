// `node exclude|include|limit|reconnect`: which nodes new runs use, and how; and a try to reach one now.
import { type Command, InvalidArgumentError } from 'commander';
import type { NodeUseInput } from '../../../shared/api/node-use-inputs.js';
import { AppError } from '../../../shared/errors.js';
import { describeLimit, MAX_HELD_LIMIT } from '../../../shared/node-use.js';
import { chooseNode } from './choose-defaults.js';
import { findByName } from './find-by-name.js';
import { whole } from './parse-arguments.js';
import { type CommonOptions, type Session, withSession } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

export function addNodeUseCommands(node: Command, run: Run): void {
  node
    .command('exclude')
    .description('leave a node out of new runs and series; it stays provisioned and watched, and their records name it')
    .argument('<node>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() => change(command, nameOrId, { isExcluded: true }, (name) => `Node ${name} is excluded from new runs`)),
    );
  node
    .command('include')
    .description('let new runs and series use an excluded node again')
    .argument('<node>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() => change(command, nameOrId, { isExcluded: false }, (name) => `Node ${name} is part of new runs again`)),
    );
  node
    .command('limit')
    .description('how many tasks may wait and compute on a node at a time in new runs; it refuses what comes beyond')
    .argument('<node>', 'name or id')
    .argument('<count>', `1 to ${MAX_HELD_LIMIT}, or "none" to take as many as come again`, tasksAtATime)
    .action((nameOrId: string, heldLimit: number | null, _options: unknown, command: Command) =>
      run(() =>
        change(command, nameOrId, { heldLimit }, (name) =>
          heldLimit === null
            ? `Node ${name} takes as many tasks as come again`
            : `In new runs ${describeLimit({ name, heldLimit })} at a time`,
        ),
      ),
    );
  node
    .command('reconnect')
    .description('try to reach the agent of a node now, and say what came of it')
    .argument('[node]', 'name or id; the only one where it is left out')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const found = await chooseNode(session, nameOrId);
          return reconnect(session, found);
        }),
      ),
    );
}

async function reconnect({ api, terminal }: Session, { id, name }: { id: string; name: string }): Promise<number> {
  const live = await api.testbeds.reconnect({ id });
  if (!live.isConnected) {
    throw new AppError(
      'agent-unreachable',
      `Node ${name} does not answer: ${live.problem ?? 'no reason is known.'}`,
      'Check that it is on and reachable. Provisioning it again starts its agent.',
    );
  }
  terminal.result(live, `Node ${name} answers`);
  return 0;
}

function change(command: Command, nameOrId: string, use: Omit<NodeUseInput, 'id'>, describe: (name: string) => string): Promise<number> {
  return withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
    const nodes = (await api.testbeds.list()).flatMap((testbed) => testbed.nodes);
    const { id } = findByName(nodes, nameOrId, 'node');
    const { node, before, keptBy } = await api.testbeds.setNodeUse({ id, ...use });
    if (keptBy !== null) terminal.note(keptBy);
    terminal.result({ node, before }, describe(node.name));
    return 0;
  });
}

/** Null for `none`. */
function tasksAtATime(word: string): number | null {
  if (word === 'none') return null;
  const count = whole(word);
  if (count < 1 || count > MAX_HELD_LIMIT) throw new InvalidArgumentError(`“${word}” is not from 1 to ${MAX_HELD_LIMIT}.`);
  return count;
}
