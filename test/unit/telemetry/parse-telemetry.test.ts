import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { TelemetryParser } from '../../../src/main/domain/nodes/telemetry/parse-telemetry.js';
import { hottestOf, type TelemetrySample } from '../../../src/shared/telemetry.js';

const file = join(import.meta.dirname, '../../fixtures/facts/tegrastats-lines.json');
const fixtures = z
  .array(z.object({ about: z.string(), line: z.string(), sample: z.unknown() }))
  .parse(JSON.parse(readFileSync(file, 'utf8')));
const tegrastatsLines = fixtures.flatMap(({ line, sample }) => (sample === null ? [] : [line]));

/** All samples of a text that arrives in pieces of `chunkChars`. */
function read(text: string, chunkChars = text.length): TelemetrySample[] {
  const parser = new TelemetryParser();
  const samples: TelemetrySample[] = [];
  for (let at = 0; at < text.length; at += chunkChars) samples.push(...parser.take(text.slice(at, at + chunkChars), at));
  return samples;
}

const procSample = (...lines: string[]): string => ['@sample', ...lines, '@end', ''].join('\n');

test.each([1, 7, 64, 10_000])('lines of tegrastats that arrive in pieces of %i characters are the same samples', (chunkChars) => {
  const text = `@source tegrastats\n${tegrastatsLines.join('\n')}\n`;

  const samples = read(text, chunkChars);

  expect(samples.map(({ gpuPercent }) => gpuPercent)).toEqual([12, 10, null, 0, null]);
  expect(samples[0]).toMatchObject({
    memoryUsedBytes: 20_642 * 1024 ** 2,
    memoryTotalBytes: 62_817 * 1024 ** 2,
    cpuPercent: 21.5,
    rails: [{ name: 'VDD_GPU_SOC', milliwatts: 5139 }],
    temperatures: [{ name: 'cpu', celsius: 52.968 }],
  });
});

test('what tegrastats does not report is null, not nothing', () => {
  const [sample] = read('@source tegrastats\nRAM 1/2MB\n');

  expect(sample).toMatchObject({ gpuPercent: null, cpuPercent: null, rails: [], temperatures: [] });
  expect(hottestOf(sample!)).toBeNull();
});

test('the load of /proc is that between two samples, and the first has none', () => {
  const text =
    '@source proc\n' +
    procSample('cpu  100 0 100 700 100 0 0 0 50 0') +
    procSample('cpu  160 0 140 760 140 0 0 0 90 0') +
    procSample('cpu  160 0 140 760 140 0 0 0 90 0');

  expect(read(text, 13).map(({ cpuPercent }) => cpuPercent)).toEqual([null, 50, null]);
});

test('memory, sensors and a card of nvidia-smi are read; what a card does not report is left out', () => {
  const text = procSample(
    'MemTotal:       64324608 kB',
    'MemFree:         1000000 kB',
    'MemAvailable:   60000000 kB',
    'temp 47625 gpu-thermal',
    'temp -256000 cv0-thermal',
    'gpu 12, 61.25, 45',
    'gpu [N/A], [N/A], 51',
  );

  const [sample] = read(`@source proc\n${text}`, 5);

  expect(sample).toMatchObject({
    memoryTotalBytes: 64_324_608 * 1024,
    memoryUsedBytes: 4_324_608 * 1024,
    gpuPercent: 12,
    rails: [{ name: 'GPU 1', milliwatts: 61_250 }],
    temperatures: [{ name: 'GPU 1', celsius: 45 }, { name: 'GPU 2', celsius: 51 }, { name: 'gpu', celsius: 47.6 }], // prettier-ignore
  });
  expect(hottestOf(sample!)).toEqual({ name: 'GPU 2', celsius: 51 });
});

test('a node without /proc tells samples of nothing', () => {
  expect(read(`@source proc\n${procSample()}`)).toEqual([
    { atMs: 0, cpuPercent: null, gpuPercent: null, memoryUsedBytes: null, memoryTotalBytes: null, rails: [], temperatures: [] },
  ]);
});

test.each([
  ['a line without end', '@source proc\n@sample\n' + 'x'.repeat(5_000_000)],
  ['a sample without end', '@source proc\n@sample\n' + 'temp 1000 zone\n'.repeat(300_000)],
  ['a flood of lines', '@source tegrastats\n' + 'RAM x/yMB\n'.repeat(300_000)],
])('%s takes neither long nor much', (_what, text) => {
  const startedMs = performance.now();

  expect(read(text, 32_768)).toEqual([]);

  expect(performance.now() - startedMs).toBeLessThan(3_000);
});

test('hostile text becomes neither a sensor nor a rail', () => {
  const [sample] = read(
    `@source proc\n${procSample('temp 20000 $(reboot)', 'temp 99999999999 core', 'gpu 12, rm -rf, $(x), 1', 'cpu  1 2 x 4 5')}`,
  );

  expect(sample).toMatchObject({ cpuPercent: null, gpuPercent: null, rails: [], temperatures: [] });
});
