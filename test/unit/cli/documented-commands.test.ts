// What README and docs tell people to type is there: every command, and every option of it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createWholeProgram } from '../../support/whole-program.js';

const ROOT = join(import.meta.dirname, '../../..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const PREFIX = 'npm run cli -- ';

/** The commands of a page: what follows the prefix, and words in code that start as one does. */
function commandsOf(markdown: string, program: Command): string[] {
  const prefixed = markdown.split(PREFIX).slice(1);
  const spans = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
  return [...prefixed, ...spans.filter((code) => startsAsCommand(code, program))].map(
    (text) => text.split(/[`\n#;&|]|\\\|/)[0]?.trim() ?? '',
  );
}

/** `model push NAME`, and not `node --version`. */
function startsAsCommand(code: string, program: Command): boolean {
  const [first = '', second = ''] = code.split(' ');
  const group = program.commands.find((command) => command.name() === first);
  if (!group || second === '') return false;
  return group.commands.length === 0 || group.commands.some((command) => command.name() === second);
}

/** Null where all of it is there. */
function findProblem(text: string, program: Command): string | null {
  const words = text.split(/\s+/);
  // A word for any command.
  if (words[0] === 'COMMAND' || words[0] === '...') return null;
  let command = program;
  while (command.commands.length > 0) {
    const next = command.commands.find((candidate) => candidate.name() === words[0]);
    if (!next) break;
    command = next;
    words.shift();
  }
  if (command === program) return `${text}: no such command`;
  const isGroup = command.commands.length > 0 && command.options.length === 0;
  if (isGroup && words[0] !== '...') return `${text}: no such command of ${command.name()}`;
  const known = new Set([...program.options, ...command.options].flatMap(({ long, short }) => [long, short]));
  const unknown = words
    .map((word) => word.split('=')[0]?.replace(/[.,:)]+$/, ''))
    .filter((word) => /^-{1,2}[a-z]/.test(word ?? '') && !known.has(word));
  return unknown.length === 0 ? null : `${text}: ${unknown.join(', ')} is no option of it`;
}

describe('what the docs tell people to type', () => {
  it.each(PAGES)('is in the program: %s', async (page) => {
    const program = await createWholeProgram();
    const problems = commandsOf(readFileSync(join(ROOT, page), 'utf8'), program).flatMap((text) => findProblem(text, program) ?? []);
    expect(problems).toEqual([]);
  });

  it('is looked at', async () => {
    const program = await createWholeProgram();
    expect(commandsOf(readFileSync(join(ROOT, 'docs/from-jetson-to-table-v.md'), 'utf8'), program).length).toBeGreaterThan(40);
    expect(findProblem('model pull sd3', program)).toBe('model pull sd3: no such command of model');
    expect(findProblem('run start --dateset x', program)).toBe('run start --dateset x: --dateset is no option of it');
  });
});
