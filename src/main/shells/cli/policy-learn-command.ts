// `policy learn`: whether a testbed's policy learns from its own runs, what became of that, and learning now.
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { formatInstant } from '../../../shared/format.js';
import { describeAttempt, type OnTheJobStatus } from '../../../shared/on-the-job.js';
import { chooseTestbed } from './choose-testbed.js';
import { type CommonOptions, type Session, withSession } from './session.js';
import { formatTable } from './terminal.js';

type LearnOptions = CommonOptions & { on?: boolean; off?: boolean; now?: boolean };

/** Real ms between two looks at an attempt. */
const POLL_MS = 500;

export function addPolicyLearnCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const parent =
    program.commands.find((command) => command.name() === 'policy') ?? program.command('policy').description('scheduling policies');
  parent
    .command('learn')
    .description('whether the policy of a testbed learns from its own runs, and what became of it')
    .argument('[testbed]', 'name or id of a testbed (default: the only one, else that of the last run)')
    .option('--on', 'keep what runs show from now on, and learn from it')
    .option('--off', 'keep and learn nothing; what is on record stays')
    .option('--now', 'learn from what is on record, and deploy it where it is not worse')
    .action((nameOrId: string | undefined, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<LearnOptions>();
        if (options.on && options.off) throw new InvalidArgumentError('Give --on or --off, not both.');
        const isChange = [options.on, options.off, options.now].some((asked) => asked === true);
        return withSession(options, { access: isChange ? 'exclusive' : 'read', activity: 'none' }, async (session) => {
          const { api, terminal } = session;
          const testbed = await chooseTestbed(session, nameOrId);
          if (options.on || options.off) await api.onTheJob.set({ testbedId: testbed.id, isOn: options.on === true });
          if (options.now) await learnNow(session, testbed.id);
          const status = await api.onTheJob.status({ testbedId: testbed.id });
          terminal.result(status, describeStatus(status, testbed.name));
          return 0;
        });
      }),
    );
}

/** Until there is a verdict. */
async function learnNow({ api, terminal, signal }: Session, testbedId: string): Promise<void> {
  await api.onTheJob.learn({ testbedId });
  for (;;) {
    const [newest] = (await api.onTheJob.status({ testbedId })).attempts;
    if (newest?.state !== 'learning') return;
    terminal.progress(`Learning from ${newest.decisions} decisions: training ${newest.trainingId}`);
    await delay(POLL_MS, undefined, { signal });
  }
}

function describeStatus({ isOn, decisions, runs, trainingId, obstacle, attempts }: OnTheJobStatus, name: string): string {
  const rows = attempts.map((attempt) => [formatInstant(attempt.startedAtMs), attempt.trainingId, attempt.state, describeAttempt(attempt)]);
  return [
    `Learning on the job is ${isOn ? 'on' : 'off'} for testbed “${name}”; on record: ${decisions} decisions of ${runs} runs.`,
    trainingId === null
      ? 'There is no policy to continue: train one with train --testbed NAME.'
      : `The next attempt continues ${trainingId}.`,
    ...(obstacle === null ? [] : [`Not now: ${obstacle}`]),
    ...(rows.length === 0 ? [] : [formatTable(['started', 'training', 'verdict', 'in numbers'], rows)]),
  ].join('\n');
}
