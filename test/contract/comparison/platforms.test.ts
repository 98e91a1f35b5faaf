// Platforms of Table V over the database: changed with their source, reset to the paper, added and removed with undo; and the costs.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CostSettingsRepository } from '../../../src/main/adapters/storage/cost-settings-repository.js';
import { PlatformFigureRepository } from '../../../src/main/adapters/storage/platform-figure-repository.js';
import { PlatformRepository } from '../../../src/main/adapters/storage/platform-repository.js';
import { ComparisonService } from '../../../src/main/domain/comparison/comparison-service.js';
import { PlatformService } from '../../../src/main/domain/comparison/platform-service.js';
import { costInput } from '../../../src/shared/api/cost-inputs.js';
import { comparisonInput } from '../../../src/shared/api/inputs.js';
import { addPlatformInput, setPlatformInput } from '../../../src/shared/api/platform-inputs.js';
import { ASSUMED_COST_SETTINGS } from '../../../src/shared/cost.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;
let platforms: PlatformService;
let comparison: ComparisonService;
let events: string[];
const EVIDENCE = { source: 'stability.ai/pricing', date: '2026-11-29' };

beforeEach(() => {
  temporary = openTemporaryDatabase();
  const { database } = temporary;
  events = [];
  platforms = new PlatformService({
    paper: new PlatformRepository(database),
    figures: new PlatformFigureRepository(database),
    newId: () => 'platform-1',
    record: (kind) => void events.push(kind),
    nowMs: () => 1,
  });
  comparison = new ComparisonService({
    platforms,
    costs: new CostSettingsRepository(database),
    listRuns: () => [],
    getSeries: () => expect.fail('no series is asked for'),
    seriesResult: () => expect.fail('no series is asked for'),
    nodesOf: () => [],
  });
});
afterEach(() => temporary.dispose());

const stability = () => platforms.list().find(({ id }) => id === 'paper:stability')!;
const rows = () => comparison.compare(comparisonInput.parse({})).rows;
const ENTERED = { power: 'entered', wallWatts: 200 } as const;

it('a changed price is in Table V and in the break-even, until it is reset', () => {
  const breakEven = () =>
    comparison.cost(costInput.parse({ settings: ENTERED })).breakEvens.find(({ platformId }) => platformId === 'paper:stability')?.sentence;
  expect(breakEven()).toBe('Cheaper than Stability.AI SD3 after 154,000 images.');

  platforms.set(setPlatformInput.parse({ id: 'paper:stability', field: 'price', value: 100, ...EVIDENCE }));

  expect(rows().find(({ id }) => id === 'paper:stability')).toMatchObject({ pricePer1kUsd: 100, priceEdit: { paperValue: 65 } });
  // 10,000,000 / (100 - 0.0325).
  expect(breakEven()).toBe('Cheaper than Stability.AI SD3 after 100,000 images.');

  platforms.reset({ id: 'paper:stability', field: 'price' });
  expect(stability()).toMatchObject({ pricePer1kUsd: 65, edits: [] });
  expect(breakEven()).toBe('Cheaper than Stability.AI SD3 after 154,000 images.');
  expect(events).toEqual(['platform-changed', 'platform-reset']);
});

it('a reset of one figure leaves the others as they were changed', () => {
  platforms.set(setPlatformInput.parse({ id: 'paper:stability', field: 'price', value: 100, ...EVIDENCE }));
  platforms.set(setPlatformInput.parse({ id: 'paper:stability', field: 'delay', value: 4, ...EVIDENCE }));
  platforms.set(setPlatformInput.parse({ id: 'paper:stability', field: 'delay', count: 500, value: 1500, ...EVIDENCE }));
  platforms.reset({ id: 'paper:stability', field: 'delay', count: 500 });
  expect(stability().edits.map(({ field, count }) => `${field} ${count}`)).toEqual(['delay 1', 'price 0']);
  platforms.reset({ id: 'paper:stability' });
  expect(stability().edits).toEqual([]);
});

it('a figure without source or date is refused at the border', () => {
  const change = { id: 'paper:stability', field: 'price', value: 100 };
  for (const evidence of [
    { source: 'x' },
    { date: '2026-11-29' },
    { source: ' ', date: '2026-11-29' },
    { source: 'x', date: '2026-02-30' },
  ])
    expect(setPlatformInput.safeParse({ ...change, ...evidence }).success).toBe(false);
});

it('what the paper measured itself can not be changed', () => {
  const change = setPlatformInput.parse({ id: 'paper:dedgeai', field: 'delay', value: 1, ...EVIDENCE });
  expect(() => platforms.set(change)).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
  expect(() => platforms.remove('paper:midjourney')).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
});

it('a platform of one’s own is added, removed, and brought back as it was', () => {
  const added = platforms.add(addPlatformInput.parse({ platform: 'New', model: 'Flux', delaySec: 3, pricePer1kUsd: 25, ...EVIDENCE }));
  expect(rows().find(({ id }) => id === added.id)).toMatchObject({ source: 'own', platform: 'New', pricePer1kUsd: 25 });

  platforms.remove(added.id);
  expect(platforms.list()).toHaveLength(6);
  expect(platforms.restore(added.id)).toEqual(added);
  expect(() => platforms.restore('platform-9')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error);
});

it('settings of the cost are kept, and are assumed before', () => {
  expect(comparison.costSettings().isAssumed).toBe(true);
  expect(comparison.cost(costInput.parse({ settings: ASSUMED_COST_SETTINGS })).isAssumed).toBe(true);
  comparison.saveCostSettings({ ...ENTERED, usdPerKwh: 0.3, hardwareUsd: 5000, spread: null });
  expect(comparison.costSettings()).toMatchObject({ isAssumed: false, settings: { wallWatts: 200, usdPerKwh: 0.3 } });
  const report = comparison.cost(costInput.parse({}));
  // 200 W x 3,895.4 s / 3,600 / 1,000 x $0.3.
  expect(report.usdPer1k).toBeCloseTo(0.064923, 6);
  expect(report).toMatchObject({ rowId: 'paper:dedgeai', upfrontUsd: 5000, isAssumed: false });
});
