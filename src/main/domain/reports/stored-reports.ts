// Reports that are kept: composed of blocks, changed by people, and shown with the figures of now.
import type { z } from 'zod';
import type {
  addReportBlocksInput,
  createReportInput,
  renameReportInput,
  setReportBlocksInput,
} from '../../../shared/api/report-inputs.js';
import { AppError, notThere } from '../../../shared/errors.js';
import type { ReportPreview, ReportSource, ReportSubject, StoredReport, StoredReportBlock } from '../../../shared/report-composition.js';
import { REPORT_TEMPLATES, type ReportFormat } from '../../../shared/report-document.js';
import type { ReportRepository } from '../../adapters/storage/report-repository.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import { packReport } from './pack-report.js';
import { slugOf, type MakeReportOptions, type ReportFile, type ReportService } from './report-service.js';
import type { ReportSources } from './report-sources.js';
import { sourcesOf } from './report-templates.js';
import { showReport } from './show-report.js';

export interface StoredReportsOptions {
  repository: ReportRepository;
  sources: Pick<ReportSources, 'nameOf'>;
  reports: Pick<ReportService, 'compose' | 'write'>;
  isInBin(reportId: string): boolean;
  newId(prefix: string): string;
  nowMs(): number;
}

type NewBlock = z.output<typeof setReportBlocksInput>['blocks'][number];

export class StoredReports {
  constructor(private readonly options: StoredReportsOptions) {}

  templates(): typeof REPORT_TEMPLATES {
    return REPORT_TEMPLATES;
  }

  /** The one that was changed last comes first; those in the bin are not among them. */
  list(): StoredReport[] {
    return this.options.repository.list();
  }

  /** In the bin or not. Throws `not-found`. */
  get(id: string): StoredReport {
    const report = this.options.repository.get(id);
    if (!report) throw notThere('report', id);
    return report;
  }

  /** Throws `not-found` where its subject is not on record. */
  create({ title, subject }: z.output<typeof createReportInput>): StoredReport {
    const { newId, nowMs, repository } = this.options;
    const blocks = subject ? sourcesOf(subject).map((source) => this.newBlock(source)) : [];
    const atMs = nowMs();
    const report: StoredReport = {
      id: newId('report'),
      title: title ?? titleOf(subject, blocks),
      template: subject?.template ?? null,
      ...{ blocks, revision: 1, createdAtMs: atMs, updatedAtMs: atMs },
    };
    repository.add(report);
    return report;
  }

  rename({ id, title }: z.output<typeof renameReportInput>): StoredReport {
    const report = this.get(id);
    return this.save({ ...report, title }, report.revision);
  }

  /** Throws `conflict` where the report is no longer the one that the caller saw, `not-found` where a new block's record is not there. */
  setBlocks({ id, revision, blocks }: z.output<typeof setReportBlocksInput>): StoredReport {
    const report = this.get(id);
    return this.save({ ...report, blocks: this.withNames(report.blocks, blocks) }, revision);
  }

  /** At the end. */
  addBlocks({ id, sources }: z.output<typeof addReportBlocksInput>): StoredReport {
    const report = this.get(id);
    return this.save({ ...report, blocks: [...report.blocks, ...sources.map((source) => this.newBlock(source))] }, report.revision);
  }

  /** For good; what it is about stays. */
  remove(id: string): void {
    this.get(id);
    this.options.repository.remove(id);
  }

  /** With the figures of now. Throws `cancelled`. */
  async preview(id: string, signal: AbortSignal): Promise<ReportPreview> {
    const { reports, nowMs } = this.options;
    const readAtMs = nowMs();
    return showReport(await reports.compose(this.get(id), signal), readAtMs);
  }

  /** Its files, in the order of the formats, with the figures of now. Throws `not-found` and `cancelled`. */
  async make(id: string, options: MakeReportOptions): Promise<ReportFile[]> {
    const report = this.get(id);
    const { document } = await this.options.reports.compose(report, options.signal);
    return this.options.reports.write(document, `${slugOf(report.title, 'report')}-${slugOf(id, 'report')}`, options);
  }

  /** One file, whatever lies beside it. Throws the same. */
  async download(id: string, format: ReportFormat, signal: AbortSignal): Promise<ExportedDocument<string | Uint8Array>> {
    const [file] = await this.make(id, { formats: [format], signal });
    return packReport(file);
  }

  private save(report: StoredReport, seenRevision: number): StoredReport {
    if (this.options.isInBin(report.id)) {
      throw new AppError(
        'conflict',
        `Report “${this.get(report.id).title}” is in the bin`,
        'Restore it from the bin before you change it.',
      );
    }
    const changed = { ...report, revision: seenRevision + 1, updatedAtMs: this.options.nowMs() };
    if (!this.options.repository.replace(changed, seenRevision)) {
      throw new AppError('conflict', `Report “${report.title}” was changed elsewhere`, 'Load it again, then repeat the change.');
    }
    return changed;
  }

  private withNames(known: readonly StoredReportBlock[], blocks: readonly NewBlock[]): StoredReportBlock[] {
    const byId = new Map(known.map((block) => [block.id, block]));
    const taken = new Set<string>();
    return blocks.map(({ id, source }) => {
      // What is named twice becomes another block.
      const own = id === undefined || taken.has(id) ? this.options.newId('block') : id;
      taken.add(own);
      const before = byId.get(own);
      if (!before) return this.newBlock(source, own);
      const isSameRecord = JSON.stringify(recordOf(before.source)) === JSON.stringify(recordOf(source));
      return { ...before, source, recordName: isSameRecord ? before.recordName : this.options.sources.nameOf(source) };
    });
  }

  private newBlock(source: ReportSource, id = this.options.newId('block')): StoredReportBlock {
    return { id, source, recordName: this.options.sources.nameOf(source) };
  }
}

/** What a block is about, whatever of it is shown: a record that is gone may keep its blocks. */
function recordOf(source: ReportSource): unknown {
  if (source.kind === 'text') return null;
  if (source.kind === 'gallery') return source.runIds;
  if (source.kind === 'comparison') return source.comparison.runIds;
  return source.kind === 'table-v' ? source.comparison.seriesId : [source.kind, source.id];
}

function titleOf(subject: ReportSubject | null, blocks: readonly StoredReportBlock[]): string {
  if (!subject) return 'New report';
  const name = blocks[0]?.recordName;
  const template = REPORT_TEMPLATES.find((each) => each.name === subject.template);
  if (subject.template === 'table-v') return name == null ? 'Table V' : `Table V: ${name}`;
  return (name ?? template?.title ?? 'Report').slice(0, 200);
}
