import { describe, expect, it } from 'vitest';
import { hashSpec } from '../../../src/main/domain/runs/plan-run.js';
import { RunPreparation } from '../../../src/main/domain/runs/run-preparation.js';
import { runSpecSchema } from '../../../src/shared/api/inputs.js';
import { abilitiesNeeded, AGENT_ABILITIES } from '../../../src/shared/agent-abilities.js';
import type { Dataset } from '../../../src/shared/dataset.js';
import type { RunSpec } from '../../../src/shared/run.js';
import { toCliCommand } from '../../../src/shared/run-command-line.js';
import {
  inPlacingOrder,
  listSettings,
  nameSettings,
  nextInQueue,
  PLACING_ORDER_NAMES,
  QUEUE_ORDER_NAMES,
} from '../../../src/shared/scheduling-settings.js';
import { buildNode, buildTestbed } from '../../support/storage-fixtures.js';

const base = { testbedId: 'testbed-1', datasetId: 'dataset-1', taskCount: 4 };
const nodes = ['ES 1', 'ES 2'].map((name, ordinal) =>
  buildNode({ id: `node-${ordinal + 1}`, ordinal, name, agentVersion: '0.1.0', provisionState: 'ready' }),
);

function prepareWith(abilities: (nodeId: string) => readonly string[]) {
  const preparation = new RunPreparation({
    getTestbed: () => buildTestbed({ nodes }),
    getDataset: () => ({ id: 'dataset-1', name: 'Sample', promptCount: 9, pictureCount: 0 }) as Dataset,
    listPrompts: () => Array.from({ length: 9 }, (_, id) => ({ id, text: 'a boat' })),
    skillsOf: (nodeId) => Promise.resolve({ services: ['text-to-image'], abilities: abilities(nodeId) }),
    programVersion: '1',
    nowMs: () => 1,
  });
  return (changes: Partial<RunSpec>) =>
    preparation.prepare(runSpecSchema.parse({ ...base, ...changes }), { allowOverload: true, series: null });
}

describe('settings of scheduling', () => {
  it('are as in the paper where none is given, and then leave the specification and its hash as they always were', async () => {
    const prepare = prepareWith(() => []);
    const plain = (await prepare({})).run;
    const spelled = (await prepare({ placingOrder: 'own', queueOrder: 'first-come-first-served' })).run;
    expect(Object.keys(plain.spec)).not.toContain('queueOrder');
    expect(spelled.specSha256).toBe(plain.specSha256);
    expect(plain.specSha256).toBe(hashSpec(runSpecSchema.parse(base)));
    expect(nameSettings(plain.spec)).toEqual([]);
  });

  it('are part of the frozen specification, and of the command that starts it again', async () => {
    const settings = { placingOrder: 'longest-first', queueOrder: 'shortest-first', speedWeight: 0.3 } as const;
    const { run } = await prepareWith(() => AGENT_ABILITIES)(settings);
    expect(run.spec).toMatchObject(settings);
    expect(run.specSha256).not.toBe(hashSpec(runSpecSchema.parse(base)));
    expect(toCliCommand(run.spec)).toContain('--placing-order longest-first --queue-order shortest-first --speed-weight 0.3');
    expect(nameSettings(run.spec)).toEqual(['longest placed first', 'shortest executed first', 'speeds as seen (weight 0.3)']);
  });

  it('freeze k of considerate completion also where no one has named it', async () => {
    const { run } = await prepareWith(() => AGENT_ABILITIES)({ scheduler: 'considerate-completion' });
    expect(run.spec.consideration).toBe(0.5);
    expect(listSettings(run.spec)).toContainEqual(['Consideration k', '0.5']);
  });

  it('refuse k for a scheduler that does not know it', async () => {
    await expect(prepareWith(() => AGENT_ABILITIES)({ scheduler: 'random', consideration: 0.5 })).rejects.toThrow(
      'a setting of considerate completion alone',
    );
  });

  it('name the nodes whose agents can not do it: they would schedule otherwise than the run says', async () => {
    const prepare = prepareWith((nodeId) => (nodeId === 'node-2' ? [] : AGENT_ABILITIES));
    await expect(prepare({ queueOrder: 'shortest-first', speedWeight: 1 })).rejects.toMatchObject({
      message: "The run can't start: too old for orders, speeds-seen: ES 2 (agent 0.1.0).",
      hint: 'Provision the testbed again.',
    });
    expect((await prepare({})).tasks).toHaveLength(4);
    expect(abilitiesNeeded({ scheduler: 'considerate-completion' })).toEqual(['considerate-completion']);
  });
});

describe('an order', () => {
  const tasks = [3, 1, 2, 1].map((qualitySteps, index) => ({ id: `t${index}`, qualitySteps, expectedMs: qualitySteps * 1000 }));

  it('of placing sorts by steps, and leaves equal tasks as they came', () => {
    const placed = PLACING_ORDER_NAMES.map((order) => inPlacingOrder(tasks, order).map(({ id }) => id));
    expect(placed).toEqual([
      ['t0', 't1', 't2', 't3'],
      ['t0', 't1', 't2', 't3'],
      ['t0', 't2', 't1', 't3'],
      ['t1', 't3', 't2', 't0'],
    ]);
  });

  it('of a queue names the next one, the first of equals', () => {
    expect(QUEUE_ORDER_NAMES.map((order) => nextInQueue(tasks, order)?.id)).toEqual(['t0', 't1']);
    expect(nextInQueue([], 'shortest-first')).toBeUndefined();
  });
});
