// Another start for a run or series that waits for a time.
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { startTime } from './parse-arguments.js';
import { type CommonOptions, type Session, withSession } from './session.js';

export interface Reschedulable {
  what: 'run' | 'series';
  /** Its id; the only one that is not finished where none is named. */
  find(session: Session, requested: string | undefined): Promise<string>;
  /** `startAtMs`: epoch ms; null: now. Answers with what it is then, and in words. */
  change(session: Session, id: string, startAtMs: number | null): Promise<{ item: unknown; state: string }>;
}

type Options = CommonOptions & { at?: number; now: boolean };

export function addReschedule(
  parent: Command,
  run: (act: () => Promise<number>) => Promise<void>,
  { what, find, change }: Reschedulable,
): void {
  parent
    .command('reschedule')
    .description(`start a ${what} that waits for a time at another one, or now`)
    .argument(
      what === 'run' ? '[run]' : '<series>',
      what === 'run' ? 'id of the run; the only unfinished one where it is left out' : 'name or id of a series',
    )
    .option('--at <time>', '20:00 today, or "2026-12-01 20:00"', startTime)
    .option('--now', 'when its testbed is free', false)
    .action((requested: string | undefined, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<Options>();
        if ((options.at === undefined) !== options.now) {
          throw new AppError('invalid-input', 'Say when it is to start', 'Give either --at "2026-12-01 20:00" or --now.');
        }
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const id = await find(session, requested);
          const { item, state } = await change(session, id, options.at ?? null);
          session.terminal.result(item, `${what === 'run' ? 'Run' : 'Series'} ${id}: ${state}.`);
          if (!session.isOfWindow) session.terminal.note(`Open the window, or follow it here: npm run cli -- ${what} resume ${id}`);
          return 0;
        });
      }),
    );
}
