// The report of a run as one HTML file: figures, timeline, a selection of images, nodes, specification and failures.
import { describeService } from '../../../shared/service.js';
import { type DelaySummary, describeScheduler, type TaskRecord } from '../../../shared/run.js';
import { describeMissingEfficiency } from '../../../shared/describe-efficiency.js';
import { formatInstant, formatNumber, formatPercent, formatSeconds } from '../../../shared/format.js';
import { type Html, html, htmlTable } from './html.js';
import { badge, htmlPage } from './html-page.js';
import { nameNodes, type RunReportData } from './report-data.js';
import { timelineSvg } from './timeline-svg.js';

const MAX_FAILURES_SHOWN = 100;

/** A picture for the gallery of the report. */
export interface ReportThumbnail {
  task: TaskRecord;
  /** `data:image/webp;base64,...` */
  dataUri: string;
}

function figure(label: string, value: string): Html {
  return html`<div class="figure"><span class="soft">${label}</span><b>${value}</b></div>`;
}

function summaryRow(label: string, summary: DelaySummary | null): Html {
  if (!summary)
    return html`<tr>
      <th scope="row">${label}</th>
      <td colspan="4" class="soft">none</td>
    </tr>`;
  const cells = [summary.meanMs, summary.medianMs, summary.p95Ms, summary.maxMs].map(
    (value) => html`<td class="number">${formatNumber(value / 1000, 3)}</td>`,
  );
  return html`<tr>
    <th scope="row">${label}</th>
    ${cells}
  </tr>`;
}

function headOf({ run }: RunReportData): Html {
  const marks = [
    run.isSimulated ? badge('warn', 'SIMULATED') : null,
    run.validity.isValid ? badge('good', 'Valid') : badge('bad', 'INVALID'),
    run.timeScale === 1 ? null : badge('warn', `Model time: ${run.timeScale} times real time`),
  ].filter((mark) => mark !== null);
  const reasons = [
    ...run.validity.reasons.map((reason) => html`<li>${reason}</li>`),
    ...run.validity.limitations.map((limitation) => html`<li>${badge('warn', 'Limited')} ${limitation}</li>`),
  ];
  return html`<h1>${run.spec.name}</h1>
    <p>${marks.map((mark) => html`${mark} `)}</p>
    ${
      reasons.length > 0
        ? html`<ul>
            ${reasons}
          </ul>`
        : null
    }
    <p class="soft">
      ${run.spec.taskCount} tasks (${describeService(run.spec)}) from “${run.datasetName}” on “${run.testbedName}”,
      ${describeScheduler(run.spec.scheduler).title}; ended ${formatInstant(run.finishedAtMs)}.
    </p>`;
}

function figuresOf({ run }: RunReportData): Html {
  const { metrics, counts } = run;
  const { hostDelayMs } = metrics.machine;
  return html`<h2>Figures</h2>
    <div class="figures">
      ${figure('Total generation delay', formatSeconds(metrics.totalGenerationDelayMs))}
      ${figure('Lower bound', formatSeconds(metrics.lowerBoundMs))}
      ${figure('Efficiency', describeMissingEfficiency(metrics) ?? formatPercent(metrics.efficiency))}
      ${figure('Succeeded', `${counts.succeeded} of ${counts.total}`)} ${figure('Failed', String(counts.failed))}
      ${figure('Canceled', String(counts.cancelled))} ${figure('Re-sent', String(counts.resent))}
      ${figure('Control, of the service delay', formatPercent(metrics.machine.controlShare))}
      ${figure('Host delay, mean', hostDelayMs === null ? 'not recorded' : `${formatNumber(hostDelayMs, 1)} ms`)}
      ${figure('Host delay scaled, of the service delay', formatPercent(metrics.machine.hostDelayShare))}
    </div>
    <p class="soft">${metrics.lowerBoundRule}</p>
    ${htmlTable({
      caption: html`Delays of a task in seconds of model time; p95 is the nearest rank.`,
      heads: html`<th>Delay</th>
        <th class="number">Mean</th>
        <th class="number">Median</th>
        <th class="number">p95</th>
        <th class="number">Maximum</th>`,
      rows: html`${summaryRow('Service', metrics.service)}${summaryRow('Waiting', metrics.waiting)}${summaryRow('Control', metrics.control)}`,
    })}`;
}

function nodesOf({ nodes, timelines }: RunReportData): Html {
  const byNode = new Map(timelines.map((timeline) => [timeline.nodeId, timeline]));
  const rows = nodes.map((node) => {
    const timeline = byNode.get(node.id);
    return html`<tr>
      <th scope="row">${node.name}</th>
      <td class="number">${node.speedFactor}</td>
      <td class="number">${node.fixedSec}</td>
      <td class="number">${node.secPerStep}</td>
      <td class="number">${node.linkMbps}</td>
      <td>${node.agentVersion}</td>
      <td class="number">${timeline?.executed ?? 0}</td>
      <td class="number">${formatSeconds(timeline?.busyMs ?? 0)}</td>
      <td class="number">${formatPercent(timeline?.utilization ?? 0)}</td>
    </tr>`;
  });
  return html`<h2>Nodes</h2>
    ${htmlTable({
      heads: html`<th>Node</th>
        <th class="number">Speed</th>
        <th class="number">Fixed (s)</th>
        <th class="number">Per step (s)</th>
        <th class="number">Link (Mbit/s)</th>
        <th>Agent</th>
        <th class="number">Executed</th>
        <th class="number">Busy</th>
        <th class="number">Utilization</th>`,
      rows,
    })}`;
}

function galleryOf(data: RunReportData, thumbnails: readonly ReportThumbnail[]): Html | null {
  if (thumbnails.length === 0) return null;
  const nameOf = nameNodes(data.nodes);
  const figures = thumbnails.map(
    ({ task, dataUri }) =>
      html`<figure>
        <img src="${dataUri}" alt="${task.prompt}" loading="lazy" />
        <figcaption>
          #${task.ordinal + 1} ${task.isSimulated ? badge('warn', 'SIMULATED') : null} ${task.prompt}<br />${task.computedSteps} steps, seed
          ${task.seed}, ${nameOf(task.edgeServerId)}
        </figcaption>
      </figure>`,
  );
  return html`<h2>Images</h2>
    <p class="soft">${thumbnails.length} of ${data.run.counts.succeeded} images, evenly spread over the run.</p>
    <div class="gallery">${figures}</div>`;
}

function failuresOf(tasks: readonly TaskRecord[]): Html | null {
  const failed = tasks.filter((task) => task.state === 'failed');
  if (failed.length === 0) return null;
  const rows = failed.slice(0, MAX_FAILURES_SHOWN).map(
    (task) =>
      html`<tr>
        <td class="number">${task.ordinal + 1}</td>
        <td>${task.prompt}</td>
        <td class="number">${task.attempts}</td>
        <td>${task.errorMessage}</td>
      </tr>`,
  );
  return html`<h2>Failures</h2>
    <p class="soft">${rows.length} of ${failed.length} failed tasks.</p>
    ${htmlTable({
      heads: html`<th class="number">Task</th>
        <th>Prompt</th>
        <th class="number">Attempts</th>
        <th>Problem</th>`,
      rows,
    })}`;
}

/** Self-contained; every text in it is escaped. */
export function buildRunHtml(data: RunReportData, thumbnails: readonly ReportThumbnail[]): string {
  const { run, timelines, tasks } = data;
  const totalMs = run.metrics.totalGenerationDelayMs;
  const body = html`${headOf(data)} ${figuresOf(data)}
    ${
      totalMs !== null && totalMs > 0
        ? html`<h2>Timeline</h2>
            ${timelineSvg(timelines, totalMs)}`
        : null
    }
    ${galleryOf(data, thumbnails)} ${nodesOf(data)} ${failuresOf(tasks)}
    <h2>Specification</h2>
    <p class="soft">
      Frozen at the start; SHA-256 ${run.specSha256}. Run ${run.id}, made by version ${data.programVersion}, started
      ${formatInstant(run.startedAtMs)}.
    </p>
    <pre>${JSON.stringify(run.spec, null, 2)}</pre>`;
  return htmlPage(`${run.spec.name}: DEdgeAI run report`, body);
}
