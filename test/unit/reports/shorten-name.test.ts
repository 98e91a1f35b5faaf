import { expect, it } from 'vitest';
import { drawBars } from '../../../src/main/domain/reports/charts/draw-bars.js';
import { shortenMiddle, wrapFromEnd, wrapName } from '../../../src/shared/shorten-name.js';

it('cuts a name in its middle, so that the end by which it differs stays', () => {
  expect(shortenMiddle('Night of the long queues, seed 12', 20)).toBe('Night of t…, seed 12');
  expect(shortenMiddle('Night, seed 12', 20)).toBe('Night, seed 12');
  expect(shortenMiddle('🙂🙂🙂🙂🙂🙂', 5)).toBe('🙂🙂…🙂🙂');
  for (const limit of [5, 6, 20]) expect(Array.from(shortenMiddle('x'.repeat(80), limit))).toHaveLength(limit);
});

it('wraps a name at spaces, and cuts the last line where it is still too long', () => {
  const line = { limit: 30, lines: 2 };
  expect(wrapName('Round-robin (simulated)', line)).toEqual(['Round-robin (simulated)']);
  expect(wrapName('Shortest expected completion, speeds as seen', line)).toEqual(['Shortest expected completion,', 'speeds as seen']);
  const [first, second = ''] = wrapName('Shortest expected completion, longest placed first, own queue order (simulated)', line);
  expect(first).toBe('Shortest expected completion,');
  expect(second).toMatch(/^longest placed.*….*\(simulated\)$/);
  expect(second.length).toBeLessThanOrEqual(30);
  expect(wrapName('x'.repeat(50), line)).toEqual(['x'.repeat(30), 'x'.repeat(20)]);
  expect(wrapName('x'.repeat(50), { limit: 30, lines: 1 })).toEqual([`${'x'.repeat(15)}…${'x'.repeat(14)}`]);
});

it('tells the runs of a series apart by scheduler, |N| and repetition on two lines', () => {
  const nameOf = (scheduler: string, count: number): string => `Schedulers on Rack A: ${scheduler}, |N| = ${count}, repetition 3`;
  expect(wrapFromEnd(nameOf('Random', 10), 26)).toEqual(['Schedulers on…k A: Random,', '|N| = 10, repetition 3']);
  expect(wrapFromEnd(nameOf('Shortest expected completion', 40), 26)).toEqual(['Schedulers on…completion,', '|N| = 40, repetition 3']);
  expect(wrapFromEnd('Random 100 #1', 26)).toEqual(['Random 100 #1']);
  expect(wrapFromEnd('x'.repeat(50), 11)).toEqual(['xxxxx…xxxxx']);
});

it('keeps the ends of names in the charts of reports', () => {
  const labels = ['500', '1000'].map((count) => `Shortest expected completion, longest placed first, |N| = ${count}`);
  const { items } = drawBars({
    ...{ kind: 'bars', title: 'Mean delay', category: { title: 'Group', labels } },
    ...{ value: { title: 'Delay', unit: 's' }, series: [{ name: 'Delay', values: [1, 2] }] },
  });
  const texts = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
  for (const end of ['|N| = 500', '|N| = 1000']) expect(texts.filter((text) => text.includes('…') && text.endsWith(end))).toHaveLength(1);
});
