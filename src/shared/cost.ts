// What 1,000 images cost on nodes of one's own, with what is counted in it, and from how many images on that is less than a platform takes.
// Pure; docs/prices-and-energy.md has the formulas.
import { formatWh, namePowerSource, type RunEnergy } from './energy.js';
import { formatCount } from './format.js';

export interface CostSettings {
  /** `measured`: what telemetry found in the runs; `entered`: what a wall meter showed. */
  power: 'measured' | 'entered';
  /** Of all nodes together, with everything that hangs on the plug; null until it was entered. */
  wallWatts: number | null;
  usdPerKwh: number;
  /** Of all nodes together. */
  hardwareUsd: number;
  /** Spreads the hardware over the images of its life; null: it is paid before the first image. */
  spread: { years: number; usePercent: number } | null;
}

/** Five developer kits, and electricity at a usual price: to be replaced by one's own. */
export const ASSUMED_COST_SETTINGS: CostSettings = {
  power: 'measured',
  wallWatts: null,
  usdPerKwh: 0.15,
  hardwareUsd: 10_000,
  spread: null,
};

/** Whether the prices are the assumed ones and no one has kept any: those that are looked at are not one's own for being asked about. */
export function isAssumedCost(asked: CostSettings, kept: CostSettings | null): boolean {
  const { usdPerKwh, hardwareUsd } = ASSUMED_COST_SETTINGS;
  return kept === null && asked.usdPerKwh === usdPerKwh && asked.hardwareUsd === hardwareUsd;
}

/** What is known of the row that a cost is of. */
export interface CostSubject {
  rowId: string;
  name: string;
  isSimulated: boolean;
  /** Total generation delay in seconds of the most images that were made at once. */
  fastest: { count: number; delaySec: number } | null;
  energy: { whPer1kImages: number; source: NonNullable<RunEnergy['source']> } | null;
}

export type BreakEven =
  /** Cheaper from so many images on. */
  | { kind: 'after'; images: number }
  | { kind: 'at-once' }
  | { kind: 'never' }
  /** The price of the platform is not known; else the cost here. */
  | { kind: 'unknown'; missing: 'price' | 'cost' };

export interface CostReport {
  rowId: string;
  name: string;
  settings: CostSettings;
  /** Whether the prices of energy and hardware are assumed, since no one has saved settings yet. */
  isAssumed: boolean;
  powerSource: NonNullable<RunEnergy['source']> | 'entered' | null;
  whPer1kImages: number | null;
  /** Why the energy is not known. */
  problem: string | null;
  energyUsdPer1k: number | null;
  /** US dollars per 1,000 images where it is spread; null where it is paid before the first image, or can't be told. */
  hardwareUsdPer1k: number | null;
  /** Everything that each further 1,000 images cost. */
  usdPer1k: number | null;
  /** Paid before the first image. */
  upfrontUsd: number;
  /** What was counted, in words. */
  counted: string;
  breakEvens: { platformId: string; platform: string; usdPer1k: number | null; breakEven: BreakEven; sentence: string }[];
}

const HOURS_A_YEAR = 365.25 * 24;

/** n from which upfront + n x ours / 1000 is less than n x theirs / 1000. */
export function findBreakEven(upfrontUsd: number, oursPer1k: number | null, theirsPer1k: number | null): BreakEven {
  if (theirsPer1k === null) return { kind: 'unknown', missing: 'price' };
  if (oursPer1k === null) return { kind: 'unknown', missing: 'cost' };
  if (theirsPer1k <= oursPer1k) return { kind: 'never' };
  if (upfrontUsd === 0) return { kind: 'at-once' };
  return { kind: 'after', images: (upfrontUsd * 1000) / (theirsPer1k - oursPer1k) };
}

export function describeBreakEven(platform: string, breakEven: BreakEven): string {
  switch (breakEven.kind) {
    case 'after':
      return `Cheaper than ${platform} after ${formatImages(breakEven.images)} images.`;
    case 'at-once':
      return `Cheaper than ${platform} from the first image on.`;
    case 'never':
      return `Never cheaper than ${platform}: each image costs as much here, or more.`;
    case 'unknown':
      return `Not comparable with ${platform}: ${breakEven.missing === 'price' ? 'its price' : 'the cost here'} is not known.`;
  }
}

/** A sentence a platform; what is missing here is said once, not once a platform. */
export function listBreakEvens({ breakEvens }: Pick<CostReport, 'breakEvens'>): string[] {
  const isHeldByCost = ({ breakEven }: (typeof breakEvens)[number]): boolean =>
    breakEven.kind === 'unknown' && breakEven.missing === 'cost';
  const sentences = breakEvens.filter((each) => !isHeldByCost(each)).map(({ sentence }) => sentence);
  return breakEvens.some(isHeldByCost) ? ['Not comparable with any platform: the cost here is not known.', ...sentences] : sentences;
}

/** Three digits that count, as whole images: `154,000`. */
export function formatImages(images: number): string {
  return images < 1000 ? formatCount(Math.ceil(images)) : formatCount(Number(images.toPrecision(3)));
}

/** Watt-hours per 1,000 images, where they come from, and why there are none. */
function energyOf(subject: CostSubject, settings: CostSettings): Pick<CostReport, 'powerSource' | 'whPer1kImages' | 'problem'> {
  const none = (problem: string) => ({ powerSource: null, whPer1kImages: null, problem });
  if (subject.isSimulated) return none('Simulated nodes have no power of their own.');
  if (settings.power === 'measured') {
    if (!subject.energy)
      return none('No power was measured for this row: enter what a wall meter shows (power “Entered”, in the terminal --watts).');
    return { powerSource: subject.energy.source, whPer1kImages: subject.energy.whPer1kImages, problem: null };
  }
  if (settings.wallWatts === null) return none('No wall power was entered.');
  if (!subject.fastest) return none('No delay is known to tell how long 1,000 images take.');
  const secPer1k = (subject.fastest.delaySec / subject.fastest.count) * 1000;
  return { powerSource: 'entered', whPer1kImages: (settings.wallWatts * secPer1k) / 3600, problem: null };
}

/** Hardware / images of its life x 1000; null where the pace is not known. */
function spreadHardware(subject: CostSubject, { hardwareUsd, spread }: CostSettings): number | null {
  if (!spread || !subject.fastest) return null;
  const secPerImage = subject.fastest.delaySec / subject.fastest.count;
  const images = (spread.years * HOURS_A_YEAR * 3600 * (spread.usePercent / 100)) / secPerImage;
  return (hardwareUsd / images) * 1000;
}

export function computeCost(
  subject: CostSubject,
  settings: CostSettings,
  platforms: readonly { id: string; name: string; pricePer1kUsd: number | null }[],
  isAssumed: boolean,
): CostReport {
  const energy = energyOf(subject, settings);
  const energyUsdPer1k = energy.whPer1kImages === null ? null : (energy.whPer1kImages / 1000) * settings.usdPerKwh;
  const hardwareUsdPer1k = spreadHardware(subject, settings);
  const isComplete = energyUsdPer1k !== null && (settings.spread === null || hardwareUsdPer1k !== null);
  const usdPer1k = isComplete ? energyUsdPer1k + (hardwareUsdPer1k ?? 0) : null;
  const upfrontUsd = settings.spread === null ? settings.hardwareUsd : 0;
  const report = { ...energy, energyUsdPer1k, hardwareUsdPer1k, usdPer1k, upfrontUsd };
  return {
    ...{ rowId: subject.rowId, name: subject.name, settings, isAssumed, ...report },
    counted: describeCounted(report, settings),
    breakEvens: platforms.map(({ id, name, pricePer1kUsd }) => {
      const breakEven = findBreakEven(upfrontUsd, usdPer1k, pricePer1kUsd);
      return { platformId: id, platform: name, usdPer1k: pricePer1kUsd, breakEven, sentence: describeBreakEven(name, breakEven) };
    }),
  };
}

function describeCounted(
  { powerSource, whPer1kImages, energyUsdPer1k, problem }: Pick<CostReport, 'powerSource' | 'whPer1kImages' | 'energyUsdPer1k' | 'problem'>,
  { usdPerKwh, hardwareUsd, spread }: CostSettings,
): string {
  const power =
    whPer1kImages === null || energyUsdPer1k === null
      ? `Energy is not counted. ${problem ?? 'It is not known.'}`
      : `Energy: ${formatWh(whPer1kImages)} Wh per 1,000 images at the ${namePowerSource(powerSource)}, at $${usdPerKwh} per kWh.${
          powerSource === 'entered' ? '' : ' That is not wall power: fans, power supplies and what else hangs on the plug come on top.'
        }`;
  const hardware = spread
    ? `Hardware: $${formatCount(hardwareUsd)} over the images of ${spread.years} years at ${spread.usePercent} % use.`
    : `Hardware: $${formatCount(hardwareUsd)} before the first image.`;
  return `${power} ${hardware} Not counted: room, network, repairs and labor.`;
}
