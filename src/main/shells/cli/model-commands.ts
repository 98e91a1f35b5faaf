import { resolve } from 'node:path';
import type { Command } from 'commander';
import { moveToBin } from './bin-commands.js';
import { describeVariant } from '../../../shared/model-variant.js';
import { SD3_LICENSE } from '../../../shared/weights.js';
import { chooseModel } from './choose-defaults.js';
import { alignLines, describeModel, describePath, describeReport } from './describe-model.js';
import { findByName } from './find-by-name.js';
import { finishModelJob } from './finish-model-job.js';
import { addModelFetchCommands } from './model-fetch-commands.js';
import { addModelMemoryCommand } from './model-memory-command.js';
import { addModelPushCommand } from './model-push-command.js';
import { addModelVerifyCommand } from './model-verify-command.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';
import { formatTable } from './terminal.js';

export function addModelCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const model = program.command('model').description('models for image generation');

  model
    .command('add')
    .description('recognize SD3 medium by its content, hash it and put it on record; the files stay where they are')
    .argument('<path>', 'a .safetensors file, a folder with a file per part, or a diffusers folder')
    .option('--name <name>', 'name of the model (default: the file name)')
    .option('--accept-license', `that you accept the license of SD3 medium's weights: ${SD3_LICENSE.url}`, false)
    .action((path: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { name?: string; acceptLicense: boolean }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const input = { path: resolve(path), acceptLicense: options.acceptLicense, ...(options.name ? { name: options.name } : {}) };
          const job = await finishModelJob(session, await session.api.models.add(input));
          if (job.model) session.terminal.result(job.model, `Added model ${job.model.id}\n${describeModel(job.model)}`);
          return 0;
        });
      }),
    );

  model
    .command('list')
    .description('list models')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const models = await api.models.list();
          const rows = models.map((item) => [
            item.name,
            item.id,
            item.layout,
            describeVariant(item),
            String(item.sizeBytes),
            describePath(item),
          ]);
          const text = formatTable(['name', 'id', 'layout', 'kind', 'bytes', 'path'], rows);
          terminal.result(
            models,
            models.length > 0 ? text : 'No model yet. Add one: npm run cli -- model add sd3_medium_incl_clips.safetensors',
          );
          return 0;
        }),
      ),
    );

  model
    .command('show')
    .description('parts, files and hashes of a model')
    .argument('[model]', 'name or id; the only one where it is left out')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const found = await chooseModel({ api, terminal }, nameOrId);
          terminal.result(found, describeModel(found));
          return 0;
        }),
      ),
    );

  model
    .command('remove')
    .description('move a model to the bin; its files stay')
    .argument('<model>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = findByName(await session.api.models.list(), nameOrId, 'model');
          return moveToBin(session, { kind: 'model', id: found.id }, `model ${found.name}`);
        }),
      ),
    );

  addModelFetchCommands(model, run);
  addModelPushCommand(model, run);
  addModelVerifyCommand(model, run);
  addModelMemoryCommand(model, run);

  model
    .command('strip')
    .description('refine SD3 medium to reSD3-m: write a copy without the T5-XXL text encoder')
    .argument('<in>', 'a file or folder with T5-XXL')
    .argument('<out>', 'the file or folder to write; nothing half done ever has this name')
    .option('--overwrite', 'replace what is at <out>', false)
    .action((path: string, outputPath: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { overwrite: boolean }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const input = { path: resolve(path), outputPath: resolve(outputPath), overwrite: options.overwrite };
          const job = await finishModelJob(session, await session.api.models.refine(input));
          if (job.report?.layout === 'all-in-one' && !outputPath.endsWith('.safetensors')) {
            session.terminal.note('Remark: diffusers opens only files whose names end with .safetensors.');
          }
          if (job.report)
            session.terminal.result(job.report, `${describeReport(job.report)}\n${alignLines([['on record', job.model?.name ?? '-']])}`);
          return 0;
        });
      }),
    );
}
