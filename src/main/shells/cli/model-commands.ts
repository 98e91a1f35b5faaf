import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { AppError } from '../../../shared/errors.js';
import { PUBLISHED_WEIGHTS, SD3_LICENSE } from '../../../shared/weights.js';
import { MODEL_PART_TITLES } from '../../../shared/model.js';
import type { Model, RefineReport } from '../../../shared/model.js';
import { chooseModel } from './choose-defaults.js';
import { findByName } from './find-by-name.js';
import { finishModelJob } from './finish-model-job.js';
import { formatBytes } from '../../../shared/format.js';
import { remarkOnModel } from '../../../shared/remark-on-model.js';
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
            describeRefined(item),
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
    .description('take a model off the record; its files stay')
    .argument('<model>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const found = findByName(await api.models.list(), nameOrId, 'model');
          await api.models.remove({ id: found.id });
          terminal.result({ removed: found.id }, `Took model ${found.name} off the record; its files are still at ${found.path}`);
          return 0;
        }),
      ),
    );

  model
    .command('fetch')
    .description(
      'fetch published weights of SD3 medium with the token in HF_TOKEN, compare their SHA-256, and put them on record; resumed by jobs resume',
    )
    .argument('[file]', PUBLISHED_WEIGHTS.map(({ file }) => file).join(', '), PUBLISHED_WEIGHTS[0].file)
    .option('--to <folder>', 'where the file gets to', '.')
    .option('--accept-license', `that you accept the license of SD3 medium's weights: ${SD3_LICENSE.url}`, false)
    .action((file: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { to: string; acceptLicense: boolean }>();
        const published = PUBLISHED_WEIGHTS.find((each) => each.file === file);
        if (!published) {
          const names = PUBLISHED_WEIGHTS.map((each) => each.file).join(', ');
          throw new AppError('not-found', `There are no published weights ${file}.`, `There are ${names}.`);
        }
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const input = { file: published.file, folder: resolve(options.to), acceptLicense: options.acceptLicense };
          const job = await finishModelJob(session, await session.api.models.fetch(input));
          if (job.model) session.terminal.result(job.model, `Fetched ${job.path}\n${describeModel(job.model)}`);
          return 0;
        });
      }),
    );

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

function describeReport(report: RefineReport): string {
  const share = report.beforeBytes > 0 ? ` (${((report.savedBytes / report.beforeBytes) * 100).toFixed(1)} %)` : '';
  const seconds = report.elapsedMs / 1000;
  return alignLines([
    ['before', describeBytes(report.beforeBytes)],
    ['after', describeBytes(report.afterBytes)],
    ['saved', `${describeBytes(report.savedBytes)}${share}`],
    ['tensors', `${report.keptTensors} kept, ${report.droppedTensors} of T5-XXL left out`],
    ['time', `${seconds.toFixed(1)} s (${formatBytes(seconds > 0 ? report.afterBytes / seconds : 0)}/s)`],
    ['sha256', report.sha256],
    ['written', report.outputPath],
  ]);
}

function describeModel(model: Model): string {
  const head = alignLines([
    ['name', model.name],
    ['id', model.id],
    ['path', describePath(model)],
    ['layout', model.layout],
    ['kind', describeRefined(model)],
    ['size', describeBytes(model.sizeBytes)],
    ['sha256', model.sha256],
    ['license', describeLicense(model)],
    ...(model.refinedFromSha256 === null ? [] : [['made of', model.refinedFromSha256] as const]),
  ]);
  const parts = formatTable(
    ['  part', 'tensors', 'bytes', 'types'],
    model.parts.map((part) => [
      `  ${MODEL_PART_TITLES[part.name]}`,
      String(part.tensorCount),
      String(part.sizeBytes),
      part.dtypes.join(', '),
    ]),
  );
  const remarks = remarkOnModel(model)
    .map((remark) => `\n${cleanLine(remark)}`)
    .join('');
  if (model.layout === 'all-in-one') return `${head}\n${parts}${remarks}`;
  const files = formatTable(
    ['  file', 'bytes', 'sha256'],
    model.files.map((file) => [`  ${file.path}`, String(file.sizeBytes), file.sha256]),
  );
  return `${head}\n${parts}\n${files}${remarks}`;
}

function describeRefined(model: Model): string {
  const family = model.family === 'sd3-medium' ? 'SD3 medium' : 'SD3 of another size';
  return model.parts.some((part) => part.name === 't5') ? `${family} with T5-XXL` : `${family} without T5-XXL (reSD3-m)`;
}

function describeLicense({ license }: Model): string {
  if (!license) return 'none is on record';
  return `${license.name}, accepted ${new Date(license.acceptedAtMs).toISOString().slice(0, 10)}: ${license.url}`;
}

function describePath(model: Model): string {
  return model.isPresent ? model.path : `${model.path} (not there now)`;
}

function describeBytes(bytes: number): string {
  return `${bytes} bytes (${formatBytes(bytes)})`;
}

function alignLines(lines: readonly (readonly [string, string])[]): string {
  return lines.map(([label, value]) => cleanLine(`${label.padEnd(10)}${value}`)).join('\n');
}
