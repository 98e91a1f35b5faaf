// Which images fit a question. The numbers of all that fit are read once and kept while nothing in the database has changed, so that any page of
// 50,000 images, and the place of one of them, is a look into a list.
import type {
  GalleryFindInput,
  GalleryPageInput,
  GalleryQuestion,
  GallerySelection,
  GalleryTableInput,
} from '../../../shared/api/gallery-inputs.js';
import { AppError } from '../../../shared/errors.js';
import type { GalleryImage, GalleryPage, GalleryStretch, GalleryTable } from '../../../shared/gallery.js';
import type { HistoryCompletion } from '../../../shared/history.js';
import type { QueryTerm } from '../../../shared/query/query.js';
import type { GalleryRepository, ImageQuestion } from '../../adapters/storage/gallery-repository.js';
import { arrangePairs } from './arrange-pairs.js';
import { readQuestion, termsOfImages, termsOfRuns } from './gallery-question.js';

export interface GalleryServiceOptions {
  gallery: GalleryRepository;
  /** Runs outside the bin that fit terms of the history. */
  runIdsOf(terms: readonly QueryTerm[]): string[];
  /** What a query can be continued with at a place in its text. */
  complete(input: { query: string; cursor: number }): HistoryCompletion;
  nowMs(): number;
}

/** Lists of numbers that are kept: a window has one or two, an export one. */
const MAX_KEPT = 4;

export class GalleryService {
  readonly #options: GalleryServiceOptions;
  /** By question, the one used last at the end. */
  readonly #found = new Map<string, { stamp: string; numbers: readonly number[] }>();

  constructor(options: GalleryServiceOptions) {
    this.#options = options;
  }

  /** A mistake in the query is said, not thrown. */
  page({ offset, limit, ...question }: GalleryPageInput): GalleryPage {
    const { gallery } = this.#options;
    const asOf = question.asOf ?? gallery.newest();
    const { all, mistake } = readQuestion(question);
    if (mistake) return { items: [], total: 0, asOf, mistake, excludedBy: null };
    const numbers = this.#numbers({ ...question, asOf }, all);
    const excludedBy = numbers.length === 0 ? this.#firstWithout(all, { ...question, asOf }) : null;
    const items = gallery.images(numbers.slice(offset, offset + limit));
    return { items, total: numbers.length, asOf, mistake: null, excludedBy };
  }

  /** Images that fit and came after `asOf`; none where the query has a mistake. */
  countNew(question: GalleryQuestion): { count: number } {
    const { all, mistake } = readQuestion(question);
    if (mistake || question.asOf === null) return { count: 0 };
    return { count: this.#options.gallery.countAfter(this.#imageQuestion(question, all), question.asOf) };
  }

  /** Where the image of a task is in the list, from 0; null where it is not in it. */
  find({ taskId, ...question }: GalleryFindInput): { index: number | null } {
    const { all, mistake } = readQuestion(question);
    const [number] = mistake ? [] : this.#options.gallery.numbersOf([taskId]);
    const index = number === undefined ? -1 : this.#numbers(question, all).indexOf(number);
    return { index: index < 0 ? null : index };
  }

  /** When and by which runs the images were made that fit, oldest first; none where the query has a mistake. */
  stretches(question: GalleryQuestion): GalleryStretch[] {
    const { all, mistake } = readQuestion(question);
    return mistake ? [] : this.#options.gallery.stretches(this.#imageQuestion(question, all));
  }

  /** Throws `not-found`. */
  image(taskId: string): GalleryImage {
    const { gallery } = this.#options;
    const [image] = gallery.images(gallery.numbersOf([taskId]));
    if (!image) throw new AppError('not-found', `Task ${taskId} has no image`, 'It may not have ended yet, or its run was removed.');
    return image;
  }

  table({ rows, columns, offset, limit, ...question }: GalleryTableInput): GalleryTable {
    const { gallery } = this.#options;
    const { all, mistake } = readQuestion(question);
    if (mistake) return { rows: [], rowTotal: 0, columns: [], columnTotal: 0, cells: [], mistake };
    const pairs = gallery.pairs(this.#imageQuestion(question, all), rows, columns);
    return { ...arrangePairs(pairs, { rows, columns, offset, limit }, gallery), mistake: null };
  }

  complete(input: { query: string; cursor: number }): HistoryCompletion {
    return this.#options.complete(input);
  }

  /** Numbers of the images of a selection, in its order. Throws `invalid-input` for a query with a mistake, `not-found` where none is left. */
  select({ only, except, ...question }: GallerySelection): number[] {
    const { gallery } = this.#options;
    const { all, mistake } = readQuestion(question);
    if (mistake) throw new AppError('invalid-input', mistake.sentence, mistake.remedy);
    const included = only && new Set(gallery.numbersOf(only));
    const excluded = new Set(gallery.numbersOf(except));
    const numbers = this.#numbers(question, all).filter((number) => (included?.has(number) ?? true) && !excluded.has(number));
    if (numbers.length > 0) return numbers;
    throw new AppError('not-found', 'No image fits', 'Change the query or the selection; `images list` shows what there is.');
  }

  /** What an export of a selection would write. Throws as `select`. */
  measure(selection: GallerySelection): { count: number; sizeBytes: number } {
    const numbers = this.select(selection);
    return { count: numbers.length, sizeBytes: this.#options.gallery.sizeOf(numbers) };
  }

  /** Of numbers that `select` gave; those that are gone since are left out. */
  images(numbers: readonly number[]): GalleryImage[] {
    return this.#options.gallery.images(numbers);
  }

  #numbers(question: GalleryQuestion, terms: readonly QueryTerm[]): readonly number[] {
    const { query, runId, sort, asOf } = question;
    const key = JSON.stringify([query, runId, sort, asOf]);
    const stamp = this.#options.gallery.stamp();
    const known = this.#found.get(key);
    this.#found.delete(key);
    const found = known?.stamp === stamp ? known : this.#read(question, terms);
    this.#found.set(key, found);
    const [oldest] = this.#found.keys();
    if (this.#found.size > MAX_KEPT && oldest !== undefined) this.#found.delete(oldest);
    return found.numbers;
  }

  #read(question: GalleryQuestion, terms: readonly QueryTerm[]): { stamp: string; numbers: number[] } {
    const { gallery } = this.#options;
    const numbers = gallery.find(this.#imageQuestion(question, terms), question.sort);
    // Finding runs may have written their figures down.
    return { stamp: gallery.stamp(), numbers };
  }

  #imageQuestion({ runId, asOf }: GalleryQuestion, terms: readonly QueryTerm[]): ImageQuestion {
    const { runIdsOf, nowMs } = this.#options;
    const asked = termsOfRuns(terms);
    const fitting = asked.length > 0 ? runIdsOf(asked) : null;
    const runIds = runId === null ? fitting : [runId].filter((id) => fitting?.includes(id) ?? true);
    return { terms: termsOfImages(terms), runIds, asOf, nowMs: nowMs() };
  }

  /** The first term with which nothing is left of what the terms before it have left. */
  #firstWithout(terms: readonly QueryTerm[], question: GalleryQuestion): GalleryPage['excludedBy'] {
    const { gallery } = this.#options;
    const fits = (some: readonly QueryTerm[]): boolean => gallery.find(this.#imageQuestion(question, some), 'newest').length > 0;
    const term = terms[terms.findIndex((_, index) => !fits(terms.slice(0, index + 1)))];
    return term ? { from: term.from, to: term.to, text: question.query.slice(term.from, term.to) } : null;
  }
}
