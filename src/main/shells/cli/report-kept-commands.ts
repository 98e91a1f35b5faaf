// Reports that are kept: listed, shown, started from a template, added to, renamed and removed. Blocks are ordered in the window, or as JSON.
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatInstant, formatQuantity } from '../../../shared/format.js';
import { nameReportBlock, type StoredReport } from '../../../shared/report-composition.js';
import { nameMark } from '../../../shared/report-document.js';
import { moveToBin } from './bin-commands.js';
import { findByName } from './find-by-name.js';
import { withSubjectOptions } from './report-options.js';
import { findSubject, type SubjectOptions } from './report-subject.js';
import { type CommonOptions, type Session, withReadingCore, withSession } from './session.js';
import { formatTable } from './terminal.js';

type Run = (act: () => Promise<number>) => Promise<void>;

export function addKeptReportCommands(parent: Command, run: Run): void {
  parent
    .command('list')
    .description('reports that are kept')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withReadingCore(self.optsWithGlobals<CommonOptions>(), async ({ api, terminal }) => {
          const reports = await api.reports.list();
          const rows = reports.map((report) => [
            ...[report.id, cleanLine(report.title), formatQuantity(report.blocks.length, 'block'), formatInstant(report.updatedAtMs)],
          ]);
          const none = 'No reports yet. Start one: npm run cli -- report create --template table-v';
          terminal.result(reports, rows.length === 0 ? none : formatTable(['id', 'title', 'blocks', 'changed'], rows));
          return 0;
        }),
      ),
    );
  addShow(parent, run);
  withSubjectOptions(parent.command('create').description('keep a report of a template, to be changed and written later'))
    .option('--title <title>', 'title of the report')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & SubjectOptions & { title?: string }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const subject = await findSubject(api, options);
          const report = await api.reports.create({ subject, ...(options.title === undefined ? {} : { title: options.title }) });
          terminal.result(
            report,
            `Report “${cleanLine(report.title)}” (${report.id}) has ${formatQuantity(report.blocks.length, 'block')}.`,
          );
          return 0;
        });
      }),
    );
  addChanges(parent, run);
}

function addShow(parent: Command, run: Run): void {
  parent
    .command('show <report>')
    .description('the blocks of a report, and what is the matter with any')
    .action((name: string, _options: unknown, self: Command) =>
      run(() =>
        withReadingCore(self.optsWithGlobals<CommonOptions>(), async ({ api, terminal, signal, until }) => {
          const report = await api.reports.get({ id: await findReportId(api, name) });
          const { blocks, caveats, readAtMs } = await until(signal).reports.preview({ id: report.id });
          const rows = report.blocks.map((block, index) => [
            ...[String(index + 1), block.source.kind, cleanLine(nameReportBlock(block)), cleanLine(blocks[index]?.problem ?? '')],
          ]);
          const text = [
            `${cleanLine(report.title)} (${report.id}), figures of ${formatInstant(readAtMs)}`,
            formatTable(['', 'kind', 'block', 'problem'], rows),
            ...caveats.map(({ mark, text: words }) => `${nameMark(mark)}: ${cleanLine(words)}`),
          ].join('\n');
          terminal.result({ report, blocks: blocks.map(({ id, title, problem }) => ({ id, title, problem })), caveats }, text);
          return 0;
        }),
      ),
    );
}

function addChanges(parent: Command, run: Run): void {
  const changing = (self: Command, act: (session: Session) => Promise<StoredReport>): Promise<void> =>
    run(() =>
      withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
        const report = await act(session);
        session.terminal.result(report, `Report “${cleanLine(report.title)}” has ${formatQuantity(report.blocks.length, 'block')}.`);
        return 0;
      }),
    );
  parent
    .command('add-text <report> <text>')
    .description('a block of text at the end of a report')
    .option('--heading <heading>', 'what stands over it', '')
    .action((name: string, text: string, options: { heading: string }, self: Command) =>
      changing(self, async ({ api }) =>
        api.reports.addBlocks({ id: await findReportId(api, name), sources: [{ kind: 'text', title: options.heading, text }] }),
      ),
    );
  parent
    .command('rename <report> <title>')
    .description('give a report another title')
    .action((name: string, title: string, _options: unknown, self: Command) =>
      changing(self, async ({ api }) => api.reports.rename({ id: await findReportId(api, name), title })),
    );
  parent
    .command('drop-block <report> <number>')
    .description('take a block out of a report, by its number in `report show`')
    .action((name: string, number: string, _options: unknown, self: Command) =>
      changing(self, async ({ api }) => {
        const { id, revision, blocks } = await api.reports.get({ id: await findReportId(api, name) });
        const left = blocks.filter((_, index) => index + 1 !== Number(number));
        return api.reports.setBlocks({ id, revision, blocks: left });
      }),
    );
  parent
    .command('remove <report>')
    .description('move a report to the bin; what it is about stays')
    .action((name: string, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
          const id = await findReportId(session.api, name);
          const { title } = await session.api.reports.get({ id });
          return moveToBin(session, { kind: 'report', id }, `report ${cleanLine(title)}`);
        }),
      ),
    );
}

/** By id or title. Throws `not-found`, or `conflict` where a title fits several. */
async function findReportId({ reports }: Session['api'], titleOrId: string): Promise<string> {
  const known = (await reports.list()).map(({ id, title }) => ({ id, name: title }));
  return findByName(known, titleOrId, 'report').id;
}
