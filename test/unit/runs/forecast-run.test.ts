import { describe, expect, it } from 'vitest';
import {
  explainLateEnd,
  forecastRange,
  RunForecasts,
  type ForecastInput,
  type ForecastNode,
} from '../../../src/main/domain/runs/forecast-run.js';

const node = (name: string, change: Partial<ForecastNode> = {}): ForecastNode => ({
  ...{ name, isConnected: true, backlogSec: 100, slowness: 1 },
  ...change,
});

/** Five equal nodes that have done what their record promises: 500 s of work in 100 s, 500 s to go. */
function buildInput(change: Partial<ForecastInput> = {}): ForecastInput {
  return {
    ...{ openWorkSec: 500, doneWorkSec: 450, doneCount: 45, speedSum: 5, nodeCount: 5, elapsedSec: 95, lastArrivalSec: 0 },
    nodes: ['node-1', 'node-2', 'node-3', 'node-4', 'node-5'].map((name) => node(name)),
    ...{ pendingCount: 0, resentCount: 0, controlShare: 0.001, timeScale: 1 },
    ...change,
  };
}

describe('forecastRange', () => {
  it('is one time where record, measurement and queues agree', () => {
    const range = forecastRange(buildInput());
    expect(range?.lowMs).toBe(range?.highMs);
    expect(range?.lowMs).toBeCloseTo(100_000, 0);
  });

  it('is silent until 20 results or 30 s of real time', () => {
    const early = { doneCount: 19, doneWorkSec: 190, elapsedSec: 29 };
    expect(forecastRange(buildInput(early))).toBeNull();
    expect(forecastRange(buildInput({ ...early, doneCount: 20 }))).not.toBeNull();
    expect(forecastRange(buildInput({ ...early, elapsedSec: 31 }))).not.toBeNull();
    // 31 s of model time are a third of a second on the wall.
    expect(forecastRange(buildInput({ ...early, elapsedSec: 31, timeScale: 100 }))).toBeNull();
  });

  it('reaches from the record to the measurement where the nodes are slower than their record', () => {
    const range = forecastRange(buildInput({ elapsedSec: 190 }));
    expect(range?.lowMs).toBeCloseTo(100_000, 0);
    expect(range?.highMs).toBeCloseTo(200_000, 0);
  });

  it('is no less than the longest queue once every task has its node', () => {
    const nodes = [node('node-1', { backlogSec: 300 }), node('node-2', { backlogSec: 50 })];
    expect(forecastRange(buildInput({ nodes }))?.lowMs).toBe(300_000);
    expect(forecastRange(buildInput({ nodes, pendingCount: 10 }))?.lowMs).toBeLessThan(110_000);
  });

  it('says nothing while no node answers', () => {
    expect(forecastRange(buildInput({ nodeCount: 0, speedSum: 0 }))).toBeNull();
  });
});

describe('RunForecasts', () => {
  it('explains an end that comes more than a fifth later than was expected at first', () => {
    const forecasts = new RunForecasts();
    expect(forecasts.of('run-1', buildInput()).delayCause).toBeNull();
    expect(forecasts.of('run-1', buildInput({ elapsedSec: 110 })).delayCause).toBeNull();
    const late = buildInput({ elapsedSec: 190, nodes: [node('node-1'), node('node-3', { slowness: 2.1 })] });
    expect(forecasts.of('run-1', late).delayCause).toBe('node-3 is slower than calibrated: its images take 2.1 times as long');
  });

  it('compares each run with its own first forecast', () => {
    const forecasts = new RunForecasts();
    forecasts.of('run-1', buildInput());
    expect(forecasts.of('run-2', buildInput({ elapsedSec: 300 })).delayCause).toBeNull();
  });
});

describe('explainLateEnd', () => {
  it('names lost nodes before anything else', () => {
    const nodes = [node('a', { isConnected: false }), node('b', { isConnected: false }), node('c', { slowness: 3 })];
    expect(explainLateEnd(buildInput({ nodes }))).toBe('a and b do not answer');
  });

  it('blames what the programs add before what was re-sent', () => {
    expect(explainLateEnd(buildInput({ controlShare: 0.12, resentCount: 4 }))).toBe('control takes 12.0 % of the mean service delay');
    expect(explainLateEnd(buildInput({ resentCount: 4 }))).toBe('4 tasks were re-sent');
  });

  it('names the queue that the end waits for', () => {
    const nodes = [node('a', { backlogSec: 400 }), node('b'), node('c')];
    expect(explainLateEnd(buildInput({ nodes }))).toBe('a has the longest queue, and works it off alone');
  });
});
