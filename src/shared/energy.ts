// What a run took in energy: measured on its real nodes while it was in progress. docs/prices-and-energy.md has every formula.

/** `rails`: the power rails of a Jetson's module. `nvidia-smi`: the graphics cards. Neither is what a wall meter shows. */
export const POWER_METERS = ['rails', 'nvidia-smi'] as const;
export type PowerMeter = (typeof POWER_METERS)[number];

/** The share of a run (0..1) that has to be covered on every node before its energy is told. */
export const ENOUGH_COVERED = 0.9;

export interface NodeEnergy {
  nodeId: string;
  nodeName: string;
  /** Null where nothing was measured. */
  source: PowerMeter | null;
  /** The rails or cards whose power is summed, such as `VDD_IN`. */
  measured: string[];
  /** REAL seconds of the run that were measured. */
  coveredSec: number;
  /** Of the run's real duration, 0..1. */
  coveredShare: number;
  /** Over what was covered; null where nothing was. */
  meanWatts: number | null;
  /** Measured: of the covered seconds alone. */
  joules: number | null;
  /** Share of the covered time (0..1) in which the GPU had nothing to do; null where its load is not reported. */
  idleShare: number | null;
}

export interface RunEnergy {
  /** Mean power of every real node times the run's real duration; null where too little was covered. */
  joules: number | null;
  /** Watt-hours for 1,000 images; null without joules or images. */
  whPer1kImages: number | null;
  /** All nodes together; null as the joules are. */
  meanWatts: number | null;
  /** `mixed` where nodes differ; null where nothing was measured. */
  source: PowerMeter | 'mixed' | null;
  /** Of the node that was covered least. */
  coveredShare: number;
  nodes: NodeEnergy[];
  /** Why there is no figure; null where there is one. */
  problem: string | null;
}

/** `module rails`, `graphics cards`: what a figure is of, in words that follow "measured at the". */
export function namePowerSource(source: RunEnergy['source'] | 'entered'): string {
  switch (source) {
    case 'rails':
      return 'rails of the modules';
    case 'nvidia-smi':
      return 'graphics cards (nvidia-smi)';
    case 'mixed':
      return 'rails of the modules and graphics cards';
    case 'entered':
      return 'wall, as entered';
    case null:
      return 'nothing';
  }
}

/** `206 Wh per 1,000 images`, or why it is not known; null where no node has hardware of its own. */
export function describeRunEnergy(energy: RunEnergy | null): string | null {
  if (energy === null) return null;
  if (energy.joules === null) return energy.problem ?? 'not measured';
  const figure =
    energy.whPer1kImages === null ? `${formatWh(energy.joules / 3600)} Wh` : `${formatWh(energy.whPer1kImages)} Wh per 1,000 images`;
  const covered = energy.coveredShare >= 0.995 ? '' : `, ${Math.round(energy.coveredShare * 100)} % of the run covered`;
  return `${figure} (${energy.meanWatts?.toFixed(1) ?? '–'} W, measured at the ${namePowerSource(energy.source)}; not wall power${covered})`;
}

/** Three digits that count: `206`, `20.6`, `0.021`. */
export function formatWh(wattHours: number): string {
  return wattHours.toLocaleString('en', { maximumSignificantDigits: 3 });
}
