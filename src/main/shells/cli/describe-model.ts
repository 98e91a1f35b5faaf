// A model and what was done to it, in words for the terminal.
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatBytes, formatIsoDay } from '../../../shared/format.js';
import { MODEL_PART_TITLES } from '../../../shared/model.js';
import type { Model, RefineReport } from '../../../shared/model.js';
import { describeVariant } from '../../../shared/model-variant.js';
import { listModelNeeds, remarkOnModel } from '../../../shared/remark-on-model.js';
import { formatTable } from './terminal.js';

export function describeReport(report: RefineReport): string {
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

export function describeModel(model: Model): string {
  const head = alignLines([
    ['name', model.name],
    ['id', model.id],
    ['path', describePath(model)],
    ['layout', model.layout],
    ['kind', describeVariant(model)],
    ['size', describeBytes(model.sizeBytes)],
    ['sha256', model.sha256],
    ['license', describeLicense(model)],
    ['verified', describeReading(model)],
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
  const remarks = [...remarkOnModel(model, 'model strip'), ...listModelNeeds(model)].map((remark) => `\n${cleanLine(remark)}`).join('');
  if (model.layout === 'all-in-one') return `${head}\n${parts}${remarks}`;
  const files = formatTable(
    ['  file', 'bytes', 'sha256'],
    model.files.map((file) => [`  ${file.path}`, String(file.sizeBytes), file.sha256]),
  );
  return `${head}\n${parts}\n${files}${remarks}`;
}

function describeLicense({ license }: Model): string {
  if (!license) return 'none is on record';
  return `${license.name}, accepted ${formatIsoDay(license.acceptedAtMs)}: ${license.url}`;
}

function describeReading({ lastRead }: Model): string {
  if (!lastRead) return 'not noted';
  return lastRead.isAsOnRecord
    ? `every byte was read here on ${formatIsoDay(lastRead.atMs)}`
    : `NOT AS ON RECORD when it was read on ${formatIsoDay(lastRead.atMs)}`;
}

export function describePath(model: Model): string {
  return model.isPresent ? model.path : `${model.path} (not there now)`;
}

function describeBytes(bytes: number): string {
  return `${bytes} bytes (${formatBytes(bytes)})`;
}

export function alignLines(lines: readonly (readonly [string, string])[]): string {
  return lines.map(([label, value]) => cleanLine(`${label.padEnd(10)}${value}`)).join('\n');
}
