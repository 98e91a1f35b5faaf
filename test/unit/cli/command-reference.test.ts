import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_STATUSES } from '../../../src/main/shells/cli/exit-statuses.js';
import { ERROR_CODES } from '../../../src/shared/errors.js';
import { MAKE_REFERENCE_COMMAND, makeCommandReference } from '../../support/command-reference.js';
import { createWholeProgram } from '../../support/whole-program.js';

const PAGE = join(import.meta.dirname, '../../../docs/cli.md');

/** Of the headings of a page, as code hosts make them. */
function anchorsOf(file: string): Set<string> {
  const headings = readFileSync(file, 'utf8').match(/^#+ .*$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('the command reference', () => {
  it(`is what the commands say of themselves; ${MAKE_REFERENCE_COMMAND} makes it again`, async () => {
    await expect(await makeCommandReference(await createWholeProgram(), PAGE)).toMatchFileSnapshot(PAGE);
  });

  it('leads only to pages and headings that there are', () => {
    const folder = dirname(PAGE);
    const links = [...readFileSync(PAGE, 'utf8').matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)];
    expect(links.length).toBeGreaterThan(50);
    const dead = links.filter(([, path, anchor]) => {
      const file = path ? join(folder, path) : PAGE;
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).has(anchor));
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  it('names every exit status that an error has', () => {
    expect(EXIT_STATUSES.map(({ status }) => status)).toEqual(expect.arrayContaining([...new Set(Object.values(ERROR_CODES))]));
  });
});
