// What was changed of a platform, put in place of what the paper says of it. Pure.
import type { Platform, PlatformEdit, PlatformFigure } from '../../../shared/platform.js';
import type { OwnPlatform } from '../../adapters/storage/platform-figure-repository.js';
import type { PlatformBaseline } from '../../adapters/storage/platform-repository.js';

const findFigure = (figures: readonly PlatformFigure[], field: PlatformFigure['field']): PlatformFigure | undefined =>
  figures.find((figure) => figure.field === field);

/** An edited delay of one image makes the paper's other cells of the row void: they were multiples of the one that no longer holds. */
export function applyEdits(baseline: PlatformBaseline, figures: readonly PlatformFigure[]): Platform {
  const paperOf = ({ field, count }: PlatformFigure): PlatformEdit['paperValue'] => {
    if (field === 'model') return baseline.model;
    return field === 'price' ? baseline.pricePer1kUsd : (baseline.delaySecByCount.get(count) ?? null);
  };
  const delayFigures = figures.filter(({ field }) => field === 'delay');
  const isSingleEdited = delayFigures.some(({ count }) => count === 1);
  const delays = new Map(isSingleEdited ? [] : baseline.delaySecByCount);
  for (const { count, value } of delayFigures) delays.set(count, Number(value));
  const model = findFigure(figures, 'model');
  const price = findFigure(figures, 'price');
  return {
    ...{ id: baseline.id, platform: baseline.platform, isAddedHere: false, isEdge: baseline.isEdge, source: baseline.source },
    model: model ? String(model.value) : baseline.model,
    delays: listDelays(delays),
    pricePer1kUsd: price ? Number(price.value) : baseline.pricePer1kUsd,
    edits: figures.map((figure) => ({ ...figure, paperValue: paperOf(figure) })),
  };
}

export function ownPlatform({ id, platform }: OwnPlatform, figures: readonly PlatformFigure[]): Platform {
  const delays = new Map(figures.filter(({ field }) => field === 'delay').map(({ count, value }) => [count, Number(value)]));
  const newest = figures.toSorted((left, right) => right.changedAtMs - left.changedAtMs)[0];
  const price = findFigure(figures, 'price');
  return {
    ...{ id, platform, isAddedHere: true, isEdge: false },
    model: String(findFigure(figures, 'model')?.value ?? ''),
    delays: listDelays(delays),
    pricePer1kUsd: price ? Number(price.value) : null,
    source: newest ? `${newest.source}, ${newest.date}` : '',
    edits: figures.map((figure) => ({ ...figure, paperValue: null })),
  };
}

function listDelays(delays: ReadonlyMap<number, number>): Platform['delays'] {
  return [...delays].map(([count, delaySec]) => ({ count, delaySec })).sort((left, right) => left.count - right.count);
}
