// Blocks in their order as one document: a heading each, and the caveats of all of them before everything else.
import { AppError } from '../../../shared/errors.js';
import { formatInstant, formatQuantity } from '../../../shared/format.js';
import type { BinItem } from '../../../shared/bin.js';
import { nameReportBlock, REPORT_PARTS, type ReportSource, type StoredReportBlock } from '../../../shared/report-composition.js';
import type { ReportBlock, ReportDocument } from '../../../shared/report-document.js';
import type { ReportSection } from './documents/report-section.js';

export interface ComposedReport {
  document: ReportDocument;
  /** One a block, in their order. */
  parts: ComposedBlock[];
}

export interface ComposedBlock {
  id: string;
  title: string;
  /** Empty where it has none. */
  heading: string;
  /** Why there is nothing to show; null where there is. */
  problem: string | null;
  /** Its records that are in the bin. */
  inBin: BinItem[];
  blocks: readonly ReportBlock[];
}

type RecordedSource = Exclude<ReportSource, { kind: 'text' }>;

/** What blocks are read from. */
export interface BlockReader {
  section(source: RecordedSource): Promise<ReportSection>;
  /** Records of it that are in the bin. */
  inBin(source: RecordedSource): BinItem[];
}

interface Part {
  block: StoredReportBlock;
  section: ReportSection;
  problem: string | null;
  inBin: BinItem[];
}

/** A block whose record is gone, or that can't be read now, says so in its place; the rest is worth having without it. */
export async function composeReport(
  { title, blocks }: { title: string; blocks: readonly StoredReportBlock[] },
  reader: BlockReader,
): Promise<ComposedReport> {
  const parts: Part[] = [];
  for (const block of blocks) parts.push(await readPart(block, reader));
  const instants = parts.flatMap(({ section: { asOfMs } }) => asOfMs ?? []);
  const asOfMs = instants.length > 0 ? Math.max(...instants) : null;
  const areOfSeveral = new Set(blocks.flatMap(({ recordName }) => recordName ?? [])).size > 1;
  const composed = parts.map(({ block, section, problem, inBin }): ComposedBlock => ({
    ...{ id: block.id, title: nameReportBlock(block), heading: headingOf(block, areOfSeveral), problem, inBin },
    blocks: section.blocks,
  }));
  const document: ReportDocument = {
    title,
    subtitle: `${formatQuantity(blocks.length, 'block')}${asOfMs === null ? '' : `; the newest figures are of ${formatInstant(asOfMs)}`}.`,
    caveats: gatherCaveats(parts, areOfSeveral),
    facts: [],
    blocks: composed.flatMap(({ heading, blocks: own }) => [
      ...(heading === '' ? [] : [{ kind: 'heading' as const, text: heading }]),
      ...own,
    ]),
    asOfMs,
  };
  return { document, parts: composed };
}

async function readPart(block: StoredReportBlock, reader: BlockReader): Promise<Part> {
  const { source } = block;
  if (source.kind === 'text') {
    return { block, section: { caveats: [], blocks: [{ kind: 'text', text: source.text }], asOfMs: null }, problem: null, inBin: [] };
  }
  try {
    const inBin = reader.inBin(source);
    return { block, section: withBin(await reader.section(source), block, inBin), problem: null, inBin };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === 'cancelled' || thrown.code === 'internal') throw thrown;
    const problem = `${thrown.message}.`.replace(/\.\.$/, '.');
    const missing: ReportBlock = { kind: 'text', text: `Nothing can be shown here. ${problem}` };
    const text = `“${nameReportBlock(block)}” is not shown. ${problem}`;
    return { block, section: { caveats: [{ mark: 'limited', text }], blocks: [missing], asOfMs: null }, problem, inBin: [] };
  }
}

/** Who reads the report knows that what it shows is to go. */
function withBin(section: ReportSection, block: StoredReportBlock, inBin: readonly BinItem[]): ReportSection {
  if (inBin.length === 0) return section;
  const records = inBin.length === 1 ? 'its record is' : `${formatQuantity(inBin.length, 'record')} of it are`;
  const text = `“${nameReportBlock(block)}” can be shown until the bin is emptied: ${records} in the bin.`;
  return { ...section, caveats: [...section.caveats, { mark: 'limited', text }] };
}

function gatherCaveats(parts: readonly Part[], areOfSeveral: boolean): ReportDocument['caveats'] {
  const all = parts.flatMap(({ block, section, problem }) =>
    section.caveats.map(({ mark, text }) => ({
      mark,
      text: areOfSeveral && problem === null && block.recordName !== null ? `${block.recordName}: ${text}` : text,
    })),
  );
  return [...new Map(all.map((caveat) => [`${caveat.mark} ${caveat.text}`, caveat])).values()];
}

function headingOf(block: StoredReportBlock, areOfSeveral: boolean): string {
  const { source } = block;
  if (source.kind === 'text') return source.title.trim();
  return areOfSeveral ? nameReportBlock(block) : partTitle(source);
}

function partTitle(source: RecordedSource): string {
  return (REPORT_PARTS[source.kind] as Record<string, string>)[source.part] ?? source.part;
}
