import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { SECRET_HOLDER_TITLES } from '../../../shared/credentials.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatBytes } from '../../../shared/format.js';
import {
  PUBLISHED_WEIGHTS,
  type PublishedFile,
  SD3_LICENSE,
  WEIGHTS_NOTES,
  type WeightsOffer,
  type WeightsToken,
} from '../../../shared/weights.js';
import { describeModel } from './describe-model.js';
import { finishModelJob } from './finish-model-job.js';
import { type CommonOptions, withSession } from './session.js';
import { formatTable } from './terminal.js';

export function addModelFetchCommands(model: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  model
    .command('weights')
    .description(
      'published weights of SD3 medium: files and sizes, license, where to accept it, and whether a token is there that may fetch them',
    )
    .option('--to <folder>', "the folder that they would get into (default: the program's own)")
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { to?: string }>();
        return withSession(options, { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const offer = await api.models.weights({ folder: options.to === undefined ? null : resolve(options.to) });
          terminal.result(offer, describeOffer(offer));
          return 0;
        });
      }),
    );

  model
    .command('fetch')
    .description(
      'fetch published weights of SD3 medium with the token in HF_TOKEN, else with the one that is kept (secret set hugging-face), compare their SHA-256, and put them on record; resumed by jobs resume',
    )
    .addArgument(
      new Argument('[file]', 'which of them').choices(PUBLISHED_WEIGHTS.map(({ file }) => file)).default(PUBLISHED_WEIGHTS[0].file),
    )
    .option('--to <folder>', 'where the file gets to', '.')
    .option('--accept-license', `that you accept the license of SD3 medium's weights: ${SD3_LICENSE.url}`, false)
    .action((file: PublishedFile, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { to: string; acceptLicense: boolean }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const input = { file, folder: resolve(options.to), acceptLicense: options.acceptLicense };
          const job = await finishModelJob(session, await session.api.models.fetch(input));
          if (job.model) session.terminal.result(job.model, `Fetched ${job.path}\n${describeModel(job.model)}`);
          return 0;
        });
      }),
    );
}

function describeOffer({ page, mirror, license, files, token, folder, freeBytes }: WeightsOffer): string {
  const rows = files.map(({ file, sizeBytes, hereBytes, sha256 }) => [
    file,
    formatBytes(sizeBytes),
    hereBytes === 0 ? '-' : formatBytes(hereBytes),
    sha256,
  ]);
  return [
    formatTable(['file', 'size', 'here', 'sha256'], rows),
    ...files.map(({ file }) => `${file}: ${WEIGHTS_NOTES[file]}`),
    `License: ${license.name}, ${license.url}`,
    `Log in and accept it at ${page}`,
    ...(mirror === null
      ? []
      : [cleanLine(`Fetched from the mirror in HF_ENDPOINT: ${mirror}. The token goes there, and to no other server.`)]),
    `Token: ${describeToken(token)}`,
    cleanLine(`Folder: ${folder}, ${formatBytes(freeBytes)} free`),
  ].join('\n');
}

function describeToken(token: WeightsToken): string {
  if (token.source === 'environment') return 'the one in HF_TOKEN';
  if (token.source === 'none') return 'none yet. Make one with read access there, then: npm run cli -- secret set hugging-face';
  return `kept. ${SECRET_HOLDER_TITLES[token.holder]}${token.isReadable ? '' : ', which is not readable now'}.`;
}
