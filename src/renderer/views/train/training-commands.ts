// What can be done with one training of the list, for its menu.
import type { MenuItem } from '../../components/menu-item.js';
import { canResume, isUnderWay } from './describe-training.js';
import type { Training } from '../../../shared/training.js';

interface TrainingCommands {
  open: () => void;
  compare: () => void;
  pause: () => void;
  resume: () => void;
  moveToBin: () => void;
}

export function listTrainingCommands(training: Training, commands: TrainingCommands): MenuItem[] {
  const canPause = isUnderWay(training) && training.state !== 'stopping';
  return [
    { label: 'Open', keys: ['Enter'], select: commands.open },
    { label: 'Compare its curve', select: commands.compare },
    ...(canPause ? [{ label: 'Pause', select: commands.pause }] : []),
    ...(canResume(training) ? [{ label: 'Resume', select: commands.resume }] : []),
    {
      label: 'Move to bin',
      reason: isUnderWay(training) ? 'Pause or cancel the training before' : null,
      select: commands.moveToBin,
    },
  ];
}
