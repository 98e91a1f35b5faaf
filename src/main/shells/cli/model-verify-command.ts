import type { Command } from 'commander';
import { chooseModel } from './choose-defaults.js';
import { finishModelJob } from './finish-model-job.js';
import { push } from './model-push-command.js';
import { type CommonOptions, withSession } from './session.js';

export function addModelVerifyCommand(model: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  model
    .command('verify')
    .description('read every byte of a model, here or on the nodes of a testbed, and compare it with the record; sends and changes nothing')
    .argument('[model]', 'name or id; the only one where it is left out')
    .argument('[testbed]', 'name or id; here where it is left out')
    .option('--node <node...>', 'only these nodes (name or id)')
    .action((nameOrId: string | undefined, testbed: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { node?: string[] }>();
        if (testbed !== undefined) return push({ model: nameOrId, testbed, options, verification: 'only' });
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = await chooseModel(session, nameOrId);
          const job = await finishModelJob(session, await session.api.models.verify({ id: found.id }));
          session.terminal.result(job.model, `Model ${found.name} is as on record: every byte of ${found.path} was read and compared.`);
          return 0;
        });
      }),
    );
}
