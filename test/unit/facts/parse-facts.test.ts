// Every quirk of a device is a file in test/fixtures/facts/nodes: what its sections hold, and the facts and warnings that come of it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { majorVersion, parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import { warnAboutFacts } from '../../../src/shared/warn-about-facts.js';

const READ_AT_MS = 1_800_000_000_000;
const folder = join(import.meta.dirname, '../../fixtures/facts/nodes');
const caseSchema = z.object({
  about: z.string(),
  sections: z.record(z.string(), z.array(z.string())),
  /** Exit status of sections that did not end with 0. */
  statuses: z.record(z.string(), z.number()).default({}),
  facts: z.record(z.string(), z.unknown()),
  warnings: z.array(z.string()),
});

/** As the facts command writes it. */
function toOutput(sections: Record<string, string[]>, statuses: Record<string, number>): string {
  return Object.entries(sections)
    .map(([name, lines]) => `\n[${name}]\n${lines.map((line) => ` ${line}\n`).join('')}[=${statuses[name] ?? 0}]\n`)
    .join('');
}

describe.each(readdirSync(folder))('%s', (file) => {
  const { about, sections, statuses, facts, warnings } = caseSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));

  test(`is understood: ${about}`, () => {
    expect(parseFacts(toOutput(sections, statuses), READ_AT_MS)).toMatchObject(facts);
  });

  test('gets the warnings that it deserves and no others', () => {
    expect(warnAboutFacts(parseFacts(toOutput(sections, statuses), READ_AT_MS))).toEqual(
      warnings.map((text) => expect.stringContaining(text) as unknown),
    );
  });
});

test('a node that tells nothing has no facts, and that is no error', () => {
  const { readAtMs, temperatures, powerRails, unreadTools, groups, ...facts } = parseFacts('', READ_AT_MS);

  expect(readAtMs).toBe(READ_AT_MS);
  expect([temperatures, powerRails, unreadTools, groups]).toEqual([[], [], [], []]);
  expect(Object.values(facts).every((value) => value === null)).toBe(true);
});

test('names are cut to a length and cleaned of control characters', () => {
  const { hostname } = parseFacts(`[hostname]\n \u001b]0;owned\u0007${'h'.repeat(5_000)}\n[=0]\n`, READ_AT_MS);

  expect(hostname).toMatch(/^\]0;owned h+…$/);
  expect(hostname).toHaveLength(200);
});

test('no tool opens or ends a section by what it prints; a second one of a name, and one that was cut off, do not count', () => {
  const output = 'cpus=999\n[hostname]\n [cpus]\n [=0]\n 999\n[=0]\n[cpus]\n 8\n[=0]\n[cpus]\n 64\n[=0]\n[kernel]\n Linux 6';

  expect(parseFacts(output, READ_AT_MS)).toMatchObject({ hostname: '[cpus]', cpuCount: 8, kernel: null });
});

test.each([
  ['v24.1.0', 24],
  ['v9.0.0', 9],
  ['24', null],
  [null, null],
])('the major version of %s is %s', (version, major) => {
  expect(majorVersion(version)).toBe(major);
});
