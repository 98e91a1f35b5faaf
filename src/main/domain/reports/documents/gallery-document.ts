// Images of the same prompts side by side, as Fig. 11 of the paper has them: a row a prompt, a column a run with its model.
import { formatQuantity } from '../../../../shared/format.js';
import type { ReportImage, ReportImageGrid } from '../../../../shared/report-document.js';
import type { RunSummary, TaskRecord } from '../../../../shared/run.js';
import { nameRun } from './report-data.js';
import type { ReportSection } from './report-section.js';
import { marksOfRun } from './run-document.js';

export interface GalleryRun {
  run: RunSummary;
  tasks: readonly TaskRecord[];
  /** What made its images; null where it is not known. */
  model: string | null;
}

/** @param prompts those to show; null: the first `rows` that every run has an image of, else that any has */
export function buildGallerySection(runs: readonly GalleryRun[], prompts: readonly string[] | null, rows: number): ReportSection {
  const chosen = prompts ?? choosePrompts(runs, rows);
  const grid: ReportImageGrid = {
    kind: 'image-grid',
    caption: `${formatQuantity(chosen.length, 'prompt')} in ${formatQuantity(runs.length, 'run')}; images as they were made, shown smaller. Runs ${runs.map(({ run }) => run.id).join(', ')}.`,
    columns: runs.map(({ run, model }) => ({
      title: model === null ? nameRun(run) : `${nameRun(run)} (${model})`,
      marks: marksOfRun(run),
    })),
    rows: chosen.map((prompt) => ({ title: prompt, cells: runs.map(({ tasks }) => imageOf(tasks, prompt)) })),
  };
  const simulated = { mark: 'simulated' as const, text: 'Images with this mark come from simulated nodes: they show no model’s work.' };
  return {
    caveats: runs.some(({ run }) => run.isSimulated) ? [simulated] : [],
    blocks: chosen.length === 0 ? [{ kind: 'text', text: 'None of the runs has an image yet.' }] : [grid],
    asOfMs: runs.reduce<number | null>((newest, { run }) => Math.max(newest ?? 0, run.finishedAtMs ?? run.createdAtMs), null),
  };
}

function choosePrompts(runs: readonly GalleryRun[], rows: number): string[] {
  const sets = runs.map(({ tasks }) => new Set(tasks.filter(({ imageSha256 }) => imageSha256 !== null).map(({ prompt }) => prompt)));
  const [first, ...others] = sets;
  if (!first) return [];
  const shared = [...first].filter((prompt) => others.every((set) => set.has(prompt)));
  const all = shared.length > 0 ? shared : [...new Set(sets.flatMap((set) => [...set]))];
  return all.slice(0, rows);
}

function imageOf(tasks: readonly TaskRecord[], prompt: string): ReportImage | null {
  const task = tasks.find((each) => each.prompt === prompt && each.imageSha256 !== null);
  if (!task) return null;
  return {
    sha256: task.imageSha256 ?? '',
    caption: `${task.computedSteps} steps, seed ${task.seed}`,
    alt: prompt,
    marks: task.isSimulated ? ['simulated'] : [],
  };
}
