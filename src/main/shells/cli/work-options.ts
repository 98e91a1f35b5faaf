// What a batch of tasks is, in options that mean the same for a run and for what is simulated of one.
import { Option } from 'commander';
import { arrivals, startTime, stepsRange } from './parse-arguments.js';

export function stepsOption(): Option {
  return new Option('--steps <steps>', 'denoising steps: a number or a range').argParser(stepsRange).default({ min: 10, max: 19 }, '10-19');
}

export function arrivalsOption(): Option {
  return new Option('--arrivals <arrivals>', 'at-once, slots:N_b[:SLOT_SEC] or poisson:RATE_PER_SEC')
    .argParser(arrivals)
    .default({ kind: 'all-at-once' }, 'at-once');
}

/** Of a start that waits. */
export function startAtOption(): Option {
  return new Option('--at <time>', 'start it then: 20:00 today, or "2026-12-01 20:00"; it joins the queue of its testbed').argParser(
    startTime,
  );
}
