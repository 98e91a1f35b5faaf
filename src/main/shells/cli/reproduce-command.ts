// A run, a series, a training or a study once more, from its record.
import type { Command } from 'commander';
import type { RecordRef } from '../../../shared/record.js';
import { describeAgain, describePlan } from './describe-record.js';
import { findRecord } from './find-record.js';
import { refuseOpenRun } from './refuse-open-run.js';
import { type CommonOptions, type Session, withSession } from './session.js';

interface ReproduceOptions extends CommonOptions {
  dryRun: boolean;
  allowOverload: boolean;
}

export function addReproduceCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('reproduce')
    .description('a run, series, training or study run again from its record; first tells what differs now')
    .argument('<record>', 'id or name of a run, a series, a training or a study run')
    .option('--dry-run', 'only tell what differs and what is missing; starts nothing', false)
    .option('--allow-overload', "start it although this machine can't keep the time scale; a run will be invalid", false)
    .action((nameOrId: string, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<ReproduceOptions>();
        const core = options.dryRun
          ? ({ access: 'read', activity: 'none' } as const)
          : ({ access: 'exclusive', activity: 'nodes' } as const);
        return withSession(options, core, async (session) => {
          const { api, terminal } = session;
          const { kind, id } = await findRecord(api, nameOrId);
          const plan = await api.records.plan({ kind, id });
          if (options.dryRun) {
            terminal.result(plan, describePlan(plan));
            return plan.blockers.length > 0 ? 4 : 0;
          }
          for (const line of describePlan(plan).split('\n')) terminal.note(line);
          if (kind === 'run' || kind === 'series') await prepareTestbed(session, { kind, id });
          const again = await api.records.reproduce({ kind, id, allowOverload: options.allowOverload });
          const status = await follow(session, again);
          const { againOf } = await api.records.get(again);
          if (againOf) terminal.note(describeAgain(againOf));
          return status;
        });
      }),
    );
}

async function prepareTestbed({ api, isOfWindow }: Session, { kind, id }: RecordRef): Promise<void> {
  const { spec } = kind === 'run' ? await api.runs.get({ id }) : await api.series.get({ id });
  if (!isOfWindow) refuseOpenRun(await api.runs.list(), spec.testbedId);
  await api.testbeds.untilConnected({ id: spec.testbedId });
}

/** Until its end, as the command does that starts one anew. */
async function follow(session: Session, { kind, id }: RecordRef): Promise<number> {
  switch (kind) {
    case 'run':
      return (await import('./run-commands.js')).finish(session, id);
    case 'series':
      return (await import('./series-commands.js')).finish(session, id);
    case 'training': {
      const { startAndFollow } = await import('./follow-trainings.js');
      return startAndFollow(session, { overwrite: false }, async () => [await session.api.trainings.get({ id })]);
    }
    case 'study':
      return (await import('./study-commands.js')).follow(session, await session.api.studies.get({ id }));
  }
}
