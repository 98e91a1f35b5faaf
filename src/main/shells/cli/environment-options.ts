// Flags that change the simulated environment of a preset, the same for every command that simulates.
import type { Command } from 'commander';
import { decimal, whole } from './parse-arguments.js';

export interface EnvironmentOptions {
  baseStations?: number;
  slots?: number;
  maxTasks?: number;
  maxCapacity?: number;
  maxQuality?: number;
}

export function addEnvironmentOptions(command: Command): Command {
  return command
    .option('--base-stations <count>', 'B (preset: 20)', whole)
    .option('--slots <count>', 'slots of an episode (preset: 60)', whole)
    .option('--max-tasks <count>', 'max tasks per slot and base station (preset: 50)', whole)
    .option('--max-capacity <rate>', 'fastest edge server, Gigacycles/s (preset: 50)', decimal)
    .option('--max-quality <steps>', 'max denoising steps of an image (presets: 15 and 14)', whole);
}

/** The changes to the preset as the API takes them; absent ones are undefined. */
export function environmentChanges(options: EnvironmentOptions) {
  return {
    baseStations: options.baseStations,
    slots: options.slots,
    maxTasksPerSlot: options.maxTasks,
    maxCapacityGigacyclesPerSec: options.maxCapacity,
    maxQualitySteps: options.maxQuality,
  };
}
