// What can be done with the open run, for the palette; what can't says why.
import { useRouter } from 'vue-router';
import { useCommands } from '../../commands/command-registry.js';
import type { RunLive } from '../../../shared/run.js';
import { hasEnded, type EndingCommand } from './describe-run.js';

export function useRunCommands(live: () => RunLive, act: { ask: (command: EndingCommand) => void; resume: () => void }): void {
  const router = useRouter();
  const run = (): RunLive['run'] => live().run;
  const unlessEnded = (reason: () => string | null) => (): string | null => (hasEnded(run()) ? 'The run has ended' : reason());

  useCommands([
    {
      id: 'run.pause',
      label: 'Pause',
      reason: unlessEnded(() => (run().state === 'running' ? null : `The run is ${run().state}`)),
      run: () => act.ask('pause'),
    },
    {
      id: 'run.resume',
      label: 'Resume',
      reason: unlessEnded(() => (run().state === 'paused' ? null : 'The run is not paused')),
      run: act.resume,
    },
    {
      id: 'run.cancel-remaining',
      label: 'Cancel remaining',
      reason: unlessEnded(() => (run().state === 'stopping' ? 'The run is stopping' : null)),
      run: () => act.ask('cancelRemaining'),
    },
    { id: 'run.stop-now', label: 'Stop now', reason: unlessEnded(() => null), run: () => act.ask('stopNow') },
    { id: 'run.compare', label: 'Compare with other runs', run: () => void router.push({ name: 'compare', query: { runs: run().id } }) },
    { id: 'run.clone', label: 'New run with these settings', run: () => void router.push({ name: 'new-run', query: { from: run().id } }) },
    { id: 'run.gallery', label: 'Images of this run', run: () => void router.push({ name: 'gallery', query: { run: run().id } }) },
  ]);
}
