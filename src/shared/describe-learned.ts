// What a policy learned after a run of a series that measures it, and what a reader of its figures has to know.
import { describeAttempt } from './on-the-job.js';
import { nameSeriesScheduler, type SeriesLearningStep, type SeriesSpec } from './series.js';

export function describeLearned({ learned }: Pick<SeriesLearningStep, 'learned'>): string {
  if (learned === null) return 'nothing';
  const { decisions, runs, state, trainingId } = learned;
  const from = `from ${decisions} decisions of ${runs} ${runs === 1 ? 'run' : 'runs'}`;
  const became = state === 'deployed' ? `, deployed as ${trainingId}` : state === 'not-deployed' ? ', not deployed' : '';
  return `${from}${became}. ${describeAttempt(learned)}`;
}

export function notesOfLearning({ schedulers }: Pick<SeriesSpec, 'schedulers'>): string[] {
  const names = schedulers.filter(({ learning }) => learning !== undefined).map(nameSeriesScheduler);
  if (names.length === 0) return [];
  return [
    `Learning on the job is what this series measures, of ${names.join(' and ')}: its runs are a sequence, each after what the ones before it taught. ` +
      'So they have means without intervals, and their differences from others say nothing of chance.',
  ];
}
