// `npm ci` refuses a lockfile that lacks the packages of other platforms, and such a lockfile is easily written: npm leaves out what the
// registry did not offer at that moment.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  integrity?: string;
  /** Comes inside another package, and is pinned by it. */
  inBundle?: boolean;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');

it('locks the optional packages of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, locked]) =>
    Object.keys(locked.optionalDependencies ?? {}).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});

it('pins every package to its content', () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, locked]) => !locked.inBundle && !(locked.version && locked.integrity)).map(([path]) => path)).toEqual([]);
});
