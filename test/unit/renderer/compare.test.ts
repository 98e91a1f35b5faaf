import { toCompareCommand } from '../../../src/shared/compare-command.js';
import { describe, expect, it } from 'vitest';
import { buildRunComparison } from '../../../src/main/domain/run-comparison/build-run-comparison.js';
import {
  exportAddress,
  readCompareQuery,
  withoutRun,
  writeCompareQuery,
  type CompareSettings,
} from '../../../src/renderer/views/comparison/compare-query.js';
import { formatDifference, listValues } from '../../../src/renderer/views/comparison/describe-comparison.js';
import { describeEcdf, describeParts, nameGroup } from '../../../src/shared/describe-run-comparison.js';
import { buildListedRun } from '../../support/comparison-fixtures.js';

const SETTINGS: CompareSettings = { runIds: ['a', 'b', 'c'], groupBy: 'run', reference: 'b', hiddenIds: ['c'], onlyValid: true };

describe('the address', () => {
  it('says what is compared and how, and is read back', () => {
    const query = writeCompareQuery(SETTINGS);
    expect(query).toEqual({ runs: 'a,b,c', group: 'run', reference: 'b', hidden: 'c', valid: 'yes' });
    expect(readCompareQuery(query)).toEqual(SETTINGS);
  });

  it('with anything wrong or missing means the default', () => {
    expect(readCompareQuery({ runs: 'a,a,,b', group: 'moon', hidden: 'z', reference: ['x'] })).toEqual({
      ...{ runIds: ['a', 'b'], groupBy: 'scheduler', reference: null, hiddenIds: [], onlyValid: false },
    });
    const many = Array.from({ length: 120 }, (_, index) => `r${index}`).join(',');
    expect(readCompareQuery({ runs: many }).runIds).toHaveLength(100);
  });

  it('forgets a run that is removed everywhere', () => {
    expect(withoutRun(withoutRun(SETTINGS, 'b'), 'c')).toMatchObject({ runIds: ['a'], reference: null, hiddenIds: [] });
  });

  it('of an export and the command name the same comparison', () => {
    expect(exportAddress(SETTINGS, 'ecdf', 'svg')).toBe(
      '/exports/compared-runs/ecdf.svg?runs=a%2Cb%2Cc&groupBy=run&reference=b&hidden=c&onlyValid=true',
    );
    expect(toCompareCommand(SETTINGS)).toBe('npm run cli -- run compare a b --group-by run --reference b --only-valid');
  });
});

describe('what is shown', () => {
  const runs = Array.from({ length: 10 }, (_, index) =>
    buildListedRun({
      ...{ id: `r${index}`, serviceSec: [1, 3], totalSec: 3 },
      spec: { scheduler: index < 5 ? 'random' : 'round-robin', seed: index % 5 },
    }),
  );
  const compare = (count: number) => buildRunComparison(runs.slice(0, count), { groupBy: 'scheduler', reference: null }, []);

  it('of a setting: each value once, with its runs and the looks of their groups', () => {
    const comparison = compare(6);
    const [scheduler] = comparison.differing;
    expect(listValues(scheduler!, comparison)).toEqual([
      { text: 'Random', count: 5, positions: [0] },
      { text: 'Round-robin', count: 1, positions: [1] },
    ]);
  });

  it('of up to eight runs are their own curves, of more the groups with bands, and the one that is looked at', () => {
    expect(describeEcdf(compare(6), {}).series).toHaveLength(6);
    const { series } = describeEcdf(compare(10), { focusedRunId: 'r7' });
    expect(series.map(({ name, band }) => [name, (band ?? []).length])).toEqual([
      ['Random', 100],
      ['Round-robin', 100],
      ['r7', 0],
    ]);
  });

  it('as shares adds up to a hundred percent', () => {
    const { series } = describeParts(compare(10), true);
    expect(series.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)).toBeCloseTo(100, 9);
  });

  it('names what must be known of a group', () => {
    expect(nameGroup({ name: 'Random', isSimulated: true, invalid: 2, runIds: ['a', 'b', 'c'] })).toBe('Random (simulated, 2 invalid)');
    expect(nameGroup({ name: 'Random', isSimulated: false, invalid: 1, runIds: ['a'] })).toBe('Random (invalid)');
  });

  it('of a difference is its sign and its share', () => {
    expect(formatDifference({ difference: { sec: 4, share: 0.404 } })).toBe('+40.4 %');
    expect(formatDifference({ difference: { sec: -4, share: -0.1 } })).toBe('−10.0 %');
    expect(formatDifference({ difference: null })).toBe('–');
  });
});
