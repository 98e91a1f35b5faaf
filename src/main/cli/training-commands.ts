import type { Command } from 'commander';
import { checkPolicies } from '../training/check-policies.js';
import { evaluatePolicies } from '../training/evaluate-policies.js';
import type { Evaluation } from '../training/evaluate-policies.js';
import { listPolicies } from '../training/policy-lookup.js';
import { interruptible } from './interruptible.js';
import { decimal, whole, wordList } from './parse-arguments.js';
import type { CommonOptions } from './session.js';
import { createTerminal, formatTable } from './terminal.js';
import { addTrainedPolicyCommands } from './trained-policy-commands.js';

interface EvaluateOptions extends CommonOptions {
  policy?: string[];
  preset: string;
  seeds: number;
  firstSeed: number;
  episodes: number;
  baseStations?: number;
  slots?: number;
  maxTasks?: number;
  maxCapacity?: number;
  maxQuality?: number;
}

/** The simulator's commands. Those of policies that need no learning need no data folder. */
export function addTrainingCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const policy = program.command('policy').description("the simulator's scheduling policies");
  addPolicyCommands(policy, run);
  addTrainedPolicyCommands(policy, run);
  addEvaluate(program, run);
}

function addPolicyCommands(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  parent
    .command('list')
    .description('list the policies and what each must be told')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const policies = listPolicies();
        const rows = policies.map((policy) => [policy.name, policy.title, policy.knowledge]);
        createTerminal(command.optsWithGlobals<CommonOptions>().json).result(policies, formatTable(['name', 'title', 'knows'], rows));
        return 0;
      }),
    );

  parent
    .command('check')
    .description('hold policies to what every policy promises: decides all, repeatable, sees no future, Eqs. 2-4 add up')
    .argument('[names...]', 'policies (default: all)')
    .action((names: string[], _options: unknown, command: Command) =>
      run(async () => {
        const verdicts = await checkPolicies(names.length > 0 ? names : listPolicies().map((policy) => policy.name));
        const rows = verdicts.map(({ policy, preset, problems }) => [policy, preset, problems.length === 0 ? 'good' : problems.join(' ')]);
        createTerminal(command.optsWithGlobals<CommonOptions>().json).result(verdicts, formatTable(['policy', 'preset', 'verdict'], rows));
        return verdicts.some(({ problems }) => problems.length > 0) ? 5 : 0;
      }),
    );
}

function addEvaluate(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('evaluate')
    .description('simulate policies on the same arrivals: mean service delay with 95 % interval over seeds, p95, ratio to Opt-TS')
    .option('--policy <names>', 'policies, separated by commas (default: all; see policy list)', wordList)
    .option('--preset <name>', 'environment: paper or reference (docs/method.md)', 'reference')
    .option('--seeds <count>', 'independent repetitions', whole, 10)
    .option('--first-seed <seed>', 'the first of the seeds', whole, 1)
    .option('--episodes <count>', 'episodes of each seed', whole, 10)
    .option('--base-stations <count>', 'B (preset: 20)', whole)
    .option('--slots <count>', 'slots of an episode (preset: 60)', whole)
    .option('--max-tasks <count>', 'most tasks of a slot and base station (preset: 50)', whole)
    .option('--max-capacity <rate>', 'fastest edge server, Gigacycles/s (preset: 50)', decimal)
    .option('--max-quality <steps>', 'most denoising steps of an image (presets: 15 and 14)', whole)
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<EvaluateOptions>();
        return interruptible(async (signal) => {
          const terminal = createTerminal(options.json);
          const input = {
            policies: options.policy ?? listPolicies().map((policy) => policy.name),
            preset: options.preset,
            changes: {
              baseStations: options.baseStations,
              slots: options.slots,
              maxTasksPerSlot: options.maxTasks,
              maxCapacityGigacyclesPerSec: options.maxCapacity,
              maxQualitySteps: options.maxQuality,
            },
            firstSeed: options.firstSeed,
            seeds: options.seeds,
            episodes: options.episodes,
          };
          const onSeed = (done: number): void => terminal.progress(`Seed ${done} of ${options.seeds} done`);
          const evaluation = await evaluatePolicies(input, { signal, onSeed });
          terminal.result(evaluation, describeEvaluation(evaluation));
          return 0;
        });
      }),
    );
}

function describeEvaluation({ preset, seeds, episodes, policies }: Evaluation): string {
  const cell = ({ mean, halfWidth95 }: { mean: number; halfWidth95: number | null }, digits: number): string =>
    halfWidth95 === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${halfWidth95.toFixed(digits)}`;
  const rows = policies.map((row) => [row.policy, cell(row.meanDelaySec, 2), cell(row.p95DelaySec, 2), cell(row.ratioToOptTs, 3)]);
  const table = formatTable(['policy', 'mean delay (s)', 'p95 (s)', 'ratio to Opt-TS'], rows);
  return `${table}\n\nPreset ${preset}, ${seeds} seeds of ${episodes} episodes; ± is the 95 % interval over seeds.`;
}
