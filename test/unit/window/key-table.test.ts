import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeKeyTable } from '../../support/key-table.js';

const PAGE = join(import.meta.dirname, '../../../docs/window.md');
const TABLE = /(<!-- prettier-ignore-start -->\n)[\s\S]*?(<!-- prettier-ignore-end -->)/;

it('docs/window.md has the keys of the registry; npm run docs:keys makes its table again', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const made = page.replace(TABLE, (_, before: string, after: string) => `${before}\n${makeKeyTable()}\n\n${after}`);
  expect(made).toContain('| `g` `t` ');
  await expect(made).toMatchFileSnapshot(PAGE);
});
