// What can be asked of a job: pure.
import { AppError } from '../../../shared/errors.js';
import { isOpenState, type Job, type JobCommand } from '../../../shared/job.js';
import type { JobKindOptions, PerJob } from './job-kind.js';

type Ability = Pick<JobKindOptions<never>, 'doing' | 'canPause' | 'canCancel' | 'isResumable'>;
type Standing = Pick<Job, 'id' | 'title' | 'state' | 'error'>;

export function answerFor<Answer extends string | boolean>(answer: PerJob<Answer>, job: Pick<Job, 'title'>): Answer {
  return typeof answer === 'function' ? answer(job) : answer;
}

export function listCommands({ canPause, canCancel, isResumable }: Ability, job: Standing): JobCommand[] {
  const { state, error } = job;
  if (state === 'stopping') return [];
  const isOpen = isOpenState(state);
  const can: Record<JobCommand, boolean> = {
    pause: isOpen && answerFor(canPause, job),
    cancel: (isOpen || state === 'paused') && canCancel,
    resume: !isOpen && isResumable({ state, error }),
  };
  return (['pause', 'cancel', 'resume'] as const).filter((command) => can[command]);
}

/** What can't pause is canceled, what can't be canceled pauses. */
export function wayToStop({ canPause, canCancel }: Ability, job: Pick<Job, 'title'>, wish: 'pause' | 'cancel'): 'pause' | 'cancel' {
  return (wish === 'pause' ? answerFor(canPause, job) : !canCancel) ? 'pause' : 'cancel';
}

export function refuseCommand(ability: Ability, job: Standing, participle: string): AppError {
  const possible = listCommands(ability, job).map((command) => PARTICIPLES[command]);
  const hint = possible.length > 0 ? `It can be ${possible.join(' or ')} now.` : 'Wait until it has ended.';
  return new AppError('conflict', `The ${ability.doing} ${job.id} is ${job.state} and can't be ${participle}`, hint);
}

const PARTICIPLES: Record<JobCommand, string> = { pause: 'paused', cancel: 'canceled', resume: 'resumed' };
