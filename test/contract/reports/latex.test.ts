// Reports as LaTeX, given to pdfLaTeX where the machine has it: it takes hostile texts and real reports without an error, and runs no command.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRunDocument } from '../../../src/main/domain/reports/documents/run-document.js';
import { renderLatex } from '../../../src/main/domain/reports/formats/render-latex.js';
import type { ReportDocument } from '../../../src/shared/report-document.js';
import sharp from 'sharp';
import { composeEverything } from '../../support/report-sections.js';
import { BOXES, ECDF, STACK, STEPS } from '../../support/chart-fixtures.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { buildDocumentOf, buildReportData, buildTasksInTurn } from '../../support/report-fixtures.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

const hasLatex = spawnSync('pdflatex', ['--version']).status === 0;
const run = promisify(execFile);
let folder: string;

beforeEach(() => {
  folder = makeTemporaryFolder();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Throws with the log where it does not compile. */
async function compile(document: ReportDocument, picturePaths?: ReadonlyMap<string, string>): Promise<{ log: string; pdfPath: string }> {
  writeFileSync(join(folder, 'report.tex'), renderLatex(document, picturePaths));
  const words = ['-no-shell-escape', '-interaction=nonstopmode', '-halt-on-error', 'report.tex'];
  await run('pdflatex', words, { cwd: folder, maxBuffer: 1e8 }).catch((thrown: unknown) => {
    throw new Error((thrown as { stdout: string }).stdout.slice(-3000), { cause: thrown });
  });
  return { log: readFileSync(join(folder, 'report.log'), 'latin1'), pdfPath: join(folder, 'report.pdf') };
}

const suffix = hasLatex ? '' : ' (not run: there is no pdflatex on this machine)';

describe.skipIf(!hasLatex)(`LaTeX of reports${suffix}`, () => {
  it('compiles with every hostile text in every place', async () => {
    const [first, ...others] = HOSTILE_TEXTS.map(buildDocumentOf);
    const { pdfPath } = await compile({ ...first!, blocks: [first!, ...others].flatMap(({ blocks }) => blocks) });
    expect(existsSync(pdfPath)).toBe(true);
    expect(existsSync('/tmp/owned')).toBe(false);
  }, 600_000);

  it('compiles boxes, stacks, bands and steps', async () => {
    const blocks = [BOXES, STACK, ECDF, STEPS].map((chart) => ({ kind: 'chart' as const, chart }));
    const { pdfPath } = await compile({ ...buildDocumentOf('Charts'), blocks });
    expect(existsSync(pdfPath)).toBe(true);
  }, 600_000);

  it('compiles the report of a run of 1,000 tasks', async () => {
    const tasks = buildTasksInTurn(1000, 369);
    const { pdfPath } = await compile(buildRunDocument(buildReportData(tasks)));
    expect(existsSync(pdfPath)).toBe(true);
  }, 600_000);

  it('compiles every part of every kind under hostile names', async () => {
    const composed = await Promise.all(HOSTILE_TEXTS.filter((_, index) => index % 5 === 1).map(composeEverything));
    const [first] = composed;
    const { pdfPath } = await compile({ ...first!.document, blocks: composed.flatMap(({ document }) => document.blocks) });
    expect(existsSync(pdfPath)).toBe(true);
    expect(existsSync('/tmp/owned')).toBe(false);
  }, 600_000);

  it('takes the pictures that lie beside it, and does without those that do not', async () => {
    mkdirSync(join(folder, 'report-images'));
    const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    writeFileSync(join(folder, 'report-images', 'picture.jpg'), bytes);
    const there = await compile(buildDocumentOf('plain'), new Map([['f'.repeat(64), 'report-images/picture.jpg']]));
    expect(there.log).toContain('report-images/picture.jpg');
    const gone = await compile(buildDocumentOf('plain'), new Map([['f'.repeat(64), 'report-images/gone.jpg']]));
    expect(existsSync(gone.pdfPath)).toBe(true);
  }, 600_000);

  it('has the entry of the paper with all of its authors', async () => {
    await compile(buildDocumentOf('plain'));
    const entry = readFileSync(join(folder, 'dedgeai-paper.bib'), 'utf8');
    const authors = /author = \{([^}]*)\}/.exec(entry)?.[1]?.split(' and ');
    expect(authors).toEqual([
      ...['Xu, Changfu', 'Guo, Jianxiong', 'Lin, Wanyu', 'Zou, Haodong', 'Fan, Wentao', 'Wang, Tian', 'Chu, Xiaowen', 'Cao, Jiannong'],
    ]);
  }, 600_000);
});
