import type { Command } from 'commander';
import { checkPolicies } from '../../domain/simulation/training/check-policies.js';
import { listPolicies } from '../../domain/simulation/training/policy-lookup.js';
import { addEvaluateCommand } from './evaluate-command.js';
import type { CommonOptions } from './session.js';
import { createTerminal, formatTable } from './terminal.js';
import { addTrainedPolicyCommands } from './trained-policy-commands.js';

/** The simulator's commands. Those of policies that need no learning need no data folder. */
export function addTrainingCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const policy = program.command('policy').description('scheduling policies');
  addPolicyCommands(policy, run);
  addTrainedPolicyCommands(policy, run);
  addEvaluateCommand(program, run);
}

function addPolicyCommands(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  parent
    .command('list')
    .description('list the policies that need no training, where they can be used and what each needs to know')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const policies = listPolicies();
        const rows = policies.map(({ name, title, knowledge, whyNotOnTestbed }) => {
          return [name, title, whyNotOnTestbed === null ? 'runs, simulator' : 'simulator', knowledge];
        });
        createTerminal(command.optsWithGlobals<CommonOptions>().json).result(
          policies,
          formatTable(['name', 'title', 'used in', 'knows'], rows),
        );
        return 0;
      }),
    );

  parent
    .command('check')
    .description(
      'hold policies to what every policy promises: decides all, repeatable, sees no future and no more than it says, Eqs. 2-4 add up',
    )
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
