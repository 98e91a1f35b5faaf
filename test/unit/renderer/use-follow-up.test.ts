import { createApp, effectScope } from 'vue';
import { type Router, routerKey } from 'vue-router';
import { expect, it, vi } from 'vitest';
import { useFollowUp } from '../../../src/renderer/composables/useFollowUp.js';

it('opens the next view after a command, and takes no one away who has gone elsewhere', () => {
  const push = vi.fn();
  const app = createApp({});
  app.provide(routerKey, { push } as unknown as Router);
  const view = effectScope();
  const followUp = app.runWithContext(() => view.run(useFollowUp)!);

  followUp('/runs/run-1');
  expect(push).toHaveBeenCalledExactlyOnceWith('/runs/run-1');

  view.stop();
  followUp('/runs/run-2');
  expect(push).toHaveBeenCalledOnce();
});
