import { describe, expect, it } from 'vitest';
import { findRoute } from '../../../src/renderer/first-view.js';

const ROUTES = ['/', '/runs', '/runs/bin', '/runs/new', '/runs/:runId', '/train/studies/:runId', '/guide/:section?', '/:rest(.*)*'].map(
  (path) => ({
    path,
  }),
);

describe('the view that an address names, before there is a router', () => {
  it.each([
    ['/', '/'],
    ['/runs', '/runs'],
    ['/runs/new', '/runs/new'],
    ['/runs/run-1', '/runs/:runId'],
    ['/train/studies/study-1', '/train/studies/:runId'],
  ])('%s is %s', (path, pattern) => {
    expect(findRoute(ROUTES, path)?.path).toBe(pattern);
  });

  it.each(['/guide', '/nowhere', '/runs/', '/runs/run-1/what', ''])('leaves to the router what it does not know for sure: %s', (path) => {
    expect(findRoute(ROUTES, path)).toBeUndefined();
  });
});
