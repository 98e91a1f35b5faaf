import { describe, expect, it } from 'vitest';
import { isProblemKind, nameEventKind } from '../../../src/shared/event-kind.js';
import { kindOfCheck, NODE_CHECK_OUTCOMES } from '../../../src/shared/node-check.js';

describe('nameEventKind', () => {
  it.each([
    ['provisioning-failed', 'Provisioning failed'],
    ['model-push-cancelled', 'Model push canceled'],
    ['dataset-binned', 'Dataset moved to bin'],
    ['node-check-unreached', 'Node check: not reached'],
    ['node-check-preflight-blocked', 'Node check: preflight blocked'],
    ['data-database-damaged', 'Data folder: database damaged'],
    ['dataset-restored', 'Dataset restored'],
    ['on-the-job-left-out', 'Learning on the job: left out'],
    ['run-went-on', 'Run continues'],
  ])('of %s is %s', (kind, name) => {
    expect(nameEventKind(kind)).toBe(name);
  });
});

describe('isProblemKind', () => {
  it.each([
    'provisioning-failed',
    'model-push-failed',
    'run-failed',
    'data-backup-failed',
    'data-images-damaged',
    'node-lost',
    'nodes-lost',
    'start-missed',
    'virtual-node-problem',
    'facts-not-read',
    'run-held',
  ])('holds for %s', (kind) => {
    expect(isProblemKind(kind)).toBe(true);
  });

  it.each(['provisioning-succeeded', 'provisioning-cancelled', 'run-ended', 'series-ended', 'host-key-rules-read', 'testbed-created'])(
    'does not hold for %s',
    (kind) => {
      expect(isProblemKind(kind)).toBe(false);
    },
  );

  it('holds for every check of a node but one that passed', () => {
    expect(NODE_CHECK_OUTCOMES.filter((outcome) => !isProblemKind(kindOfCheck(outcome)))).toEqual(['passed']);
  });
});
