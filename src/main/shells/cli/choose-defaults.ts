// The obvious thing where none is named: the only one there is, else the one used last. What removes something is always named.
import { AppError } from '../../../shared/errors.js';
import type { Model } from '../../../shared/model.js';
import type { RunSummary } from '../../../shared/run.js';
import type { TestbedNode } from '../../../shared/testbed.js';
import type { Training } from '../../../shared/training.js';
import { findOrDefault } from './find-by-name.js';
import type { Session } from './session.js';

type Asking = Pick<Session, 'api' | 'terminal'>;

const ENDED = ['succeeded', 'failed', 'stopped'];

/** The node that is named, else the only one. Throws `not-found`, or `invalid-input` where there are several. */
export async function chooseNode({ api, terminal }: Asking, nameOrId: string | undefined): Promise<TestbedNode> {
  const nodes = (await api.testbeds.list()).flatMap((testbed) => testbed.nodes);
  return findOrDefault(nodes, nameOrId, { what: 'node', naming: 'its name', note: (text) => terminal.note(text) });
}

/** The model that is named, else the only one of those that come into question. Throws as `chooseNode`. */
export async function chooseModel(
  { api, terminal }: Asking,
  nameOrId: string | undefined,
  { naming = 'its name', isMeant = () => true }: { naming?: string; isMeant?: (model: Model) => boolean } = {},
): Promise<Model> {
  const models = await api.models.list();
  const candidates = nameOrId === undefined ? models.filter(isMeant) : models;
  return findOrDefault(candidates, nameOrId, { what: 'model', naming, note: (text) => terminal.note(text) });
}

/** The run with the id; else the newest, or where it has to be open the only one that is. Throws `not-found`, or `invalid-input` where several are open. */
export async function chooseRun({ api, terminal }: Asking, id: string | undefined, { isOpen = false } = {}): Promise<RunSummary> {
  if (id !== undefined) return api.runs.get({ id });
  const runs = (await api.runs.list())
    .filter(({ state }) => !isOpen || !ENDED.includes(state))
    .toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  if (isOpen && runs.length === 0) throw new AppError('not-found', 'No run is unfinished.', 'All runs: npm run cli -- run list');
  const named = runs.map((run) => ({ id: run.id, name: run.spec.name, run }));
  const usedIds = isOpen ? [] : runs.map((run) => run.id);
  const what = isOpen ? 'unfinished run' : 'run';
  return findOrDefault(named, undefined, { what, naming: 'its id', usedIds, note: (text) => terminal.note(text) }).run;
}

/** Which trainings come into question, and what they are called. */
export interface TrainingChoice {
  what: string;
  isMeant(training: Training): boolean;
}

/** The training with the id, else the newest that comes into question. Throws `not-found`. */
export async function chooseTrainingId(
  { api, terminal }: Asking,
  id: string | undefined,
  { what, isMeant }: TrainingChoice = { what: 'training', isMeant: () => true },
): Promise<string> {
  if (id !== undefined) return id;
  const found = (await api.trainings.list()).filter(isMeant).toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
  if (!found)
    throw new AppError('not-found', `There is no ${what}.`, 'All of them: npm run cli -- train list. A new one: npm run cli -- train.');
  terminal.note(`The training is ${found.id} (${found.spec.method}): it is the newest.`);
  return found.id;
}

/** The first number of the JetPack that the nodes have, by their facts. Throws `invalid-input` where that is not one. */
export async function chooseJetpack({ api, terminal }: Asking, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const nodes = (await api.testbeds.list()).flatMap((testbed) => testbed.nodes);
  const found = [...new Set(nodes.flatMap(({ facts }) => facts?.jetpack?.split('.')[0] ?? []))];
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const why = only === undefined ? 'No node’s JetPack is known yet' : `The nodes have JetPack ${found.join(' and ')}`;
    throw new AppError(
      'invalid-input',
      `${why}, so that it has to be named.`,
      'Name it with --jetpack: wheels list shows those there are.',
    );
  }
  terminal.note(`JetPack ${only}: that of the nodes.`);
  return only;
}
