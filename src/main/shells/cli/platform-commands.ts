// `npm run cli -- platforms ...`: the figures of Table V's platforms, changed with their source, and rows of one's own.
import { type Command, Option } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { describeEdit, type Platform, PLATFORM_FIELDS, type PlatformField } from '../../../shared/platform.js';
import { decimal, whole } from './parse-arguments.js';
import type { Api } from './remote-api.js';
import { type CommonOptions, withSession } from './session.js';
import { formatTable } from './terminal.js';

type Run = (act: () => Promise<number>) => Promise<void>;
type EvidenceOptions = CommonOptions & { source: string; date: string; note?: string };

export function addPlatformCommands(program: Command, run: Run): void {
  const platforms = program.command('platforms').description('image platforms of Table V: delays and prices, with where they come from');

  platforms
    .command('list')
    .description('delay, price and source of each; changed figures beside those of the paper')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const list = await api.platforms.list();
          terminal.result(list, describePlatforms(list));
          return 0;
        }),
      ),
    );

  withEvidence(platforms.command('set <platform> <field> <value>'))
    .description("put a figure in place of the paper's: price (USD per 1,000 images), delay (seconds) or model")
    .option('--count <number>', 'of a delay: the number of images that take so long; 1 is one image', whole, 1)
    .action((platform: string, field: string, value: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<EvidenceOptions & { count: number }>();
        return change(options, async (api) => {
          const found = await findPlatform(api, platform);
          const evidence = { id: found.id, source: options.source, date: options.date, note: options.note ?? null };
          switch (fieldOf(field)) {
            case 'model':
              return api.platforms.set({ ...evidence, field: 'model', value });
            case 'price':
              return api.platforms.set({ ...evidence, field: 'price', value: decimal(value) });
            case 'delay':
              return api.platforms.set({ ...evidence, field: 'delay', count: options.count, value: decimal(value) });
          }
        });
      }),
    );

  withEvidence(platforms.command('add <name>'))
    .description('add a platform that the paper does not have')
    .requiredOption('--model <model>', 'what makes the images')
    .requiredOption('--delay <seconds>', 'of one image', decimal)
    .option('--price <usd>', 'for 1,000 images; not known when absent', decimal)
    .action((name: string, _options: unknown, command: Command) =>
      run(() => {
        const { model, delay, price, source, date, note, ...options } = command.optsWithGlobals<
          EvidenceOptions & { model: string; delay: number; price?: number }
        >();
        const figures = { platform: name, model, delaySec: delay, pricePer1kUsd: price ?? null };
        return change(options, (api) => api.platforms.add({ ...figures, source, date, note: note ?? null }));
      }),
    );

  platforms
    .command('reset <platform>')
    .description("return to the paper's figures")
    .addOption(new Option('--field <field>', 'only this one').choices(PLATFORM_FIELDS))
    .option('--count <number>', 'of a delay: only that of so many images', whole)
    .action((platform: string, _options: unknown, command: Command) =>
      run(() => {
        const { field, count, ...options } = command.optsWithGlobals<CommonOptions & { field?: PlatformField; count?: number }>();
        const only = { ...(field === undefined ? {} : { field }), ...(count === undefined ? {} : { count }) };
        return change(options, async (api) => api.platforms.reset({ id: (await findPlatform(api, platform)).id, ...only }));
      }),
    );

  platforms
    .command('remove <platform>')
    .description('remove a platform that you added; --undo brings it back')
    .option('--undo', 'bring back one that was removed; named by its id', false)
    .action((platform: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { undo: boolean }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          if (options.undo) {
            const restored = await api.platforms.restore({ id: platform });
            terminal.result(restored, describePlatforms([restored]));
            return 0;
          }
          const removed = await api.platforms.remove({ id: (await findPlatform(api, platform)).id });
          terminal.result(removed, cleanLine(`Removed ${removed.platform}. "platforms remove ${removed.id} --undo" brings it back.`));
          return 0;
        });
      }),
    );
}

function withEvidence(command: Command): Command {
  return command
    .requiredOption('--source <text>', 'where the figure comes from: an address, or words')
    .requiredOption('--date <day>', 'the day that it was so, such as 2026-11-29')
    .option('--note <text>', 'what else one has to know');
}

function change(options: CommonOptions, act: (api: Api) => Promise<Platform>): Promise<number> {
  return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
    const platform = await act(api);
    terminal.result(platform, describePlatforms([platform]));
    return 0;
  });
}

function fieldOf(word: string): PlatformField {
  const field = PLATFORM_FIELDS.find((each) => each === word);
  if (field) return field;
  throw new AppError('invalid-input', `A platform has no figure “${word}”`, `It has ${PLATFORM_FIELDS.join(', ')}.`);
}

/** By id, or by its name or a beginning of it that fits one alone. */
async function findPlatform(api: Api, word: string): Promise<Platform> {
  const list = await api.platforms.list();
  const requested = word.toLowerCase();
  const exact = list.find(({ id, platform }) => id === word || platform.toLowerCase() === requested);
  const starting = list.filter(({ platform }) => platform.toLowerCase().startsWith(requested));
  const found = exact ?? (starting.length === 1 ? starting[0] : undefined);
  if (found) return found;
  throw new AppError('not-found', `There is no platform “${word}”`, `There are ${list.map(({ platform }) => platform).join(', ')}.`);
}

function describePlatforms(list: readonly Platform[]): string {
  const rows = list.map(({ id, platform, model, delays, pricePer1kUsd, isAddedHere, edits }) => [
    ...[id, platform, model, delays.find(({ count }) => count === 1)?.delaySec.toString() ?? '-'],
    pricePer1kUsd === null ? '-' : pricePer1kUsd === 0 ? 'free' : pricePer1kUsd.toFixed(2),
    isAddedHere ? 'own' : edits.length > 0 ? 'changed' : 'paper',
  ]);
  const edits = list.flatMap(({ platform, edits: each }) => each.map((edit) => cleanLine(`${platform}: ${describeEdit(edit)}`)));
  return [formatTable(['id', 'platform', 'model', '1 image (s)', 'USD/1K', 'figures'], rows), edits.join('\n')]
    .filter(Boolean)
    .join('\n\n');
}
