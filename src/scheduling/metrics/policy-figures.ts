// What a policy did over episodes, beside a baseline on the same arrivals: delays, delays by size of task, and who got the work.
import type { PolicyDetail, ServerShare, WorkClass } from '../../shared/training.js';

/** Classes of equal width, from no work to the most that a task of the environment can have. */
const WORK_CLASSES = 6;

export type PolicyFigures = Omit<PolicyDetail, 'checkpointEpisodes' | 'entropyNats'>;

/** What came of the tasks. */
interface PolicyRun {
  choices: ArrayLike<number>;
  serviceDelaySec: ArrayLike<number>;
}

interface ClassSums {
  delaysSec: number[];
  optTsSumSec: number;
}

export class PolicyFiguresCounter {
  readonly #capacities: Float64Array;
  readonly #classWidth: number;
  readonly #classes: ClassSums[] = Array.from({ length: WORK_CLASSES }, () => ({ delaysSec: [], optTsSumSec: 0 }));
  readonly #tasksOf: Float64Array;
  readonly #workOf: Float64Array;
  readonly #sums = { meanDelaySec: 0, p95DelaySec: 0, optTsMeanDelaySec: 0, optTsP95DelaySec: 0 };
  #episodes = 0;

  /** @param largestWork the most that a task can have */
  constructor({ capacities, largestWork }: { capacities: ArrayLike<number>; largestWork: number }) {
    this.#capacities = Float64Array.from(capacities);
    this.#classWidth = largestWork / WORK_CLASSES;
    this.#tasksOf = new Float64Array(capacities.length);
    this.#workOf = new Float64Array(capacities.length);
  }

  /** Both runs are of these tasks, in their order. */
  add(works: ArrayLike<number>, run: PolicyRun, optTs: Pick<PolicyRun, 'serviceDelaySec'>): void {
    for (let task = 0; task < run.choices.length; task++) {
      const work = works[task]!;
      const server = run.choices[task]!;
      this.#tasksOf[server]! += 1;
      this.#workOf[server]! += work;
      const sums = this.#classes[Math.min(Math.max(Math.ceil(work / this.#classWidth) - 1, 0), WORK_CLASSES - 1)]!;
      sums.delaysSec.push(run.serviceDelaySec[task]!);
      sums.optTsSumSec += optTs.serviceDelaySec[task]!;
    }
    this.#sums.meanDelaySec += meanOf(run.serviceDelaySec);
    this.#sums.p95DelaySec += p95Of(run.serviceDelaySec);
    this.#sums.optTsMeanDelaySec += meanOf(optTs.serviceDelaySec);
    this.#sums.optTsP95DelaySec += p95Of(optTs.serviceDelaySec);
    this.#episodes++;
  }

  /** Of at least one episode. */
  finish(): PolicyFigures {
    const { meanDelaySec, p95DelaySec, optTsMeanDelaySec, optTsP95DelaySec } = this.#sums;
    return {
      episodes: this.#episodes,
      meanDelaySec: meanDelaySec / this.#episodes,
      p95DelaySec: p95DelaySec / this.#episodes,
      optTsMeanDelaySec: optTsMeanDelaySec / this.#episodes,
      optTsP95DelaySec: optTsP95DelaySec / this.#episodes,
      ratioToOptTs: meanDelaySec / optTsMeanDelaySec,
      perServer: this.#describeServers(),
      byWork: this.#describeClasses(),
    };
  }

  #describeServers(): ServerShare[] {
    const [tasks, work] = [sumOf(this.#tasksOf), sumOf(this.#workOf)];
    return Array.from(this.#capacities, (capacityGigacyclesPerSec, server) => ({
      server,
      capacityGigacyclesPerSec,
      share: this.#tasksOf[server]! / tasks,
      shareOfWork: this.#workOf[server]! / work,
    }));
  }

  #describeClasses(): WorkClass[] {
    return this.#classes.flatMap(({ delaysSec, optTsSumSec }, index) => {
      if (delaysSec.length === 0) return [];
      const values = Float64Array.from(delaysSec);
      return {
        fromGigacycles: index * this.#classWidth,
        toGigacycles: (index + 1) * this.#classWidth,
        count: values.length,
        meanDelaySec: meanOf(values),
        p95DelaySec: p95Of(values),
        optTsMeanDelaySec: optTsSumSec / values.length,
      };
    });
  }
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum;
}

function meanOf(values: ArrayLike<number>): number {
  return sumOf(values) / values.length;
}

/** The smallest value that at least 95 % of the values do not exceed. */
function p95Of(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? NaN;
}
