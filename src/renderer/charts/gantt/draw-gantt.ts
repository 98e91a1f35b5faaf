// Draws the lanes of a Gantt chart on a canvas that lies under their rows. Sizes in CSS px; the context is scaled already.
import type { ChartTheme } from '../chart-theme.js';
import type { GanttColor, GanttLane, GanttSpan, GanttTask } from './gantt-data.js';
import { taskAt, type GanttPlace } from './gantt-keys.js';
import { layOutTasks, placeWord } from './gantt-layout.js';
import type { GanttView } from './gantt-view.js';

export interface GanttScene {
  lanes: readonly GanttLane[];
  view: GanttView;
  widthPx: number;
  laneHeightPx: number;
  theme: ChartTheme;
  color: GanttColor;
  current: GanttPlace | null;
  /** What no scheduler can beat; null where that is not known. */
  boundMs: number | null;
  /** Where the run stood still. */
  standstills: readonly { atMs: number; label: string }[];
}

/** Below this height a lane has no room for its transfers. */
const LOW_LANE_PX = 18;
const STANDSTILL_PX = 7;
/** More would be a knot. */
const MAX_ARROWS = 12;
/** Of one lane, from when a sending was sent to when it failed. */
const MAX_FAILURE_LINES = 3;
const CROSS_PX = 8;

export function drawGantt(context: CanvasRenderingContext2D, scene: GanttScene): void {
  const { lanes, laneHeightPx, widthPx, theme } = scene;
  const heightPx = lanes.length * laneHeightPx;
  context.clearRect(0, 0, widthPx, heightPx);
  context.font = `11px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  const shade = shadeOf(scene);
  lanes.forEach((lane, index) => drawLane(context, scene, { lane, index, shade }));
  drawStandstills(context, scene, heightPx);
  drawFailures(context, scene);
  drawBound(context, scene, heightPx);
  drawCurrent(context, scene);
}

/** x of an instant. */
function placeAt({ view, widthPx }: Pick<GanttScene, 'view' | 'widthPx'>, ms: number): number {
  return ((ms - view.fromMs) / (view.toMs - view.fromMs)) * widthPx;
}

type Shade = (task: GanttTask) => { color: string; alpha: number };

/** Of steps and delay: the darker, the more. */
function shadeOf({ color, lanes, theme }: GanttScene): Shade {
  if (color === 'parts') return () => ({ color: theme.parts.compute, alpha: 1 });
  const value = (task: GanttTask): number => (color === 'steps' ? task.steps : (task.delays?.serviceMs ?? 0));
  let [least, most] = [Infinity, -Infinity];
  for (const { tasks } of lanes) {
    for (const task of tasks) {
      if (color === 'delay' && task.delays === null) continue;
      least = Math.min(least, value(task));
      most = Math.max(most, value(task));
    }
  }
  const base = color === 'steps' ? theme.parts.compute : theme.parts.waiting;
  return (task) => ({ color: base, alpha: most > least ? 0.25 + (0.75 * (value(task) - least)) / (most - least) : 1 });
}

function drawLane(
  context: CanvasRenderingContext2D,
  scene: GanttScene,
  { lane, index, shade }: { lane: GanttLane; index: number; shade: Shade },
): void {
  const { laneHeightPx, widthPx, theme, view } = scene;
  const isLow = laneHeightPx < LOW_LANE_PX;
  const top = index * laneHeightPx + (isLow ? 2 : 5);
  const height = laneHeightPx - (isLow ? 4 : 10);
  context.fillStyle = theme.grid;
  context.fillRect(0, top, widthPx, height);
  for (const { x, width, task, count } of layOutTasks(lane.tasks, view, widthPx)) {
    const { color, alpha } = shade(task);
    context.globalAlpha = alpha;
    context.fillStyle = color;
    // A hair of ground at the right end shows where one task ends and the next starts.
    context.fillRect(x, top, width > 3 && count === 1 ? width - 1 : width, height);
    context.globalAlpha = 1;
    if (count === 1 && width > 3 && task.delays === null && task.isOnItsWay !== true)
      drawRunning(context, { x, width, top, height, theme });
    if (count === 1 && !isLow && task.delays !== null) drawTransfers(context, scene, { task, top, height });
  }
  const failures = lane.failures.map(({ atMs }) => placeAt(scene, atMs));
  for (const loss of lane.losses) drawLoss(context, scene, { loss, failures, top, height });
}

/** Above the bar what came before it, below it what came after. */
function drawTransfers(
  context: CanvasRenderingContext2D,
  scene: GanttScene,
  { task, top, height }: { task: GanttTask; top: number; height: number },
): void {
  if (!task.delays) return;
  const { uploadMs, waitingMs, downloadMs, controlMs, serviceMs } = task.delays;
  const line = (color: string, fromMs: number, toMs: number, y: number): void => {
    const x = placeAt(scene, fromMs);
    const width = placeAt(scene, toMs) - x;
    if (width < 0.5 || x > scene.widthPx || x + width < 0) return;
    context.fillStyle = color;
    context.fillRect(x, y, Math.max(width, 1), 4);
  };
  const { parts } = scene.theme;
  const queuedMs = task.startMs - waitingMs;
  line(parts.upload, queuedMs - uploadMs, queuedMs, top - 4);
  line(parts.download, task.endMs, task.endMs + downloadMs, top + height);
  // Most control comes before the upload, where tasks that arrive together would cover each other: only what follows the download is drawn.
  const homeMs = task.endMs + downloadMs;
  line(parts.control, homeMs, homeMs + Math.min(controlMs, Math.max(0, task.arrivalMs + serviceMs - homeMs)), top + height);
}

function drawRunning(
  context: CanvasRenderingContext2D,
  { x, width, top, height, theme }: { x: number; width: number; top: number; height: number; theme: ChartTheme },
): void {
  context.strokeStyle = theme.surface;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.strokeRect(x + 1.5, top + 1.5, Math.max(0, width - 3), height - 3);
  context.setLineDash([]);
}

function drawLoss(
  context: CanvasRenderingContext2D,
  scene: GanttScene,
  { loss, failures, top, height }: { loss: GanttSpan; failures: readonly number[]; top: number; height: number },
): void {
  const from = Math.max(0, placeAt(scene, loss.fromMs));
  const to = Math.min(scene.widthPx, placeAt(scene, loss.toMs));
  if (to <= from) return;
  context.save();
  context.beginPath();
  context.rect(from, top, to - from, height);
  context.clip();
  context.strokeStyle = scene.theme.danger;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = from - height; x < to; x += 7) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
  const word = 'lost';
  const widthPx = context.measureText(word).width + 8;
  const left = placeWord({ from: from + 2, to, wordPx: widthPx, markPx: CROSS_PX / 2 }, failures);
  if (left === null || height < 10) return;
  context.fillStyle = scene.theme.surface;
  context.fillRect(left, top + 1, widthPx, height - 2);
  context.fillStyle = scene.theme.ink;
  context.textAlign = 'left';
  context.fillText(word, left + 4, top + height / 2 + 0.5);
}

function drawStandstills(context: CanvasRenderingContext2D, scene: GanttScene, heightPx: number): void {
  for (const { atMs, label } of scene.standstills) {
    const x = placeAt(scene, atMs);
    if (x < -STANDSTILL_PX || x > scene.widthPx) continue;
    context.globalAlpha = 0.45;
    context.fillStyle = scene.theme.muted;
    context.fillRect(x - STANDSTILL_PX / 2, 0, STANDSTILL_PX, heightPx);
    context.globalAlpha = 1;
    const width = context.measureText(label).width + 8;
    const left = Math.min(x + STANDSTILL_PX / 2 + 2, scene.widthPx - width);
    context.fillStyle = scene.theme.surface;
    context.fillRect(left, 1, width, 14);
    context.fillStyle = scene.theme.ink;
    context.textAlign = 'left';
    context.fillText(label, left + 4, 8.5);
  }
}

function drawFailures(context: CanvasRenderingContext2D, scene: GanttScene): void {
  const { lanes, laneHeightPx, theme, current } = scene;
  const arrows: { fromX: number; fromY: number; ordinal: number }[] = [];
  context.strokeStyle = theme.danger;
  lanes.forEach((lane, index) => {
    const middle = (index + 0.5) * laneHeightPx;
    const isFew = lane.failures.length <= MAX_FAILURE_LINES;
    let lastX = -Infinity;
    for (const { ordinal, fromMs, atMs } of lane.failures) {
      const x = placeAt(scene, atMs);
      if (x < -4 || x > scene.widthPx + 4) continue;
      const isLined = isFew || ordinal === current?.ordinal;
      // A node that is lost fails many at once: one cross stands for those that would cover each other.
      if (!isLined && Math.abs(x - lastX) < CROSS_PX) continue;
      lastX = x;
      context.lineWidth = 1;
      context.setLineDash([2, 2]);
      context.beginPath();
      context.moveTo(isLined ? Math.max(0, placeAt(scene, fromMs)) : x, middle);
      context.lineTo(x, middle);
      context.stroke();
      context.setLineDash([]);
      context.lineWidth = 2;
      const half = Math.min(4, laneHeightPx / 4);
      context.beginPath();
      context.moveTo(x - half, middle - half);
      context.lineTo(x + half, middle + half);
      context.moveTo(x + half, middle - half);
      context.lineTo(x - half, middle + half);
      context.stroke();
      arrows.push({ fromX: x, fromY: middle, ordinal });
    }
  });
  const shown = arrows.length <= MAX_ARROWS ? arrows : arrows.filter(({ ordinal }) => ordinal === current?.ordinal);
  for (const arrow of shown) drawArrow(context, scene, arrow);
}

/** To where the task was re-sent. */
function drawArrow(
  context: CanvasRenderingContext2D,
  scene: GanttScene,
  { fromX, fromY, ordinal }: { fromX: number; fromY: number; ordinal: number },
): void {
  const laneIndex = scene.lanes.findIndex(({ tasks }) => tasks.some((task) => task.ordinal === ordinal));
  const task = taskAt(scene.lanes, { laneIndex, ordinal });
  if (!task) return;
  const [toX, toY] = [placeAt(scene, task.startMs), (laneIndex + 0.5) * scene.laneHeightPx];
  if (toX < 0 || toX > scene.widthPx) return;
  context.strokeStyle = scene.theme.ink;
  context.fillStyle = scene.theme.ink;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(fromX + 5, fromY);
  context.lineTo(toX - 4, toY);
  context.stroke();
  const angle = Math.atan2(toY - fromY, toX - 4 - fromX - 5);
  context.beginPath();
  context.moveTo(toX, toY);
  context.lineTo(toX - 7 * Math.cos(angle - 0.4), toY - 7 * Math.sin(angle - 0.4));
  context.lineTo(toX - 7 * Math.cos(angle + 0.4), toY - 7 * Math.sin(angle + 0.4));
  context.fill();
}

function drawBound(context: CanvasRenderingContext2D, scene: GanttScene, heightPx: number): void {
  if (scene.boundMs === null) return;
  const x = placeAt(scene, scene.boundMs);
  if (x < 0 || x > scene.widthPx) return;
  context.strokeStyle = scene.theme.muted;
  context.lineWidth = 1.5;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, heightPx);
  context.stroke();
  context.setLineDash([]);
}

/** The task that keys or pointer are at: its bar, and from its arrival on how long it was in the queue. */
function drawCurrent(context: CanvasRenderingContext2D, scene: GanttScene): void {
  const { current, laneHeightPx, theme } = scene;
  const task = taskAt(scene.lanes, current);
  if (!current || !task) return;
  const top = current.laneIndex * laneHeightPx + 1;
  const height = laneHeightPx - 2;
  const arrival = placeAt(scene, task.arrivalMs);
  const start = placeAt(scene, task.startMs);
  const end = placeAt(scene, task.endMs);
  context.strokeStyle = theme.parts.waiting;
  context.lineWidth = 1.5;
  context.strokeRect(arrival, top + 1, Math.max(0, start - arrival), height - 2);
  context.strokeStyle = theme.ink;
  context.lineWidth = 2;
  context.strokeRect(start, top, Math.max(2, end - start), height);
}
