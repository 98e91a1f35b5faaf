import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import type { WheelList } from '../../../shared/wheels.js';
import { chooseJetpack } from './choose-defaults.js';
import { followJob } from './jobs-commands.js';
import { type CommonOptions, withSession } from './session.js';
import { formatTable } from './terminal.js';

export function addWheelsCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const wheels = program.command('wheels').description('Python packages for nodes without internet');

  wheels
    .command('list')
    .description('for which JetPacks there is a list of packages, and how many of them are here')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const lists = await api.wheels.list();
          terminal.result(lists, lists.map(describeList).join('\n\n'));
          return 0;
        }),
      ),
    );

  wheels
    .command('fetch')
    .description('fetch torch and everything that goes with it, each compared with its SHA-256; provisioning takes them to the nodes')
    .option('--jetpack <number>', 'first number of the JetPack: 5, 6 or 7 (default: that of the nodes, once their facts were read)')
    .option(
      '--index <url>',
      'the package index: PyPI, or a mirror (default: PIP_INDEX_URL, else the one used last; torch for JetPack 5 and 6 has an address of its own)',
    )
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { jetpack?: string; index?: string }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const { api, terminal, signal } = session;
          const jetpack = await chooseJetpack(session, options.jetpack);
          const started = await api.wheels.fetch({ jetpack, index: options.index ?? null });
          signal.addEventListener('abort', () => void api.jobs.cancel({ id: started.id }), { once: true });
          await followJob(session, started.id);
          const ended = await api.wheels.get({ id: started.id });
          if (ended.error) throw new AppError(ended.error.code, ended.error.message, ended.error.hint);
          terminal.result(
            ended,
            cleanLine(ended.outcome ?? `Fetching was ${ended.state}; jobs resume ${ended.id} continues from what is here.`),
          );
          return ended.state === 'succeeded' ? 0 : 130;
        });
      }),
    );
}

function describeList({ jetpack, title, python, notes, packages, hereCount, hereBytes, missing, folder, index }: WheelList): string {
  const rows = [
    ['for', title],
    ['Python', python],
    ['here', `${hereCount} of ${packages.length}, ${formatBytes(hereBytes)}, in ${folder}`],
    ...(missing.length > 0 && hereCount > 0 ? [['missing', missing.join(', ')]] : []),
    ['index', index ?? 'none is known yet: name one with --index'],
    ...notes.map((note) => ['note', note]),
    ['fetch', `npm run cli -- wheels fetch --jetpack ${jetpack}`],
  ];
  return formatTable([`JetPack ${jetpack}`, ''], rows);
}
