// Power into energy, by hand: which rails count, what lies between two readings, and when there is no figure.
import { describe, expect, it } from 'vitest';
import { powerOf } from '../../../src/main/domain/nodes/telemetry/node-power.js';
import { PowerIntegral, type MeasuredEnergy, type PowerReading } from '../../../src/main/domain/runs/energy/power-integral.js';
import { summarizeEnergy } from '../../../src/main/domain/runs/energy/summarize-energy.js';
import { describeRunEnergy } from '../../../src/shared/energy.js';
import type { TelemetrySample } from '../../../src/shared/telemetry.js';

const sample = (rails: Record<string, number>): TelemetrySample => ({
  ...{ atMs: 0, cpuPercent: null, gpuPercent: null, memoryUsedBytes: null, memoryTotalBytes: null, temperatures: [] },
  rails: Object.entries(rails).map(([name, milliwatts]) => ({ name, milliwatts })),
});
const JETSON = { source: 'tegrastats', isOfHost: false } as const;

describe('the power of a node', () => {
  it('is the input of the module where it has such a rail', () => {
    const power = powerOf(JETSON, sample({ VDD_IN: 9000, VDD_CPU_GPU_CV: 4000, VDD_SOC: 2000 }));
    expect(power).toEqual({ source: 'rails', measured: ['VDD_IN'], watts: 9 });
  });

  it('is the sum of those that are the largest scope of an AGX Orin, none of which is within another', () => {
    const power = powerOf(JETSON, sample({ VDD_GPU_SOC: 5139, VDD_CPU_CV: 3268, VIN_SYS_5V0: 5500, VDDQ_VDD2_1V8AO: 900 }));
    expect(power).toMatchObject({ measured: ['VDD_GPU_SOC', 'VDD_CPU_CV', 'VIN_SYS_5V0'], watts: 13.907 });
  });

  it('is all cards of another computer', () => {
    const power = powerOf({ source: 'proc', isOfHost: false }, sample({ 'GPU 1': 250_000, 'GPU 2': 100_000 }));
    expect(power).toEqual({ source: 'nvidia-smi', measured: ['GPU 1', 'GPU 2'], watts: 350 });
  });

  it('is not there without rails, and never of a virtual node, which reports its host’s', () => {
    expect(powerOf(JETSON, sample({}))).toBeNull();
    expect(powerOf({ ...JETSON, isOfHost: true }, sample({ VDD_IN: 9000 }))).toBeNull();
  });
});

const reading = (atMs: number, watts: number, gpuPercent: number | null = null): PowerReading => ({
  ...{ atMs, watts, gpuPercent, source: 'rails', measured: ['VDD_IN'] },
});

describe('the energy of a node', () => {
  it('is the area under its power, from the start of the run to its end', () => {
    const integral = new PowerIntegral('node-1', 6000);
    integral.take(reading(0, 10));
    integral.open(1000);
    integral.take(reading(2000, 20));
    integral.take(reading(4000, 20));
    integral.close(5000);
    // 1 to 2 s: (15 + 20) / 2; 2 to 4 s: 40; 4 to 5 s: 20.
    expect(integral.energy).toMatchObject({ coveredMs: 4000, joules: 77.5 });
  });

  it('does not fill a gap, nor a pause', () => {
    const integral = new PowerIntegral('node-1', 6000);
    integral.open(0);
    integral.take(reading(0, 10));
    integral.take(reading(7000, 10));
    integral.close(8000);
    integral.take(reading(10_000, 10));
    integral.open(11_000);
    integral.take(reading(12_000, 10));
    expect(integral.energy).toMatchObject({ coveredMs: 2000, joules: 20 });
  });

  it('knows how long the GPU had nothing to do, where its load is reported', () => {
    const integral = new PowerIntegral('node-1', 6000);
    integral.open(0);
    for (const [atMs, load] of [
      [0, 98],
      [2000, 0],
      [4000, null],
      [6000, 50],
    ] as const)
      integral.take(reading(atMs, 10, load));
    expect(integral.energy).toMatchObject({ coveredMs: 6000, loadKnownMs: 4000, idleMs: 2000 });
  });

  it('is added to what there was before a restart, but not to another set of rails', () => {
    const stored: MeasuredEnergy = {
      ...{ nodeId: 'node-1', source: 'rails', measured: ['VDD_IN'], coveredMs: 1000, joules: 10, loadKnownMs: 0, idleMs: 0 },
    };
    const integral = new PowerIntegral('node-1', 6000, stored);
    integral.open(0);
    integral.take(reading(0, 10));
    integral.take({ ...reading(500, 99), measured: ['OTHER'] });
    integral.take(reading(1000, 10));
    expect(integral.energy).toMatchObject({ coveredMs: 2000, joules: 20 });
  });
});

describe('the energy of a run', () => {
  const nodes = [
    { id: 'node-1', name: 'ES 1' },
    { id: 'node-2', name: 'ES 2' },
  ];
  const measured = (nodeId: string, coveredMs: number, watts: number): MeasuredEnergy => ({
    ...{ nodeId, source: 'rails', measured: ['VDD_IN'], coveredMs, joules: (coveredMs / 1000) * watts, loadKnownMs: 0, idleMs: 0 },
  });

  it('is the mean power of every node times the duration', () => {
    const energy = summarizeEnergy({
      ...{ nodes, durationMs: 360_000, images: 100 },
      measured: [measured('node-1', 360_000, 40), measured('node-2', 342_000, 60)],
    });
    // 100 W x 360 s = 36,000 J = 10 Wh for 100 images.
    expect(energy).toMatchObject({ joules: 36_000, meanWatts: 100, source: 'rails', coveredShare: 0.95, problem: null });
    expect(energy?.whPer1kImages).toBeCloseTo(100, 12);
    expect(describeRunEnergy(energy)).toContain(
      '100 Wh per 1,000 images (100.0 W, measured at the rails of the modules; not wall power, 95 %',
    );
  });

  it('is not told where a node was covered too little, or not at all', () => {
    const some = summarizeEnergy({
      nodes,
      durationMs: 10_000,
      images: 1,
      measured: [measured('node-1', 10_000, 40), measured('node-2', 4_000, 40)],
    });
    expect(some).toMatchObject({ joules: null, problem: 'Too little was measured: ES 2 for 40 % of the run; it takes 90 %.' });
    const one = summarizeEnergy({ nodes, durationMs: 10_000, images: 1, measured: [measured('node-1', 10_000, 40)] });
    expect(one?.problem).toContain('No power was measured on ES 2');
    expect(summarizeEnergy({ nodes, durationMs: 10_000, images: 1, measured: [] })?.problem).toContain('No power was measured');
  });

  it('is nothing that virtual nodes have', () => {
    expect(summarizeEnergy({ nodes: [], durationMs: 1, images: 1, measured: [] })).toBeNull();
    expect(describeRunEnergy(null)).toBeNull();
  });
});
