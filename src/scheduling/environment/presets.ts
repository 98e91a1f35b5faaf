// The two environments of the experiments. Every difference is in the table of docs/method.md with its reason.
import type { EnvironmentConfig } from './environment-config.js';

export const PRESET_NAMES = ['paper', 'reference'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** `paper`: Table III and Sec. V-A as printed, where that can be meant. `reference`: what the paper's public code does. */
export const PRESETS: Record<PresetName, EnvironmentConfig> = {
  paper: {
    baseStations: 20,
    slots: 60,
    lastSlot: 'run',
    slotSec: 1,
    tasksPerSlot: { min: 1, max: 50 },
    sizeMbit: { min: 2, max: 5 },
    resultMbit: { min: 0.6, max: 1 },
    qualitySteps: { min: 1, max: 15 },
    densityGigacyclesPerStep: { min: 0.1, max: 0.3 },
    fixedWorkGigacycles: 0,
    capacityGigacyclesPerSec: { min: 10, max: 50 },
    knownCapacities: null,
    linkMbps: { min: 400, max: 500 },
    taskParameters: 'per-task',
    isResultTiedToDensity: false,
    links: 'per-pair-and-slot',
    homeUpload: 'over-link',
    constants: 'from-seed',
  },
  reference: {
    baseStations: 20,
    slots: 60,
    lastSlot: 'next-state-only',
    slotSec: 1,
    tasksPerSlot: { min: 1, max: 50 },
    sizeMbit: { min: 2, max: 5 },
    resultMbit: { min: 0.6, max: 1 },
    qualitySteps: { min: 1, max: 14 },
    densityGigacyclesPerStep: { min: 0.1024, max: 0.3072 },
    fixedWorkGigacycles: 0,
    capacityGigacyclesPerSec: { min: 10, max: 50 },
    knownCapacities: null,
    linkMbps: { min: 400, max: 500 },
    taskParameters: 'per-index',
    isResultTiedToDensity: true,
    links: 'per-server',
    homeUpload: 'free',
    constants: 'from-reference',
  },
};
