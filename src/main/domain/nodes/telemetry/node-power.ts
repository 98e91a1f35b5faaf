// What a node draws, from what its telemetry reports: a total where the device has one, never a part twice. Pure.
import type { PowerMeter } from '../../../../shared/energy.js';
import type { NodeTelemetry, TelemetrySample } from '../../../../shared/telemetry.js';

export interface NodePower {
  source: PowerMeter;
  /** The rails or cards in the sum, in their order. */
  measured: string[];
  watts: number;
}

/** The input of the whole module: Thor, Orin NX and Nano and Xavier NX, Nano. */
const INPUT_RAILS = ['VIN', 'VDD_IN', 'POM_5V_IN'];
/**
 * Modules without one: rails that together are the largest scope and of which none is within another. AGX Orin (where VDDQ_VDD2_1V8AO is
 * within VIN_SYS_5V0), AGX Xavier.
 */
const SUMMED_RAILS = [
  ['VDD_GPU_SOC', 'VDD_CPU_CV', 'VIN_SYS_5V0'],
  ['GPU', 'CPU', 'SOC', 'CV', 'VDDRQ', 'SYS5V'],
];

/** Null where the node reports no power, or has no hardware of its own. */
export function powerOf({ source, isOfHost }: Pick<NodeTelemetry, 'source' | 'isOfHost'>, { rails }: TelemetrySample): NodePower | null {
  if (isOfHost || rails.length === 0 || source === null) return null;
  const chosen = source === 'tegrastats' ? chooseRails(rails) : rails;
  return {
    source: source === 'tegrastats' ? 'rails' : 'nvidia-smi',
    measured: chosen.map(({ name }) => name),
    watts: chosen.reduce((sum, { milliwatts }) => sum + milliwatts, 0) / 1000,
  };
}

function chooseRails(rails: TelemetrySample['rails']): TelemetrySample['rails'] {
  const named = (names: readonly string[]) => names.flatMap((name) => rails.find((rail) => rail.name.toUpperCase() === name) ?? []);
  const [input] = named(INPUT_RAILS);
  if (input) return [input];
  const whole = SUMMED_RAILS.find((names) => named(names).length === names.length);
  return whole ? named(whole) : rails;
}
