// The images that the look asks for, page by page, as they were when they were asked for first: what comes in meanwhile is counted, and shown when
// someone wants it. What a mistaken query would ask for is not known: the last good one stays on screen.
import { useIntervalFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useApi, useConnection } from '../../composables/useApi.js';
import { holdEmpty } from '../../composables/unfinished-word.js';
import { usePagedRows, type PagedRows } from '../../composables/usePagedRows.js';
import { isAbort } from '../../api/errors.js';
import { GALLERY_KEYS } from '../../../shared/gallery-keys.js';
import type { GalleryImage, GalleryPage } from '../../../shared/gallery.js';
import { parseQuery } from '../../../shared/query/parse-query.js';
import type { QueryMistake } from '../../../shared/query/query.js';
import { listKey, type GalleryLook } from './gallery-look.js';

/** Real ms between two looks at whether images came in. */
const LOOK_EVERY_MS = 3000;
export const PAGE_SIZE = 120;
/** 2,400 images: what is farther from the screen is asked for again. */
const MAX_PAGES = 20;

type Question = Pick<GalleryLook, 'query' | 'runId' | 'sort'>;

export interface GalleryList extends Pick<PagedRows<GalleryImage>, 'rows' | 'total' | 'isLoading' | 'error' | 'showRange'> {
  mistake: ComputedRef<QueryMistake | null>;
  /** Of the images on screen, or on their way there. */
  question: ComputedRef<Question & { asOf: number | null }>;
  excludedBy: Readonly<Ref<GalleryPage['excludedBy']>>;
  /** Images that fit and came in since. */
  newCount: Readonly<Ref<number>>;
  /** Whether the first answer is there. */
  hasAnswer: Readonly<Ref<boolean>>;
  /** Lists again, with what came in. */
  showNew: () => void;
  /** The tasks of a stretch of the list, loaded or not; `to` inclusive. */
  taskIdsOf: (from: number, to: number) => Promise<string[]>;
}

export function useGalleryList(look: () => GalleryLook, typed: () => string, firstAsOf: number | null): GalleryList {
  const api = useApi();
  const connection = useConnection();
  const mistake = computed(() => parseQuery(typed(), GALLERY_KEYS).mistakes[0] ?? null);
  const asOf: ShallowRef<number | null> = shallowRef(firstAsOf);
  const excludedBy = shallowRef<GalleryPage['excludedBy']>(null);
  const newCount = shallowRef(0);
  const hasAnswer = shallowRef(false);
  const rounds = shallowRef(0);

  const asked = shallowRef<Question>(take(look()));
  function take({ query, runId, sort }: GalleryLook): Question {
    return { query: query.trim(), runId, sort };
  }
  watch(
    () => listKey(look()),
    () => {
      if (parseQuery(look().query, GALLERY_KEYS).mistakes.length > 0) return;
      asOf.value = null;
      asked.value = take(look());
    },
    { flush: 'sync' },
  );

  const paged = usePagedRows<GalleryImage>({
    loadPage: async (range, signal) => {
      const page = await holdEmpty(await api.gallery.page.query({ ...asked.value, asOf: asOf.value, ...range }, { signal }), signal);
      if (signal.aborted) return page;
      asOf.value = page.asOf;
      excludedBy.value = page.excludedBy;
      hasAnswer.value = true;
      return page;
    },
    key: () => [listKey(asked.value), rounds.value],
    pageSize: PAGE_SIZE,
    isKeptWhileLoading: true,
    maxPages: MAX_PAGES,
  });

  async function countNew(): Promise<void> {
    if (connection.value !== 'open' || document.visibilityState !== 'visible' || paged.isLoading.value || asOf.value === null) return;
    const question = { ...asked.value, asOf: asOf.value };
    const { count } = await api.gallery.countNew.query(question).catch((thrown: unknown) => {
      // The list itself says what is wrong; the next look may succeed.
      if (!isAbort(thrown)) return { count: newCount.value };
      return { count: 0 };
    });
    if (question.asOf !== asOf.value) return;
    newCount.value = count;
    // An empty gallery fills by itself; a full one must not move under the eyes.
    if (count > 0 && paged.total.value === 0) showNew();
  }
  useIntervalFn(() => void countNew(), LOOK_EVERY_MS);

  function showNew(): void {
    newCount.value = 0;
    asOf.value = null;
    rounds.value += 1;
  }
  watch(asked, () => (newCount.value = 0));
  watch(connection, (state, before) => {
    if (before === 'lost' && state === 'open') rounds.value += 1;
  });

  /** As many as one answer has. */
  const AT_ONCE = 500;
  async function taskIdsOf(from: number, to: number): Promise<string[]> {
    const known = paged.rows.value.slice(from, to + 1);
    if (known.every((image) => image !== undefined)) return known.map(({ taskId }) => taskId);
    const ids: string[] = [];
    for (let offset = from; offset <= to; offset += AT_ONCE) {
      const limit = Math.min(AT_ONCE, to - offset + 1);
      const page = await api.gallery.page.query({ ...asked.value, asOf: asOf.value, offset, limit });
      ids.push(...page.items.map(({ taskId }) => taskId));
    }
    return ids;
  }

  return {
    ...{ rows: paged.rows, total: paged.total, isLoading: paged.isLoading, error: paged.error, showRange: paged.showRange },
    ...{ mistake, excludedBy, newCount, hasAnswer, showNew, taskIdsOf },
    question: computed(() => ({ ...asked.value, asOf: asOf.value })),
  };
}
