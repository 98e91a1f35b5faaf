// A training as parts of a report: its figures, its learning curve, what differs from the preset, and what its policy does.
import type { BarsDescription } from '../../../../shared/chart-description.js';
import { formatNumber, formatQuantity } from '../../../../shared/format.js';
import { listChanges, METHOD_TITLES, nameEnvironment, nameTraining } from '../../../../shared/name-training.js';
import { type Bars, nameWorkClass, toServerBars, toWorkBars } from '../../../../shared/policy-bars.js';
import type { REPORT_PARTS } from '../../../../shared/report-composition.js';
import { numberCell, textCell, type ReportBlock, type ReportColumn } from '../../../../shared/report-document.js';
import { toEvaluateCommand, toTrainCommand } from '../../../../shared/train-command.js';
import type { EpisodeMetrics, PolicyDetail, Training } from '../../../../shared/training.js';
import { CURVE_CHARTS, toCurveSeries } from '../../../../shared/training-curves.js';
import {
  defaultOf,
  listOtherSettings,
  SETTING_CHOICES,
  SETTING_FIELDS,
  usualChoiceOf,
} from '../../../../shared/training-setting-fields.js';
import { nameOrigin, reportCommand, type ReportSection } from './report-section.js';

export type TrainingPart = keyof (typeof REPORT_PARTS)['training'];

export interface TrainingReportData {
  training: Training;
  curve: readonly EpisodeMetrics[];
  /** Measured for the part `policy`; null where there is no checkpoint to measure. */
  detail: PolicyDetail | null;
}

/** Delays and ratios of the learning curve, in this order. */
const CURVES = ['delay', 'ratio', 'entropy'] as const;

const PARTS: Record<TrainingPart, (data: TrainingReportData) => ReportBlock[]> = {
  figures: figureBlocks,
  curve: curveBlocks,
  settings: settingBlocks,
  policy: policyBlocks,
  again: againBlocks,
};

export function buildTrainingPart(data: TrainingReportData, part: TrainingPart): ReportSection {
  const { training } = data;
  return {
    caveats: caveatsOf(training),
    blocks: PARTS[part](data),
    asOfMs: training.finishedAtMs ?? training.startedAtMs ?? training.createdAtMs,
  };
}

function caveatsOf({ state, doneEpisodes, spec }: Training): ReportSection['caveats'] {
  const simulated = {
    mark: 'simulated' as const,
    text: 'Trainings learn and are measured in a simulated environment; nothing here was measured on nodes.',
  };
  const limited = {
    mark: 'limited' as const,
    text: `The training is ${state} with ${doneEpisodes} of ${formatQuantity(spec.episodes, 'episode')}.`,
  };
  return [simulated, ...(state === 'succeeded' ? [] : [limited])];
}

const left = (title: string): ReportColumn => ({ title, align: 'left' });
const right = (title: string, unit?: string): ReportColumn => ({ title, align: 'right', ...(unit === undefined ? {} : { unit }) });

function figureBlocks({ training }: TrainingReportData): ReportBlock[] {
  const { spec, last } = training;
  const facts: [string, string][] = [
    ['Method', METHOD_TITLES[spec.method]],
    ['Environment', nameEnvironment(spec)],
    ['Episodes', `${training.doneEpisodes} of ${spec.episodes}`],
    ['Seed', String(spec.seed)],
    ['Mean service delay, last episode', last ? `${formatNumber(last.meanDelaySec, 3)} s` : '–'],
    ['Opt-TS on the same arrivals', last ? `${formatNumber(last.optTsDelaySec, 3)} s` : '–'],
    ['Ratio to Opt-TS', last ? formatNumber(last.ratioToOptTs, 3) : '–'],
    ['Converged', training.convergenceEpisode === null ? 'not settled' : `in episode ${training.convergenceEpisode}`],
  ];
  return [
    {
      kind: 'table',
      caption: `${nameTraining(spec)}.`,
      columns: [left('Figure'), left('Value')],
      rows: facts.map(([label, value]) => [textCell(label, ['simulated']), textCell(value)]),
    },
  ];
}

function originOf({ id }: Training): string {
  return nameOrigin(`training ${id}`, reportCommand('training', id));
}

function curveBlocks({ training, curve }: TrainingReportData): ReportBlock[] {
  if (curve.length === 0) return [{ kind: 'text', text: 'No episode has ended yet.' }];
  return CURVES.flatMap((name): ReportBlock[] => {
    const series = toCurveSeries(curve, name);
    if (series.length === 0) return [];
    const { title, valueTitle, meaning } = CURVE_CHARTS[name];
    const x = { title: 'Episode', unit: '' };
    const chart = { kind: 'lines' as const, title: `${title} (simulated)`, x, y: { title: valueTitle, unit: '' }, series };
    return [{ kind: 'chart', chart, note: `${meaning} ${originOf(training)}` }];
  });
}

/** Everything that is not as the preset and the method have it. */
export function listDifferences({ spec }: Pick<Training, 'spec'>): { setting: string; value: string; usual: string }[] {
  const changes = listChanges(spec.changes).map(([setting, value]) => ({ setting, value: String(value), usual: `as in “${spec.preset}”` }));
  const fields = SETTING_FIELDS.flatMap((field) => {
    const [value, usual] = [spec.settings[field.name], defaultOf(field, spec.method, spec.twin?.environment)];
    return value === undefined || value === usual ? [] : [{ setting: field.label, value: writeValue(value), usual: String(usual) }];
  });
  const choices = SETTING_CHOICES.flatMap((choice) => {
    const { name, label, options } = choice;
    const value = spec.settings[name];
    const defaultValue = usualChoiceOf(choice, spec.method, spec.twin?.environment);
    const nameOf = (word: unknown): string => options.find((option) => option.value === word)?.label ?? writeValue(word);
    return value === undefined || value === defaultValue ? [] : [{ setting: label, value: nameOf(value), usual: nameOf(defaultValue) }];
  });
  const others = Object.entries(listOtherSettings(spec)).map(([setting, value]) => ({ setting, value: writeValue(value), usual: '–' }));
  return [...changes, ...fields, ...choices, ...others];
}

function writeValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function settingBlocks({ training }: TrainingReportData): ReportBlock[] {
  const differences = listDifferences(training);
  const { twin } = training.spec;
  const how = twin?.environment === 'testbed' ? 'testbed' : 'a copy of testbed';
  const load = twin?.environment === 'testbed' && twin.arrivals === 'bursts' ? '' : `, with a load of ${twin?.load}`;
  const ofTwin = twin ? `The environment is ${how} “${twin.testbedName}”${load}. ` : '';
  if (differences.length === 0) return [{ kind: 'text', text: `${ofTwin}Every setting is the method’s own.` }];
  return [
    ...(twin ? [{ kind: 'text' as const, text: ofTwin.trim() }] : []),
    {
      kind: 'table',
      caption: `What differs from preset “${training.spec.preset}” and from the method’s own settings.`,
      columns: [left('Setting'), right('Here'), right('Usually')],
      rows: differences.map(({ setting, value, usual }) => [textCell(setting), textCell(value), textCell(usual)]),
    },
  ];
}

function policyBlocks({ training, detail }: TrainingReportData): ReportBlock[] {
  if (detail === null) return [{ kind: 'text', text: 'There is no checkpoint yet, so there is no policy to measure.' }];
  const name = METHOD_TITLES[training.spec.method];
  const where = `${formatQuantity(detail.episodes, 'unseen episode')}, policy after ${formatQuantity(detail.checkpointEpisodes, 'episode')}`;
  const note = nameOrigin(`training ${training.id}`, toEvaluateCommand(training.id, detail.episodes));
  const bars = ({ labels, series }: Bars, title: string, category: string, value: [string, string]): ReportBlock => {
    const axis = { title: value[0], unit: value[1] };
    const chart: BarsDescription = { kind: 'bars', title, category: { title: category, labels }, value: axis, series };
    return { kind: 'chart', chart, note };
  };
  const row = (label: string, mean: number, p95: number) => [textCell(label, ['simulated']), numberCell(mean, 3), numberCell(p95, 3)];
  return [
    {
      kind: 'table',
      caption: `Delays on ${where}.`,
      columns: [left('Policy'), right('Mean delay', 's'), right('p95', 's')],
      rows: [
        row(name, detail.meanDelaySec, detail.p95DelaySec),
        row('Opt-TS, same arrivals', detail.optTsMeanDelaySec, detail.optTsP95DelaySec),
      ],
    },
    bars(toServerBars(detail), 'Where tasks and work go (simulated)', 'Edge server: capacity in Gigacycles/s', ['Share', '%']),
    bars(toWorkBars(detail, name), 'Delay by the size of tasks (simulated)', 'Work in Gigacycles', ['Mean delay', 's']),
    {
      kind: 'table',
      caption: 'By the size of tasks.',
      columns: [left('Work (Gigacycles)'), right('Tasks'), right('Mean delay', 's'), right('p95', 's'), right('Opt-TS, mean', 's')],
      rows: detail.byWork.map((each) => [
        textCell(nameWorkClass(each), ['simulated']),
        numberCell(each.count, 0),
        ...[each.meanDelaySec, each.p95DelaySec, each.optTsMeanDelaySec].map((value) => numberCell(value, 3)),
      ]),
    },
  ];
}

function againBlocks({ training }: TrainingReportData): ReportBlock[] {
  return [
    { kind: 'code', caption: 'The same training again:', text: toTrainCommand(training.spec) },
    {
      kind: 'code',
      caption: `Training ${training.id}, made by version ${training.programVersion}; its environment as frozen at the start:`,
      text: JSON.stringify({ spec: training.spec, environment: training.environment }, null, 2),
    },
    { kind: 'code', caption: 'This report again, with the data of this program:', text: reportCommand('training', training.id) },
  ];
}
