// Studies: the paper's figures as experiments that anyone can run again. A definition is a file under resources/studies; a study run is one
// execution of it: points x methods x seeds, each cell one training (or one simulation for policies that do not learn).
import type { AppErrorShape } from './errors.js';
import type { JobState } from './job.js';
import type { TrainingChanges, TrainingPreset } from './training.js';

/** One place on the x axis, and what it changes about the preset and about how the methods learn. */
export interface StudyPoint {
  x: number;
  changes: TrainingChanges;
  settings: Readonly<Record<string, number | string>>;
}

/** One value that the paper prints, or that was read off its figure. */
export interface PaperValue {
  method: string;
  x: number;
  delaySec: number;
  /** Where it is, for example `Sec. V-C` or `read off Fig. 6(a)`. */
  source: string;
}

export interface StudyDefinition {
  /** The file's name without `.json`, for example `fig-6a`. */
  name: string;
  title: string;
  /** For example `Fig. 6(a)`; null for a study of our own. */
  figure: string | null;
  /** What it asks, in one or two sentences. */
  question: string;
  /** `curves`: delay over episodes, one line a method. `sweep`: delay of the last episodes over x, one line a method. */
  kind: 'curves' | 'sweep';
  preset: TrainingPreset;
  /** What its figure shows on the y axis: the mean service delay, or the CPU time of an episode. */
  measure: 'delay' | 'cpu-time';
  /** Of the x axis, with its unit; `Episode` for curves. */
  axisLabel: string;
  /** One point (x 0, no changes) for curves. */
  points: readonly StudyPoint[];
  /** Methods that learn and policies of the simulator, by name, in the order of the legend. */
  methods: readonly string[];
  /** Episodes of a training. */
  episodes: number;
  /** Episodes at the end whose mean counts as the result of a cell. */
  lastEpisodes: number;
  /** Experiments that the paper averages over: 50. Null for a study of our own. */
  paperSeeds: number | null;
  paper: readonly PaperValue[];
}

/** What a study will take, estimated before it is started. */
export interface StudyEstimate {
  cellCount: number;
  /** Of one core, for all cells. */
  cpuSec: number;
  /** Cells side by side at most. */
  processes: number;
  /** With a free core for each process to the end: other work makes it longer. */
  wallSec: number;
  /** Cells done on this machine that the pace comes from; of 0 it is that of another machine. */
  measuredCells: number;
}

/** Which cell of a study run: its point, its method, its seed. */
export interface StudyCellKey {
  pointIndex: number;
  method: string;
  seed: number;
}

/** What a cell gave. */
export interface StudyCell extends StudyCellKey {
  /** Mean over the last episodes of the mean service delay (Eq. 2). */
  meanDelaySec: number;
  /** The same of Opt-TS on the same arrivals. */
  optTsDelaySec: number;
  /** Ratio of the two. */
  ratioToOptTs: number;
  convergenceEpisode: number | null;
  /** CPU time of all its episodes, that of Opt-TS beside a method left out. Not repeatable, unlike the rest. */
  cpuSec: number;
  /** CPU time of one of the last episodes, their mean. */
  episodeCpuSec: number;
  /** Mean service delay of each episode; kept for `curves` only. */
  curveSec: readonly number[] | null;
  /** Ran on this machine, or came in by `study import`. */
  origin: 'here' | 'imported';
  programVersion: string;
}

/** A cell that gave nothing, and why. */
export interface FailedStudyCell extends StudyCellKey {
  error: AppErrorShape;
}

export interface StudyRun {
  id: string;
  /** As it stood when the run started. */
  study: StudyDefinition;
  /** Seeds `firstSeed`, `firstSeed` + 1, ... */
  firstSeed: number;
  seeds: number;
  /** Never `queued` or `cancelled`. `stopping`: the episodes under way are finished and kept. `failed`: every cell was tried and some gave nothing, or none can start. */
  state: JobState;
  cellCount: number;
  doneCount: number;
  failedCount: number;
  /** From the pace of the cells done here; null when it does not run or nothing is known yet. */
  remainingSec: number | null;
  error: AppErrorShape | null;
  programVersion: string;
  /** Where its record came from; null of one that was made here. */
  imported: import('./record.js').ImportedFrom | null;
  createdAtMs: number;
  finishedAtMs: number | null;
}

/** A mean over seeds with the half-width of its 95 % interval (Student's t); null below two seeds. */
export interface FigureValue {
  mean: number;
  halfWidth95: number | null;
  seeds: number;
}

/** One line of a figure. */
export interface FigureSeries {
  method: string;
  title: string;
  /** x: the point's, or the episode. Points without a cell are left out. Ratio and CPU time: `sweep` only. */
  points: { x: number; delaySec: FigureValue; ratioToOptTs: FigureValue | null; episodeCpuSec: FigureValue | null }[];
  /** Mean convergence episode over the seeds that settled, and how many did; `curves` only. */
  convergence: { meanEpisode: number | null; settledSeeds: number; seeds: number } | null;
}

/** Everything a chart and a table of the study need. */
export interface StudyFigure {
  run: StudyRun;
  series: FigureSeries[];
  paper: readonly PaperValue[];
  failedCells: FailedStudyCell[];
  /** Versions of the program that the cells were computed by: more than one where results were imported or the program was replaced. */
  programVersions: string[];
  /** The command that makes it again. */
  command: string;
}
