// Measures the power of real nodes while runs are in progress on them: it watches their telemetry as anyone does who looks. Nothing that goes
// wrong here reaches a run: what could not be measured is missing in the coverage.
import { TELEMETRY_INTERVAL_MS, type NodeTelemetry } from '../../../../shared/telemetry.js';
import type { Log } from '../../../adapters/log/log.js';
import { powerOf } from '../../nodes/telemetry/node-power.js';
import { type MeasuredEnergy, PowerIntegral } from './power-integral.js';

export interface RunPowerMetersOptions {
  watch(nodeId: string, signal: AbortSignal): AsyncIterable<NodeTelemetry>;
  store: { listEnergy(runId: string): MeasuredEnergy[]; saveEnergy(runId: string, energy: readonly MeasuredEnergy[]): void };
  nowMs(): number;
  log?: Log | undefined;
  /** Real ms between two readings beyond which what lies between was not measured; three intervals of the telemetry when absent. */
  maxGapMs?: number;
  /** Real ms between two writes; a crash loses no more of the measurement. */
  saveEveryMs?: number;
}

interface RunMeter {
  integrals: Map<string, PowerIntegral>;
  ending: AbortController;
  saving: NodeJS.Timeout;
}

const SAVE_EVERY_MS = 10_000;

export class RunPowerMeters {
  readonly #meters = new Map<string, RunMeter>();

  constructor(private readonly options: RunPowerMetersOptions) {}

  /** From now on the nodes are looked at; what a run had before a restart of the program is added to. */
  start(runId: string, nodeIds: readonly string[]): void {
    if (nodeIds.length === 0 || this.#meters.has(runId)) return;
    const { store, maxGapMs = 3 * TELEMETRY_INTERVAL_MS, saveEveryMs = SAVE_EVERY_MS } = this.options;
    const stored = this.#attempt(() => store.listEnergy(runId)) ?? [];
    const integrals = new Map(
      nodeIds.map((id) => [id, new PowerIntegral(id, maxGapMs, stored.find(({ nodeId }) => nodeId === id) ?? null)]),
    );
    const ending = new AbortController();
    const saving = setInterval(() => this.#save(runId), saveEveryMs);
    saving.unref();
    this.#meters.set(runId, { integrals, ending, saving });
    for (const [nodeId, integral] of integrals) void this.#follow(nodeId, integral, ending.signal);
  }

  /** Whether the run's clock goes: only then its energy counts. */
  setRunning(runId: string, isRunning: boolean): void {
    const meter = this.#meters.get(runId);
    if (!meter) return;
    const nowMs = this.options.nowMs();
    for (const integral of meter.integrals.values()) {
      if (isRunning) integral.open(nowMs);
      else if (integral.isOpen) integral.close(nowMs);
    }
  }

  /** What was measured of a run that is in progress; null of any other. */
  reading(runId: string): MeasuredEnergy[] | null {
    const meter = this.#meters.get(runId);
    return meter ? [...meter.integrals.values()].flatMap(({ energy }) => energy ?? []) : null;
  }

  /** The run has ended, or the program does: what was measured is on record afterwards. */
  end(runId: string): void {
    const meter = this.#meters.get(runId);
    if (!meter) return;
    this.setRunning(runId, false);
    meter.ending.abort();
    clearInterval(meter.saving);
    this.#save(runId);
    this.#meters.delete(runId);
  }

  close(): void {
    for (const runId of [...this.#meters.keys()]) this.end(runId);
  }

  async #follow(nodeId: string, integral: PowerIntegral, signal: AbortSignal): Promise<void> {
    try {
      for await (const telemetry of this.options.watch(nodeId, signal)) {
        for (const sample of telemetry.samples) {
          const power = powerOf(telemetry, sample);
          if (power) integral.take({ ...power, atMs: sample.atMs, gpuPercent: sample.gpuPercent });
        }
      }
    } catch (thrown) {
      if (!signal.aborted) this.#report(thrown);
    }
  }

  #save(runId: string): void {
    const energy = this.reading(runId) ?? [];
    if (energy.length > 0) this.#attempt(() => this.options.store.saveEnergy(runId, energy));
  }

  #attempt<T>(act: () => T): T | null {
    try {
      return act();
    } catch (thrown) {
      this.#report(thrown);
      return null;
    }
  }

  #report(thrown: unknown): void {
    this.options.log?.warn('The power of a node could not be measured', {
      reason: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }
}
