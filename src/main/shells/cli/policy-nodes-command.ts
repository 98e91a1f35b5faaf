// `policy nodes`: which learned policy every node of a testbed has, by its version.
import type { Command } from 'commander';
import { describeNodePolicy, nameNodePolicy } from '../../../shared/describe-node-policy.js';
import type { NodeLive } from '../../../shared/testbed.js';
import { chooseTestbed } from './choose-testbed.js';
import { type CommonOptions, type Session, withSession } from './session.js';
import { formatTable } from './terminal.js';

export function addPolicyNodesCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const parent =
    program.commands.find((command) => command.name() === 'policy') ?? program.command('policy').description('scheduling policies');
  parent
    .command('nodes')
    .description('the version of the learned policy on every node, whether it decides itself, and what it was rolled back for')
    .argument('[testbed]', 'name or id of a testbed (default: the only one, else that of the last run)')
    .action((nameOrId: string | undefined, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const testbed = await chooseTestbed(session, nameOrId);
          await session.api.testbeds.untilConnected({ id: testbed.id });
          const live = await firstSnapshot(session, testbed.id);
          const rows = testbed.nodes.map(({ id, name }) => {
            const node = live.find(({ nodeId }) => nodeId === id);
            const state =
              node?.isConnected !== true ? 'not connected' : node.policy ? describeNodePolicy(node.policy) : 'no learned policy yet';
            return [name, nameNodePolicy(node?.policy), node?.policy?.runId ?? '-', state];
          });
          const listed = testbed.nodes.map(({ id, name }) => ({
            id,
            name,
            policy: live.find(({ nodeId }) => nodeId === id)?.policy ?? null,
          }));
          session.terminal.result(listed, formatTable(['node', 'policy', 'run', 'state'], rows));
          return 0;
        }),
      ),
    );
}

async function firstSnapshot({ until }: Session, testbedId: string): Promise<NodeLive[]> {
  const enough = new AbortController();
  for await (const live of await until(enough.signal).testbeds.watch({ id: testbedId })) {
    enough.abort();
    return live;
  }
  return [];
}
