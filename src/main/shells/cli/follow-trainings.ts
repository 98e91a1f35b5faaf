// Trainings under way, followed from the terminal to their end: progress on standard error, the result at the end. Ctrl-C pauses them.
import { resolve } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import type { EpisodeMetrics, Training } from '../../../shared/training.js';
import { summarizeTrainings, type TrainingWithCurve } from '../../domain/simulation/training/summarize-trainings.js';
import { describeSummary, describeTraining } from './describe-training.js';
import type { Session } from './session.js';
import { refuseTaken, writeOutput } from './write-output.js';

export interface OutputOptions {
  /** A file for the JSON document. */
  out?: string;
  overwrite: boolean;
}

/** Starts trainings and follows them; `start` gives those that were started. Nothing is started where the output could not be written. */
export async function startAndFollow(session: Session, output: OutputOptions, start: () => Promise<Training[]>): Promise<number> {
  if (output.out !== undefined) await refuseTaken(resolve(output.out), output.overwrite);
  const trainings = await start();
  const [first, ...others] = trainings;
  return first && others.length === 0 ? followOne(session, output, first) : followMany(session, output, trainings);
}

/** Throws the training's error. */
async function followOne(
  { api: { trainings }, until, terminal, signal }: Session,
  output: OutputOptions,
  { id }: Training,
): Promise<number> {
  const { spec } = await trainings.get({ id });
  terminal.note(`Training ${id}: ${spec.method}, preset ${spec.preset}, seed ${spec.seed}, ${spec.episodes} episodes`);
  let reported = -1;
  for await (const { doneEpisodes, last, remainingSec } of await until(signal).trainings.watch({ id })) {
    if (!last || doneEpisodes === reported) continue;
    reported = doneEpisodes;
    terminal.progress(describeProgress(spec.episodes, last, remainingSec));
  }
  if (signal.aborted) {
    const paused = await trainings.pause({ id });
    terminal.note(`Paused after episode ${paused.checkpointEpisodes}. Resume: npm run cli -- train resume ${id}`);
  }
  const [training, curve] = await Promise.all([trainings.get({ id }), trainings.curve({ id })]);
  if (training.error) throw new AppError(training.error.code, `${training.error.message} (training ${id})`, training.error.hint);
  const document = { ...training, curve };
  await writeDocument(output, document);
  terminal.result(document, describeTraining(training, curve));
  return training.state === 'succeeded' ? 0 : 130;
}

/** Exit status 5 where one of them failed: the others continue. */
async function followMany(
  { api: { trainings }, until, terminal, signal }: Session,
  output: OutputOptions,
  started: readonly Training[],
): Promise<number> {
  const ids = started.map(({ id }) => id);
  const episodes = started.reduce((sum, { spec }) => sum + spec.episodes, 0);
  terminal.note(`${ids.length} trainings of ${episodes} episodes together, as many at once as this machine has cores`);
  const done = new Map<string, number>();
  const follow = async ({ id, spec }: Training): Promise<void> => {
    for await (const { doneEpisodes } of await until(signal).trainings.watch({ id })) {
      if (done.get(id) === doneEpisodes) continue;
      done.set(id, doneEpisodes);
      const all = [...done.values()].reduce((sum, count) => sum + count, 0);
      terminal.progress(`Episode ${all} of ${episodes} (${spec.method}, seed ${spec.seed}: ${doneEpisodes} of ${spec.episodes})`);
    }
  };
  await Promise.all(started.map(follow));
  if (signal.aborted) {
    const states = async (): Promise<Training[]> => Promise.all(ids.map((id) => trainings.get({ id })));
    const open = (await states()).filter(({ state }) => ['queued', 'running', 'stopping'].includes(state));
    await Promise.all(open.map(({ id }) => trainings.pause({ id })));
    const paused = (await states()).filter(({ state }) => state === 'paused').map(({ id }) => id);
    terminal.note(`Paused. Resume: npm run cli -- train resume ${paused.join(' ')}`);
  }
  const all: TrainingWithCurve[] = await Promise.all(
    ids.map(async (id) => ({ ...(await trainings.get({ id })), curve: await trainings.curve({ id }) })),
  );
  for (const { id, error } of all) if (error) terminal.note(`Training ${id} failed: ${error.message}`);
  const document = { methods: summarizeTrainings(all), trainings: all };
  await writeDocument(output, document);
  terminal.result(document, describeSummary(document.methods, all));
  if (all.some(({ error }) => error !== null)) return 5;
  return all.every(({ state }) => state === 'succeeded') ? 0 : 130;
}

async function writeDocument({ out, overwrite }: OutputOptions, document: unknown): Promise<void> {
  if (out !== undefined) await writeOutput(resolve(out), `${JSON.stringify(document, null, 2)}\n`, overwrite);
}

function describeProgress(episodes: number, last: EpisodeMetrics, remainingSec: number | null): string {
  const rest = remainingSec === null ? '' : `, about ${Math.ceil(remainingSec)} s left`;
  return `Episode ${last.episode} of ${episodes}: ${last.meanDelaySec.toFixed(2)} s, ${last.ratioToOptTs.toFixed(3)} × Opt-TS${rest}`;
}
