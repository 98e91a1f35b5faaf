import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseTegrastats } from '../../../src/main/domain/nodes/facts/parse-tegrastats.js';

const lineSchema = z.object({ about: z.string(), line: z.string(), sample: z.record(z.string(), z.unknown()).nullable() });
const file = join(import.meta.dirname, '../../fixtures/facts/tegrastats-lines.json');
const lines = z.array(lineSchema).parse(JSON.parse(readFileSync(file, 'utf8')));

test.each(lines)('a line of tegrastats is understood: $about', ({ line, sample }) => {
  const parsed = parseTegrastats(line);
  if (sample === null) expect(parsed).toBeNull();
  else expect(parsed).toMatchObject(sample);
});

test('a line without end is read in a bounded time', () => {
  // Backtracking over a million repetitions would take hours, far beyond the time that a test has.
  expect(parseTegrastats(`RAM 1/2MB ${'A1@-'.repeat(1_000_000)}`)).toMatchObject({ memoryTotalBytes: 2 * 1024 * 1024 });
});
