// Costs against numbers by hand, most of them from the paper's prices.
import { describe, expect, it } from 'vitest';
import {
  ASSUMED_COST_SETTINGS,
  computeCost,
  describeBreakEven,
  findBreakEven,
  isAssumedCost,
  listBreakEvens,
  type CostSubject,
} from '../../../src/shared/cost.js';
import { chartCosts } from '../../../src/shared/cost-figures.js';

const PLATFORMS = [
  { id: 'paper:stability', name: 'Stability.AI SD3', pricePer1kUsd: 65 },
  { id: 'paper:deepinfra', name: 'Deepinfra SD2.1', pricePer1kUsd: 3.76 },
];
const ROW: CostSubject = {
  ...{ rowId: 'measured:1', name: 'Rack A', isSimulated: false },
  fastest: { count: 1000, delaySec: 3708.2 },
  energy: null,
};
const ENTERED = { ...ASSUMED_COST_SETTINGS, power: 'entered' as const, wallWatts: 200 };

describe('a cost with the power of a wall meter', () => {
  // 200 W x 3,708.2 s / 3,600 = 206.01 Wh; x $0.15 / 1,000 = $0.030902.
  const report = computeCost(ROW, ENTERED, PLATFORMS, false);

  it('is the energy of 1,000 images at the price of energy', () => {
    expect(report.whPer1kImages).toBeCloseTo(206.0111, 4);
    expect(report.usdPer1k).toBeCloseTo(0.0309017, 6);
  });

  it('is less than a platform after hardware / (price - cost) images', () => {
    expect(report.breakEvens.map(({ sentence }) => sentence)).toEqual([
      // 10,000,000 / 64.9691 and 10,000,000 / 3.7291.
      'Cheaper than Stability.AI SD3 after 154,000 images.',
      'Cheaper than Deepinfra SD2.1 after 2,680,000 images.',
    ]);
  });

  it('says what is counted, and what is not', () => {
    expect(report.counted).toContain('206 Wh per 1,000 images at the wall, as entered, at $0.15 per kWh');
    expect(report.counted).toContain('$10,000 before the first image');
    expect(report.counted).not.toContain('not wall power');
  });

  it('has its crossings in the data of its chart', () => {
    const { series } = chartCosts(report);
    const crossings = series.find(({ name }) => name === 'Break-even')?.points ?? [];
    expect(crossings.map(({ x, label }) => [x, label])).toEqual([
      [153_920, '154,000'],
      [2_681_614, '2,680,000'],
    ]);
    const own = series.find(({ name }) => name === 'Rack A')?.points ?? [];
    expect(own.find(({ x }) => x === 1_000_000)?.y).toBeCloseTo(10_030.9, 1);
    expect(series.find(({ name }) => name === 'Stability.AI SD3')?.points.find(({ x }) => x === 1_000_000)?.y).toBe(65_000);
  });
});

describe('the chart of costs', () => {
  const prices = [66, 40, 8.56, 3.76, 65].map((pricePer1kUsd, index) => ({ id: `p${index}`, name: `P${index}`, pricePer1kUsd }));
  const chartOf = () => chartCosts(computeCost(ROW, ENTERED, prices, false));

  it('draws the line that another lies on wider, to be seen below it', () => {
    const wide = chartOf().series.map(({ name, linesAbove = 0 }) => [name, linesAbove]);
    expect(wide).toEqual([
      ['Rack A', 0],
      ['P0', 0],
      ['P1', 0],
      ['P2', 0],
      ['P3', 0],
      ['P4', 1],
      ['Break-even', 0],
    ]);
  });

  it('says of which platform each crossing is, those of wide lines first, so that the others are drawn on them', () => {
    const { series } = chartOf();
    const crossings = series.find(({ name }) => name === 'Break-even')?.points ?? [];
    expect(crossings.map(({ of = -1, note }) => [series[of]?.name, note?.split(' ')[2]])).toEqual(
      ['P4', 'P0', 'P1', 'P2', 'P3'].map((name) => [name, name]),
    );
  });

  it('draws all lines alike where none lies on another', () => {
    const report = computeCost(ROW, ENTERED, PLATFORMS, false);
    expect(chartCosts(report).series.every(({ linesAbove }) => linesAbove === undefined)).toBe(true);
  });
});

describe('hardware that is spread over its life', () => {
  it('costs its share of each image, and nothing before', () => {
    // 3.7082 s an image; 3 x 8,766 h x 3,600 s x 0.2 / 3.7082 = 5,106,132 images; $10,000 over them is $1.9584 for 1,000.
    const report = computeCost(ROW, { ...ENTERED, spread: { years: 3, usePercent: 20 } }, PLATFORMS, false);
    expect(report.hardwareUsdPer1k).toBeCloseTo(1.9584, 3);
    expect(report.usdPer1k).toBeCloseTo(1.9893, 3);
    expect(report.upfrontUsd).toBe(0);
    expect(report.breakEvens.map(({ breakEven }) => breakEven.kind)).toEqual(['at-once', 'at-once']);
  });
});

describe('the break-even', () => {
  it('never comes where an image costs as much here', () => {
    expect(findBreakEven(10_000, 3.76, 3.76)).toEqual({ kind: 'never' });
    expect(describeBreakEven('X', findBreakEven(0, 5, 3))).toBe('Never cheaper than X: each image costs as much here, or more.');
  });

  it('is at once without hardware to pay', () => {
    expect(findBreakEven(0, 1, 2)).toEqual({ kind: 'at-once' });
  });

  it('is not known without a price', () => {
    expect([findBreakEven(1, null, 2), findBreakEven(1, 2, null)]).toEqual([
      { kind: 'unknown', missing: 'cost' },
      { kind: 'unknown', missing: 'price' },
    ]);
  });
});

describe('power that was measured', () => {
  const measured = { ...ROW, energy: { whPer1kImages: 180, source: 'rails' as const } };

  it('is that of the rails, which says so', () => {
    const report = computeCost(measured, ASSUMED_COST_SETTINGS, [], false);
    expect(report).toMatchObject({ whPer1kImages: 180, powerSource: 'rails', problem: null });
    expect(report.counted).toContain('not wall power');
  });

  it('is missing where no run has any, and of simulated nodes', () => {
    expect(computeCost(ROW, ASSUMED_COST_SETTINGS, PLATFORMS, false)).toMatchObject({ usdPer1k: null, powerSource: null });
    const simulated = computeCost({ ...measured, isSimulated: true }, ENTERED, PLATFORMS, false);
    expect(simulated.usdPer1k).toBeNull();
    expect(simulated.breakEvens.map(({ breakEven }) => breakEven.kind)).toEqual(['unknown', 'unknown']);
    expect(simulated.counted).toContain('Simulated nodes have no power of their own');
  });
});

describe('a cost that is not known', () => {
  const unpriced = { id: 'own:1', name: 'New', pricePer1kUsd: null };

  it('is said once, with what to do, and beside it the platforms that have no price', () => {
    const report = computeCost(ROW, ASSUMED_COST_SETTINGS, [...PLATFORMS, unpriced], true);
    expect(report.counted).toContain('Energy is not counted. No power was measured for this row: enter what a wall meter shows');
    expect(listBreakEvens(report)).toEqual([
      'Not comparable with any platform: the cost here is not known.',
      'Not comparable with New: its price is not known.',
    ]);
  });

  it('is not said of platforms where the cost is known', () => {
    expect(listBreakEvens(computeCost(ROW, ENTERED, [unpriced], false))).toEqual(['Not comparable with New: its price is not known.']);
  });
});

describe('assumed prices', () => {
  it('are those that no one has kept, whatever the power is', () => {
    expect([ASSUMED_COST_SETTINGS, ENTERED].map((asked) => isAssumedCost(asked, null))).toEqual([true, true]);
    expect(isAssumedCost({ ...ENTERED, hardwareUsd: 5000 }, null)).toBe(false);
    expect(isAssumedCost(ASSUMED_COST_SETTINGS, ASSUMED_COST_SETTINGS)).toBe(false);
  });
});
