// A part of a report: what one block of it shows, and what a reader must know of it.
import { quoteWord } from '../../../../shared/command-line.js';
import type { ReportBlock, ReportDocument, ReportTemplate } from '../../../../shared/report-document.js';

export interface ReportSection {
  caveats: ReportDocument['caveats'];
  /** Without a heading: who composes the report gives it one. */
  blocks: readonly ReportBlock[];
  /** Wall clock, epoch ms, of the newest of what is shown; null where nothing has one. */
  asOfMs: number | null;
}

const OPTION_OF: Record<Exclude<ReportTemplate, 'table-v'>, string> = {
  run: '--run',
  series: '--series',
  training: '--training',
  study: '--study',
};

/** The report of a record as a command. */
export function reportCommand(template: Exclude<ReportTemplate, 'table-v'>, id: string): string {
  return `npm run cli -- report make --template ${template} ${OPTION_OF[template]} ${quoteWord(id)} --format pdf`;
}

/** What stands under every figure: the record that it is drawn from, and the command that draws it again. */
export function nameOrigin(record: string, command: string): string {
  return `From ${record}; again: ${command}`;
}

/** Of a hash as a name. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 12);
}
