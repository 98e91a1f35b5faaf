// What people say of a testbed once it is there: its name, and which of its nodes new runs use, and how.
import type { NodeUseInput } from '../../../../shared/api/node-use-inputs.js';
import { AppError, notThere } from '../../../../shared/errors.js';
import type { NodeUseChange } from '../../../../shared/node-use.js';
import type { Testbed } from '../../../../shared/testbed.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { ChangeTopic } from '../../../foundation/live/change-topic.js';

export interface TestbedSettingsOptions {
  testbeds: Pick<TestbedRepository, 'getTestbed' | 'getNode' | 'updateNode' | 'renameTestbed'>;
  /** What has the testbed now and keeps the nodes that it started with: `run “x”`. Null where nothing does. */
  describeRunning(testbedId: string): string | null;
  changes: ChangeTopic;
  recordEvent(event: { kind: string; subjectId: string; message: string }): void;
}

export class TestbedSettings {
  readonly #options: TestbedSettingsOptions;

  constructor(options: TestbedSettingsOptions) {
    this.#options = options;
  }

  /** Runs keep the name that it had when they started. Throws `not-found`. */
  rename({ id, name }: { id: string; name: string }): Testbed {
    const { testbeds, recordEvent, changes } = this.#options;
    const before = testbeds.getTestbed(id);
    if (!before) throw notThere('testbed', id);
    if (before.name !== name) {
      testbeds.renameTestbed(id, name);
      recordEvent({ kind: 'testbed-renamed', subjectId: id, message: `Renamed testbed "${before.name}" to "${name}".` });
      changes.announce();
    }
    return { ...before, name };
  }

  /** For new runs and series: what is under way keeps the nodes that it started with. Throws `not-found`. */
  setNodeUse({ id, isExcluded, heldLimit }: NodeUseInput): NodeUseChange {
    const { testbeds, describeRunning, recordEvent, changes } = this.#options;
    const node = testbeds.getNode(id);
    if (!node) throw new AppError('not-found', `There is no node “${id}”.`, 'List the testbeds to see their nodes.');
    const before = { isExcluded: node.isExcluded === true, heldLimit: node.heldLimit ?? null };
    const after = { isExcluded: isExcluded ?? before.isExcluded, heldLimit: heldLimit === undefined ? before.heldLimit : heldLimit };
    const messages = [
      ...(after.isExcluded === before.isExcluded ? [] : [after.isExcluded ? EXCLUDED : INCLUDED]),
      ...(after.heldLimit === before.heldLimit ? [] : [limitedTo(after.heldLimit)]),
    ];
    const running = describeRunning(node.testbedId);
    const keptBy = running === null ? null : `It holds for new runs: ${running} keeps the nodes that it started with.`;
    if (messages.length === 0) return { node, before, keptBy: null };
    const changed = testbeds.updateNode(id, after) ?? node;
    for (const { kind, words } of messages) recordEvent({ kind, subjectId: id, message: `Node "${node.name}" ${words}.` });
    changes.announce();
    return { node: changed, before, keptBy };
  }
}

const EXCLUDED = { kind: 'node-excluded', words: 'is excluded from new runs' };
const INCLUDED = { kind: 'node-included', words: 'is part of new runs again' };

function limitedTo(heldLimit: number | null): { kind: string; words: string } {
  if (heldLimit === null) return { kind: 'node-limit-removed', words: 'takes as many tasks as come again' };
  return { kind: 'node-limited', words: `holds at most ${heldLimit} ${heldLimit === 1 ? 'task' : 'tasks'} at a time in new runs` };
}
