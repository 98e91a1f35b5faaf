// `path`: where a testbed is on the way from unboxed nodes to Table V, and the one command that is next.
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { countPathSteps, type LabPath, nameStepState, PATH_PHASE_TITLES, type PathStep } from '../../../shared/lab-path.js';
import { formatAge } from '../../../shared/format.js';
import { findByName } from './find-by-name.js';
import { type CommonOptions, withSession } from './session.js';

const STATE_WIDTH = 'Not looked at'.length;
const TITLE_WIDTH = 'Model pushed and verified'.length;

export function addPathCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('path')
    .description('where a testbed is on the way from unboxed nodes to Table V, and what is next; looks at no node')
    .argument('[testbed]', 'name or id; the one that was worked with last where it is left out')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const testbedId = nameOrId === undefined ? undefined : findByName(await api.testbeds.list(), nameOrId, 'testbed').id;
          const path = await api.path.get({ testbedId });
          terminal.result(path, describePath(path));
          return 0;
        }),
      ),
    );
}

function describePath({ testbed, steps, next, atMs }: LabPath): string {
  const { done, total } = countPathSteps(steps);
  const name = testbed ? `${cleanLine(testbed.name)}${testbed.isSimulated ? ' (simulated)' : ''}` : 'No testbed yet';
  const phases = [...Map.groupBy(steps, ({ phase }) => phase)].flatMap(([phase, group]) => [
    '',
    PATH_PHASE_TITLES[phase],
    ...group.map((step) => describeStep(step, { isNext: step.name === next, atMs })),
  ]);
  const nextStep = steps.find((step) => step.name === next);
  const end = nextStep ? [`Next: ${nextStep.title}`, `  ${cleanLine(nextStep.command)}`] : ['All of it is done.'];
  return [`${name}: ${done} of ${total} steps done`, ...phases, '', ...end].join('\n');
}

function describeStep({ state, title, detail, remedy, asOfMs }: PathStep, { isNext, atMs }: { isNext: boolean; atMs: number }): string {
  const age = asOfMs === null ? '' : ` (${formatAge(atMs - asOfMs)})`;
  const head = `  ${nameStepState(state, isNext).padEnd(STATE_WIDTH)}  ${title.padEnd(TITLE_WIDTH)}  `;
  const advice = remedy === null || state === 'done' ? [] : [`${' '.repeat(head.length)}${cleanLine(remedy)}`];
  return [`${head}${cleanLine(detail)}${age}`, ...advice].join('\n');
}
