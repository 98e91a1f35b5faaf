// Everything that ran, listed by a query, and what people put on it.
import type { z } from 'zod';
import type {
  HistoryCompleteInput,
  historyItemInput,
  HistoryListInput,
  historyNoteInput,
  historyStarInput,
  historyTagInput,
} from '../../../shared/api/history-inputs.js';
import { isHistoryItem } from '../../../shared/bin.js';
import { AppError } from '../../../shared/errors.js';
import type {
  HistoryCompletion,
  HistoryEntry,
  HistoryItem,
  HistoryMarks,
  HistoryNote,
  HistoryPage,
  HistoryView,
} from '../../../shared/history.js';
import { HISTORY_KEYS, type HistoryKey } from '../../../shared/history-keys.js';
import { isOpenState, type JobState } from '../../../shared/job.js';
import type { PlannedStart } from '../../../shared/planned-start.js';
import { parseQuery } from '../../../shared/query/parse-query.js';
import type { QueryTerm } from '../../../shared/query/query.js';
import type { QueryKeys } from '../../../shared/query/query-keys.js';
import type { RunSummary } from '../../../shared/run.js';
import type { HistoryMarksRepository } from '../../adapters/storage/history-marks-repository.js';
import type { HistoryQuestion, HistoryRepository } from '../../adapters/storage/history-repository.js';
import { completeQuery } from './complete-query.js';
import { nameScheduler, titleOf } from './name-scheduler.js';

export interface HistoryServiceOptions {
  history: HistoryRepository;
  marks: HistoryMarksRepository;
  /** With its figures, which are kept then where the data folder is this program's. */
  getRun(id: string): RunSummary;
  /** As a program that runs has it; a row may be of one that was interrupted. */
  getJob(id: string): { state: JobState };
  /** Of a run or series that waits for a time; null of all else. */
  plannedStartOf(id: string): PlannedStart | null;
  /** The method of a training; null where it is gone. */
  methodOf(trainingId: string): string | null;
  /** A LIKE pattern of the bases of figures that count. */
  figuresBasis: string;
  /** Whether this program may write to the data folder. */
  isOwner: boolean;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

type Scope = Omit<HistoryQuestion, 'terms' | 'sort' | 'isDescending' | 'offset' | 'limit'>;

export class HistoryService {
  readonly #options: HistoryServiceOptions;

  constructor(options: HistoryServiceOptions) {
    this.#options = options;
  }

  /** A mistake in the query is told, not thrown. */
  list({ query, inBin, ...page }: HistoryListInput): HistoryPage {
    const { history } = this.#options;
    const parsed = parseQuery(query, HISTORY_KEYS);
    const allTotal = inBin ? this.#options.marks.listBin().filter(isHistoryItem).length : history.countAll();
    const [mistake = null] = parsed.mistakes;
    if (mistake) return { items: [], total: 0, allTotal, mistake, excludedBy: null };
    this.#keepMissingFigures();
    const scope = this.#scope(inBin);
    const { terms } = parsed.query;
    const { items, total } = history.page({ ...scope, ...page, terms });
    const excludedBy = total === 0 ? this.#firstWithout(terms, scope, query) : null;
    return { items: items.map((entry) => this.#asItStands(entry)), total, allTotal, mistake: null, excludedBy };
  }

  /** Runs outside the bin that fit all of the terms, which may be of any key of the history. */
  runIdsOf(terms: readonly QueryTerm[]): string[] {
    this.#keepMissingFigures();
    return this.#options.history.runIds({ ...this.#scope(false), terms });
  }

  /** Of a list with other keys too, whose values are those of records where both have a key of that name. */
  complete(input: HistoryCompleteInput, keys: QueryKeys = HISTORY_KEYS): HistoryCompletion {
    const { history } = this.#options;
    return completeQuery(input, keys, {
      schedulers: () => this.#schedulers().flatMap(({ names }) => names.split(' ').map((name) => ({ text: name, detail: titleOf(name) }))),
      valuesOf: (key) => history.valuesOf(key as HistoryKey),
    });
  }

  /** Throws `not-found` for a record that is not there; nothing has changed then. */
  tag({ items, add, remove }: z.output<typeof historyTagInput>): void {
    this.requireAll(items);
    this.#options.marks.tag(items, { add, remove });
  }

  star({ items, isStarred }: z.output<typeof historyStarInput>): void {
    this.requireAll(items);
    this.#options.marks.star(items, isStarred);
  }

  note({ item, markdown }: z.output<typeof historyNoteInput>): void {
    this.requireAll([item]);
    this.#options.marks.setNote(item, markdown.trim() === '' ? null : markdown);
  }

  /** Empty where there is none. */
  getNote({ item }: z.output<typeof historyItemInput>): HistoryNote {
    this.requireAll([item]);
    return { markdown: this.#options.marks.noteOf(item) ?? '' };
  }

  /** Throws `not-found` for a record that is not there. */
  marks({ item }: z.output<typeof historyItemInput>): HistoryMarks {
    this.requireAll([item]);
    return this.#options.marks.marksOf(item);
  }

  listViews(): HistoryView[] {
    return this.#options.marks.listViews();
  }

  /** In the place of another of the same name. Throws `invalid-input` for a query with a mistake. */
  saveView(view: HistoryView): void {
    const [mistake] = parseQuery(view.query, HISTORY_KEYS).mistakes;
    if (mistake) throw new AppError('invalid-input', mistake.sentence, mistake.remedy);
    this.#options.marks.saveView(view);
  }

  removeView(name: string): void {
    if (this.#options.marks.removeView(name)) return;
    throw new AppError('not-found', `There is no view “${name}”`, 'List the views to see which there are.');
  }

  /** Throws `not-found` for the first that is not there. */
  requireAll(items: readonly HistoryItem[]): void {
    for (const item of items) this.nameOf(item);
  }

  /** Throws `not-found`. */
  nameOf(item: HistoryItem): string {
    const name = this.#options.history.nameOf(item);
    if (name === null) throw new AppError('not-found', `There is no ${item.kind} “${item.id}”`, 'List the history to see what there is.');
    return name;
  }

  #scope(inBin: boolean): Scope {
    const { figuresBasis, nowMs } = this.#options;
    return { inBin, figuresBasis, nowMs: nowMs(), schedulers: this.#schedulers() };
  }

  #schedulers(): { json: string; names: string; title: string }[] {
    return this.#options.history.schedulers().map((json) => nameScheduler(json, this.#options.methodOf));
  }

  /** Of runs that ended while no one asked for their figures, or under a version that computed them in another way. */
  #keepMissingFigures(): void {
    const { isOwner, history, figuresBasis, getRun } = this.#options;
    if (isOwner) for (const id of history.runsWithoutFigures(figuresBasis)) getRun(id);
  }

  /** The first term with which nothing is left of what the terms before it have left. */
  #firstWithout(terms: readonly QueryTerm[], scope: Scope, query: string): HistoryPage['excludedBy'] {
    const last = terms.findIndex((_, index) => this.#options.history.count({ ...scope, terms: terms.slice(0, index + 1) }) === 0);
    const term = terms[last];
    return term ? { from: term.from, to: term.to, text: query.slice(term.from, term.to) } : null;
  }

  /** What a running program knows better than the rows. */
  #asItStands(entry: HistoryEntry): HistoryEntry {
    if (entry.kind !== 'run') {
      if (!isOpenState(entry.state as JobState)) return entry;
      return { ...entry, state: this.#options.getJob(entry.id).state, ...this.#waitOf(entry.id) };
    }
    if (entry.finishedAtMs !== null && entry.result.isValid !== null) return entry;
    const { state, finishedAtMs, metrics, validity, counts } = this.#options.getRun(entry.id);
    if (finishedAtMs === null) return { ...entry, state, ...this.#waitOf(entry.id) };
    return {
      ...entry,
      ...{ state, finishedAtMs, result: { isValid: validity.isValid, reasons: validity.reasons } },
      ...{ totalMs: metrics.totalGenerationDelayMs, efficiency: metrics.efficiency },
      ...{ p95Ms: metrics.service?.p95Ms ?? null, meanMs: metrics.service?.meanMs ?? null },
      succeededCount: counts.succeeded,
    };
  }

  #waitOf(id: string): Pick<HistoryEntry, 'plannedStart'> {
    const plannedStart = this.#options.plannedStartOf(id);
    return plannedStart ? { plannedStart } : {};
  }
}
