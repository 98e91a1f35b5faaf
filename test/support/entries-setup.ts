// A folder for what this run of the tests bundles of its own; gone at its end.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    entriesDir: string;
  }
}

// Inside the project, so that packages resolve.
const PARENT = resolve(import.meta.dirname, '../../.cache/test-entries');

let dir: string;

export function setup(project: TestProject): void {
  mkdirSync(PARENT, { recursive: true });
  dir = mkdtempSync(join(PARENT, 'run-'));
  project.provide('entriesDir', dir);
}

export function teardown(): void {
  rmSync(dir, { recursive: true, force: true });
}
