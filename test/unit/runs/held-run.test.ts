// What a run does while nothing can be stored on this computer.
import { expect, it } from 'vitest';
import { HeldRun } from '../../../src/main/domain/runs/held-run.js';
import { RunLife } from '../../../src/main/domain/runs/run-life.js';
import type { RunChange } from '../../../src/main/domain/runs/run-store.js';
import { buildRun } from '../../support/storage-fixtures.js';

it('tries to store under the state that the run has by then: one that is stopped while an image is tried stays stopping', async () => {
  const written: RunChange[] = [];
  const store = { updateRun: (_id: string, change: RunChange) => void written.push(change), addInvalidReason: () => undefined };
  const nothing = (): void => undefined;
  const life = new RunLife({ run: buildRun({ state: 'running', startedAtMs: 1 }), store, nowMs: () => 1_000, changed: nothing });
  let endProbe: () => void = nothing;
  const held = new HeldRun({
    ...{ life, store, heldResults: () => 0, waits: nothing, wentOn: nothing, changed: nothing, record: nothing, nowMs: () => 1_000 },
    images: {
      storeImage: () => Promise.reject(new Error('no image is expected')),
      probe: () => new Promise((resolve) => (endProbe = resolve)),
    },
    sayHold: () => Promise.resolve(),
  });

  const probing = held.probe();
  life.update({ state: 'stopping' });
  endProbe();
  await probing;

  expect(written.map(({ state }) => state)).toEqual(['stopping', 'stopping']);
});
