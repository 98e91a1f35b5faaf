// What can be done with the open run besides what its head has now, for the palette; what can't says why.
import { useRouter } from 'vue-router';
import { useCommands } from '../../commands/command-registry.js';
import { type AbsentReasons, useAbsentCommands } from '../../commands/head-commands.js';
import type { RunSummary } from '../../../shared/run.js';
import { hasEnded } from './describe-run.js';

/** `run` gives undefined until it is loaded. */
export function useRunCommands(run: () => RunSummary | undefined): void {
  const router = useRouter();
  const isOpen = (): boolean => {
    const now = run();
    return now !== undefined && !hasEnded(now);
  };

  useAbsentCommands((): AbsentReasons => {
    const now = run();
    if (!now) return {};
    const ended = hasEnded(now) ? 'The run has ended' : null;
    const open = hasEnded(now) ? null : 'The run has not ended';
    const queued = now.state === 'queued' ? 'The run has not started' : null;
    return {
      Pause: ended ?? queued ?? (now.state === 'paused' ? 'The run is paused' : null),
      Resume: ended ?? (now.state === 'paused' ? null : 'The run is not paused'),
      'Cancel run': ended ?? (queued === null ? 'The run has started' : null),
      'Cancel remaining': ended ?? queued,
      'Stop now': ended ?? queued,
      'Run again': open,
      'Add to report': open,
    };
  });
  useCommands([
    {
      id: 'run.compare',
      label: 'Compare with other runs',
      when: isOpen,
      run: () => void router.push({ name: 'compare', query: { runs: run()?.id } }),
    },
    {
      id: 'run.clone',
      label: 'New run with these settings',
      when: isOpen,
      run: () => void router.push({ name: 'new-run', query: { from: run()?.id } }),
    },
  ]);
}
