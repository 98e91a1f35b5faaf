import { expect, it } from 'vitest';
import { checkSpec } from '../../../src/main/domain/runs/check-spec.js';
import { snapshotNodes } from '../../../src/main/domain/runs/bound-of-run.js';
import { compareEnvironments } from '../../../src/main/domain/records/compare-environments.js';
import { computationAsKnown } from '../../../src/main/domain/records/partial-environment.js';
import { toNodeEnvironment } from '../../../src/main/domain/records/describe-environment.js';
import { asStartedWith, countNodes, describeNodeUse, nodesInUse, nodeUseNow, nodeUseOf } from '../../../src/shared/node-use.js';
import type { Dataset } from '../../../src/shared/dataset.js';
import type { Environment } from '../../../src/shared/record.js';
import type { Testbed, TestbedNode } from '../../../src/shared/testbed.js';
import { buildNode, buildSpec, buildTestbed } from '../../support/storage-fixtures.js';

const testbedOf = (...changes: Partial<TestbedNode>[]): Testbed =>
  buildTestbed({
    nodes: changes.map((change, ordinal) =>
      buildNode({ id: `node-${ordinal + 1}`, ordinal, name: `orin-${ordinal + 1}`, provisionState: 'ready', ...change }),
    ),
  });
const names = (nodes: readonly { name: string }[]): string[] => nodes.map(({ name }) => name);
const dataset = { name: 'Captions', promptCount: 100, pictureCount: 0 } as Dataset;

it('a run uses the nodes that are not excluded, with their limits', () => {
  const testbed = testbedOf({}, { heldLimit: 2 }, { isExcluded: true });
  expect(names(nodesInUse(testbed))).toEqual(['orin-1', 'orin-2']);
  expect(snapshotNodes(testbed, () => true).map(({ name, heldLimit }) => [name, heldLimit])).toEqual([
    ['orin-1', undefined],
    ['orin-2', 2],
  ]);
});

it('says what is not as the testbed is, and nothing of a whole one', () => {
  expect(nodeUseNow(testbedOf({}, {}))).toBeNull();
  const use = nodeUseNow(testbedOf({}, { heldLimit: 1 }, { isExcluded: true }));
  expect(use).toEqual({ usedCount: 2, excluded: ['orin-3'], limited: [{ name: 'orin-2', heldLimit: 1 }] });
  expect(describeNodeUse(use!)).toBe('2 of 3 nodes, without orin-3; orin-2 holds at most 1 task');
  expect(describeNodeUse(nodeUseOf([{ name: 'orin-1', heldLimit: 4 }], [])!)).toBe('1 node; orin-1 holds at most 4 tasks');
  expect(countNodes({ usedCount: 5, excluded: [] })).toBe('5 nodes');
});

it('a series keeps what it started with, whatever is said of the nodes later', () => {
  const kept = asStartedWith(testbedOf({ isExcluded: true }, { heldLimit: 3 }, {}), [
    { id: 'node-1', heldLimit: null },
    { id: 'node-2', heldLimit: 1 },
  ]);
  expect(nodesInUse(kept).map(({ name, heldLimit }) => [name, heldLimit])).toEqual([
    ['orin-1', null],
    ['orin-2', 1],
  ]);
});

it('a run is refused where every node is excluded, and not for the sake of an excluded one', () => {
  expect(checkSpec(buildSpec(), testbedOf({ isExcluded: true }, { isExcluded: true }), dataset)).toEqual([
    'Every node of testbed “Lab” is excluded. Include one first.',
  ]);
  expect(checkSpec(buildSpec(), testbedOf({}, { isExcluded: true, provisionState: 'failed' }), dataset)).toEqual([]);
});

it('doing it again names a node that is excluded now, and a limit that is another', () => {
  const environmentOf = (testbed: Testbed): Environment => {
    const excludedNodes = testbed.nodes.flatMap(({ name, isExcluded }) => (isExcluded ? [name] : []));
    return {
      ...computationAsKnown({ specSha256: 'a'.repeat(64), seeds: [1], programVersion: '1' }),
      testbed: { id: testbed.id, name: testbed.name, timeScale: 1, ...(excludedNodes.length > 0 && { excludedNodes }) },
      nodes: snapshotNodes(testbed, () => true).map(toNodeEnvironment),
    };
  };
  const whole = environmentOf(testbedOf({}, {}));
  const less = environmentOf(testbedOf({ heldLimit: 2 }, { isExcluded: true }));
  const said = (then: Environment, now: Environment) =>
    compareEnvironments(then, now).differences.map((each) => [each.subject, each.field, each.then, each.now]);
  expect(said(whole, less)).toEqual([
    ['Node orin-1', 'limit', 'none', '2 tasks at a time'],
    ['Node orin-2', 'excluded', 'no', 'yes'],
  ]);
  expect(said(less, whole)).toEqual([
    ['Node orin-1', 'limit', '2 tasks at a time', 'none'],
    ['Node orin-2', 'excluded', 'yes', 'no'],
  ]);
  expect(said(less, less)).toEqual([]);
});
