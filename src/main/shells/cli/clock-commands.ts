// `clock`: how the clocks of a testbed's nodes are kept right, and keeping them so without a window.
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { type ClockKeeping, describeKeeping, describeKeptClock } from '../../../shared/clock-keeping.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { chooseTestbed } from './choose-testbed.js';
import { decimal } from './parse-arguments.js';
import { type CommonOptions, type Session, withSession } from './session.js';
import { formatTable } from './terminal.js';

interface KeepOptions extends CommonOptions {
  every: number;
  once: boolean;
}

/** A clock was not looked at, or did not take what it was set to. */
const PROBLEM_STATUS = 5;
const MAX_MINUTES = 1_440;

export function addClockCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const parent = program.command('clock').description('clocks of nodes that allow it (provision --keep-clock)');
  parent
    .command('status')
    .description('which clocks are kept, when each was looked at last, and what was found; in a window that is open')
    .argument('[testbed]', 'name or id; the only one, or the one of the last run, where it is left out')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async (session) => {
          const testbed = await chooseTestbed(session, nameOrId);
          const keeping = await session.api.clocks.status({ testbedId: testbed.id });
          session.terminal.result(keeping, describe(keeping));
          return 0;
        }),
      ),
    );
  parent
    .command('keep')
    .description('measure the kept clocks now and every few minutes, and move those that are more than 0.5 s off; until interrupted')
    .argument('[testbed]', 'name or id; the only one, or the one of the last run, where it is left out')
    .option('--every <minutes>', 'between two looks', readMinutes, 10)
    .option('--once', 'look once, then end: exit status 5 where a clock has a problem', false)
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<KeepOptions>();
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const testbed = await chooseTestbed(session, nameOrId);
          return keep(session, testbed.id, options);
        });
      }),
    );
}

function readMinutes(text: string): number {
  const minutes = decimal(text);
  if (minutes <= 0 || minutes > MAX_MINUTES) throw new InvalidArgumentError(`Name minutes above 0, ${MAX_MINUTES} at most.`);
  return minutes;
}

async function keep({ api, until, terminal, signal }: Session, testbedId: string, { every, once }: KeepOptions): Promise<number> {
  for (;;) {
    const before = await api.clocks.status({ testbedId });
    const isFree = before.waitsFor === null;
    // What uses the testbed is waited for, however long it takes; asked once, it is an error.
    const keeping = isFree || once ? await until(signal).clocks.look({ testbedId }) : before;
    const hasProblem = keeping.nodes.some(({ problem }) => problem !== null);
    if (once) {
      terminal.result(keeping, describe(keeping));
      return hasProblem ? PROBLEM_STATUS : 0;
    }
    terminal.note(`${new Date().toISOString()}\n${describe(keeping)}`);
    await delay(every * 60_000, null, { signal }).catch(() => undefined);
    if (signal.aborted) return 0;
  }
}

function describe(keeping: ClockKeeping): string {
  const rows = keeping.nodes.map((node) => [node.nodeName, node.isKept ? 'kept' : 'left alone', describeKeptClock(node)]);
  return [formatTable(['node', 'clock', 'found'], rows), ...describeKeeping(keeping).map(cleanLine)].join('\n');
}
