import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetRepository } from '../../../src/main/adapters/storage/dataset-repository.js';
import { EventRepository } from '../../../src/main/adapters/storage/event-repository.js';
import { FactsHistoryRepository } from '../../../src/main/adapters/storage/facts-history-repository.js';
import { HostKeyRepository, type RecordedHostKey } from '../../../src/main/adapters/storage/host-key-repository.js';
import { ImageRepository } from '../../../src/main/adapters/storage/image-repository.js';
import { PlatformRepository } from '../../../src/main/adapters/storage/platform-repository.js';
import { ProvisioningRepository, type StoredProvisioning } from '../../../src/main/adapters/storage/provisioning-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import type { Dataset } from '../../../src/shared/dataset.js';
import type { ProvisionStep } from '../../../src/shared/provisioning.js';
import { NO_DEVICE_FACTS } from '../../../src/shared/device-facts.js';
import type { NodeFacts } from '../../../src/shared/testbed.js';
import {
  buildNode,
  buildResult,
  buildRun,
  buildTask,
  buildTestbed,
  fakeSha256,
  openTemporaryDatabase,
  type TemporaryDatabase,
} from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;
let testbeds: TestbedRepository;
beforeEach(() => {
  temporary = openTemporaryDatabase();
  testbeds = new TestbedRepository(temporary.database);
});
afterEach(() => temporary.dispose());

const FACTS: NodeFacts = {
  ...NO_DEVICE_FACTS,
  powerMode: 'MAXN',
  temperatures: [{ name: 'gpu', celsius: 47.6 }],
  hostname: 'orin-1',
  operatingSystem: 'Ubuntu 22.04',
  kernel: '5.15',
  architecture: 'aarch64',
  deviceModel: null,
  l4tVersion: '36.4.7',
  cpuCount: 12,
  memoryTotalBytes: 64e9,
  memoryAvailableBytes: 60e9,
  diskFreeBytes: 1e11,
  nodeVersion: null,
  readAtMs: 5,
};

describe('TestbedRepository', () => {
  it('changes only what the patch names', () => {
    testbeds.insertTestbed(buildTestbed());
    testbeds.updateNode('node-1', { facts: FACTS, agentPort: 7411, provisionState: 'ready' });
    expect(testbeds.getNode('node-1')).toEqual(buildNode({ facts: FACTS, agentPort: 7411, provisionState: 'ready' }));
  });

  it('lists testbeds with their nodes in order', () => {
    const ssh = buildNode({ id: 'node-2', ordinal: 1, kind: 'ssh', virtual: null });
    testbeds.insertTestbed(buildTestbed({ nodes: [ssh, buildNode()] }));
    expect(testbeds.listTestbeds()[0]?.nodes.map((node) => node.id)).toEqual(['node-1', 'node-2']);
  });

  it('inserts nothing of a testbed when one of its nodes is not sound', () => {
    expect(() => testbeds.insertTestbed(buildTestbed({ nodes: [buildNode(), buildNode({ id: 'node-2' })] }))).toThrow(/UNIQUE/);
    expect(testbeds.getTestbed('testbed-1')).toBeNull();
  });

  it('deletes the nodes with the testbed', () => {
    testbeds.insertTestbed(buildTestbed());
    expect(testbeds.deleteTestbed('testbed-1')).toBe(true);
    expect(testbeds.getNode('node-1')).toBeNull();
  });

  it('says that there was no such node', () => {
    expect(testbeds.updateNode('no-such-node', { name: 'x' })).toBeNull();
    expect(testbeds.deleteNode('no-such-node')).toBe(false);
  });
});

describe('FactsHistoryRepository', () => {
  const append = (history: FactsHistoryRepository, readAtMs: number): void =>
    history.append({ nodeId: 'node-1', moment: 'asked', provisioningRunId: null, facts: { ...FACTS, readAtMs } });

  it('gives readings back as they were, newest first', () => {
    testbeds.insertTestbed(buildTestbed());
    const history = new FactsHistoryRepository(temporary.database);
    history.append({ nodeId: 'node-1', moment: 'before', provisioningRunId: 'provisioning-1', facts: FACTS });
    append(history, 9);
    expect(history.list('node-1')).toMatchObject([
      { moment: 'asked', provisioningRunId: null, facts: { readAtMs: 9 } },
      { moment: 'before', provisioningRunId: 'provisioning-1', facts: FACTS },
    ]);
  });

  it('keeps a hundred readings of each node', () => {
    testbeds.insertTestbed(buildTestbed());
    const history = new FactsHistoryRepository(temporary.database);
    for (let readAtMs = 0; readAtMs < 103; readAtMs++) append(history, readAtMs);
    expect(history.list('node-1').map(({ facts }) => facts.readAtMs)).toEqual(Array.from({ length: 100 }, (_, index) => 102 - index));
  });

  it('loses the readings with their node', () => {
    testbeds.insertTestbed(buildTestbed());
    const history = new FactsHistoryRepository(temporary.database);
    append(history, 1);
    testbeds.deleteNode('node-1');
    expect(history.list('node-1')).toEqual([]);
  });
});

describe('HostKeyRepository', () => {
  const key: RecordedHostKey = {
    host: 'Orin-1.lab',
    port: 22,
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:one',
    keyBase64: 'AAAA',
    nodeId: null,
    source: 'accepted in the window',
    atMs: 3,
  };

  it('finds a key by address, whatever the case of the name', () => {
    const keys = new HostKeyRepository(temporary.database);
    keys.record(key);
    expect(keys.find('orin-1.LAB', 22)).toEqual({ ...key, host: 'orin-1.lab' });
    expect(keys.find('orin-1.lab', 2222)).toBeNull();
  });

  it('does not overwrite a recorded key by the way', () => {
    const keys = new HostKeyRepository(temporary.database);
    keys.record(key);
    expect(() => keys.record({ ...key, fingerprint: 'SHA256:two', keyBase64: 'BBBB' })).toThrow(
      expect.objectContaining({ code: 'host-key-changed' }),
    );
    expect(keys.find('orin-1.lab', 22)?.fingerprint).toBe('SHA256:one');
  });

  it('replaces and removes a key when told to', () => {
    const keys = new HostKeyRepository(temporary.database);
    keys.record(key);
    keys.replace({ ...key, fingerprint: 'SHA256:two', keyBase64: 'BBBB' });
    expect(keys.find('orin-1.lab', 22)?.fingerprint).toBe('SHA256:two');
    expect(keys.remove('orin-1.lab', 22)).toBe(true);
    expect(keys.find('orin-1.lab', 22)).toBeNull();
  });
});

describe('ProvisioningRepository', () => {
  const step = (change: Partial<ProvisionStep>): ProvisionStep => ({
    name: 'connect',
    state: 'changed',
    detail: null,
    startedAtMs: 1,
    finishedAtMs: 2,
    error: null,
    ...change,
  });
  const running: StoredProvisioning = {
    id: 'provisioning-1',
    kind: 'apply',
    testbedId: 'testbed-1',
    nodes: [
      {
        nodeId: 'node-1',
        nodeName: 'ES 1',
        state: 'running',
        steps: [step({}), step({ name: 'facts', state: 'running', finishedAtMs: null }), step({ name: 'agent', state: 'queued' })],
        hostKeyQuestion: null,
        output: [
          { atMs: 1000, step: 'facts', text: '$ uname -a' },
          { atMs: 1001, step: 'facts', text: 'Linux' },
        ],
      },
    ],
  };
  let provisioning: ProvisioningRepository;
  beforeEach(() => {
    testbeds.insertTestbed(buildTestbed());
    provisioning = new ProvisioningRepository(temporary.database);
  });

  it('gives a run back as it was saved', () => {
    provisioning.save(running);
    expect(provisioning.get('provisioning-1')).toEqual(running);
  });

  it('writes a single node of a run', () => {
    provisioning.save(running);
    const failed = step({ state: 'failed', error: { code: 'ssh-unreachable', message: 'Port closed', hint: null } });
    provisioning.saveNode('provisioning-1', { ...running.nodes[0]!, state: 'failed', steps: [failed] });
    expect(provisioning.get('provisioning-1')?.nodes[0]).toMatchObject({ state: 'failed', steps: [failed] });
  });

  it('fails what a crashed program left running, with the reason, and skips what had not started', () => {
    provisioning.save(running);
    expect(provisioning.failInterrupted(50)).toEqual(['provisioning-1']);
    const run = provisioning.get('provisioning-1');
    expect(run?.nodes[0]).toMatchObject({ state: 'failed' });
    expect(run?.nodes[0]?.steps.map((each) => each.state)).toEqual(['changed', 'failed', 'skipped']);
    expect(run?.nodes[0]?.steps[1]?.error?.message).toMatch(/program ended/);
    expect(provisioning.failInterrupted(60)).toEqual([]);
  });
});

describe('DatasetRepository', () => {
  const dataset: Dataset = {
    id: 'dataset-1',
    name: 'Dogs',
    format: 'plain-text',
    sourceName: 'dogs.txt',
    sha256: 'b'.repeat(64),
    counts: { lines: 3, kept: 3, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] },
    options: { keepOneLetter: false, keepRepeated: true },
    promptCount: 3,
    pictureCount: 0,
    createdAtMs: 9,
  };
  const prompts = ['a dog_x', 'a dogmax', 'a cat'].map((text) => ({ text, imageName: null }));

  it('keeps the order of the prompts', () => {
    const datasets = new DatasetRepository(temporary.database);
    datasets.insert(dataset, prompts);
    expect(datasets.get('dataset-1')).toEqual(dataset);
    expect(datasets.listPrompts('dataset-1').map((prompt) => prompt.text)).toEqual(['a dog_x', 'a dogmax', 'a cat']);
  });

  it('searches prompts for letters, not patterns', () => {
    const datasets = new DatasetRepository(temporary.database);
    datasets.insert(dataset, prompts);
    const page = datasets.promptPage({ datasetId: 'dataset-1', search: 'dog_', offset: 0, limit: 10 });
    expect(page.items.map((prompt) => prompt.text)).toEqual(['a dog_x']);
    expect(page.total).toBe(1);
  });
});

describe('ImageRepository', () => {
  function acceptTwo(): ImageRepository {
    let clock = 100;
    const runs = new RunRepository(temporary.database, () => clock++);
    runs.insertRun(buildRun(), [buildTask(0), buildTask(1, { prompt: 'a red bicycle' })]);
    for (const ordinal of [0, 1]) {
      const taskId = `task-${ordinal}`;
      const epoch = runs.markSent('run-1', [{ taskId, baseStationId: 'node-1', atMs: 1 }]).get(taskId) ?? 0;
      const image = { ...buildResult(taskId, epoch).image, sha256: fakeSha256(ordinal + 1) };
      runs.acceptResults([buildResult(taskId, epoch, { image })]);
    }
    return new ImageRepository(temporary.database);
  }

  it('knows which images a task has', () => {
    const images = acceptTwo();
    expect([images.isReferenced(fakeSha256(1)), images.isReferenced(fakeSha256(9))]).toEqual([true, false]);
  });
});

describe('PlatformRepository', () => {
  it('holds the six rows of Table V with their prices', () => {
    const rows = new PlatformRepository(temporary.database).list();
    expect(rows.map((row) => [row.platform, row.pricePer1kUsd, ...row.delaySecByCount.values()])).toEqual([
      ['Midjourney', 66, 75.9, 7590, 37950, 75900],
      ['OpenAI', 40, 14.7, 1470, 7350, 14700],
      ['Replicate', 8.56, 32.9, 3290, 16450, 32900],
      ['Deepinfra', 3.76, 12.7, 1270, 6350, 12700],
      ['Stability.AI', 65, 5.4, 540, 2700, 5400],
      ['DEdgeAI (paper)', 0, 18.3, 382.4, 1921.5, 3895.4],
    ]);
  });
});

describe('EventRepository', () => {
  it('pages through events, newest first', () => {
    const events = new EventRepository(temporary.database);
    for (const message of ['one', 'two', 'three']) events.append({ atMs: 1, kind: 'test', subjectId: null, message });
    const page = events.page({ offset: 1, limit: 1 });
    expect(page.items.map((event) => event.message)).toEqual(['two']);
    expect(page.total).toBe(3);
  });
});
