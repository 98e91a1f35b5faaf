import { expect, it } from 'vitest';
import { describeAbsent, listSeriesCommands } from '../../../../src/renderer/views/series/describe-series.js';
import type { SeriesSummary } from '../../../../src/shared/series.js';

const absent = (state: SeriesSummary['state'], waitingBlocks = 2): Record<string, string | null> =>
  describeAbsent(state, listSeriesCommands({ state }, waitingBlocks, 5));

it('every command of a series that is not there says why', () => {
  expect(absent('running')).toEqual({
    ...{ Pause: null, 'Finish this block': null, Cancel: null, Extend: null },
    ...{ Resume: 'The series is not paused', 'Run again': 'The series has not ended' },
  });
  expect(absent('running', 0)['Finish this block']).toBe('No block waits behind the one under way');
  expect(absent('paused')).toMatchObject({ Pause: 'The series is paused', Resume: null, Cancel: null });
  expect(absent('succeeded', 0)).toMatchObject({
    ...{ Pause: 'The series has ended', Resume: 'The series has ended', Cancel: 'The series has ended' },
    ...{ 'Finish this block': 'The series has ended', Extend: null, 'Run again': null },
  });
  expect(absent('stopping')).toMatchObject({ Pause: 'The series is stopping', Extend: 'The series is stopping' });
});
