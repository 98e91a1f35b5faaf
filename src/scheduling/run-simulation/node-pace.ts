// How fast a simulated node truly is, whatever its record says.

/** Stateful where a node has a past: one for each node of each simulation. */
export interface NodePace {
  /** Seconds that a computation takes which starts at `startSec` and takes `recordedSec` by the record. Called in the order of computations. */
  computeSec(recordedSec: number, startSec: number): number;
}

/** `slowness` times as long as on record, always. */
export function steadyPace(slowness = 1): NodePace {
  return { computeSec: (recordedSec) => recordedSec * slowness };
}

export interface Throttling {
  /** Of its speed, while it is too hot. */
  throttledSpeed: number;
  /** Seconds in which what is left of the way to the heat of the moment falls to 1/e. */
  timeConstantSec: number;
  /** Heat above which it throttles, and below which it returns to its speed; 0 is idle for long, 1 busy for long. */
  hot: number;
  cool: number;
}

/**
 * A node whose heat follows its work: it nears 1 while it computes, its speed where it throttles, and 0 while it rests. Hysteresis: what
 * holds at the start of a computation holds to its end.
 */
export function throttlingPace({ throttledSpeed, timeConstantSec, hot, cool }: Throttling): NodePace {
  let heat = 0;
  let isThrottled = false;
  let freeSec = 0;
  const near = (target: number, sec: number): void => {
    heat = target + (heat - target) * Math.exp(-sec / timeConstantSec);
  };
  return {
    computeSec(recordedSec, startSec) {
      near(0, startSec - freeSec);
      isThrottled = isThrottled ? heat > cool : heat > hot;
      const sec = isThrottled ? recordedSec / throttledSpeed : recordedSec;
      near(isThrottled ? throttledSpeed : 1, sec);
      freeSec = startSec + sec;
      return sec;
    },
  };
}

/** Half of the time slow: spells at the speed on record and at `slowness`, as long as drawn (`spellSec` gives the next one). */
export function changingPace(slowness: number, spellSec: () => number): NodePace {
  let isSlow = false;
  let untilSec = spellSec();
  return {
    computeSec(recordedSec, startSec) {
      while (startSec >= untilSec) {
        isSlow = !isSlow;
        untilSec += Math.max(1, spellSec());
      }
      return recordedSec * (isSlow ? slowness : 1);
    },
  };
}
