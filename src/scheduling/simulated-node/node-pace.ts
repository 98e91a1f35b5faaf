// How fast a simulated node truly is, whatever its record says: for the environment that policies learn in and for the twin that predicts runs.
// Pure: the heat that a computation brings is handed to the caller, so that one can also ask what a computation would take.
//
// A pace is of the instant, not of the image: a node slows down in the midst of a computation. So when a node has done its work depends neither
// on how the work is cut into images nor on their order.

/** A node's warmth at an instant; only throttling nodes have one to speak of. */
export interface NodeHeat {
  atSec: number;
  /** 0, idle for long, to 1, at full speed for long. */
  share: number;
  isThrottled: boolean;
}

export const COLD: NodeHeat = { atSec: 0, share: 0, isThrottled: false };

export interface Computed {
  endSec: number;
  /** Of the node at that instant. */
  heat: NodeHeat;
}

export interface NodePace {
  /** A computation that takes `recordedSec` by the record and starts at `startSec`, on a node of this heat. */
  compute(startSec: number, recordedSec: number, heat: NodeHeat): Computed;
}

/** `speed` times as fast as on record, always. */
export function steadyPace(speed = 1): NodePace {
  return { compute: (startSec, recordedSec, heat) => ({ endSec: startSec + recordedSec / speed, heat }) };
}

export interface PaceSpell {
  /** Where the next one starts; later than that of the spell before. */
  untilSec: number;
  /** Next to the record. */
  speed: number;
}

/** One spell after the other from 0 on, each asked for once: `spellOf` gets its number and where it starts. */
export function changingPace(spellOf: (index: number, fromSec: number) => PaceSpell): NodePace {
  const spells: PaceSpell[] = [];
  const spell = (index: number): PaceSpell => {
    while (spells.length <= index) spells.push(spellOf(spells.length, spells.at(-1)?.untilSec ?? 0));
    return spells[index]!;
  };
  /** That of the last start: the next one is near. */
  let last = 0;
  return {
    compute(startSec, recordedSec, heat) {
      while (last > 0 && spell(last - 1).untilSec > startSec) last -= 1;
      while (spell(last).untilSec <= startSec) last += 1;
      let atSec = startSec;
      let leftSec = recordedSec;
      for (let index = last; ; index++) {
        const { untilSec, speed } = spell(index);
        const doneSec = (untilSec - atSec) * speed;
        if (doneSec >= leftSec) return { endSec: atSec + leftSec / speed, heat };
        leftSec -= doneSec;
        atSec = untilSec;
      }
    },
  };
}

export interface Throttling {
  /** Of its speed on record, while it is too hot. */
  throttledSpeed: number;
  /** Seconds in which what is left of the way to the heat of the moment falls to 1/e. */
  timeConstantSec: number;
  /** Shares of full heat at which it throttles, and at which it returns to its speed. */
  hot: number;
  cool: number;
}

/** A node whose heat follows its work: it nears 1 at full speed, its speed where it throttles, and 0 while it rests. */
export function throttlingPace({ throttledSpeed, timeConstantSec, hot, cool }: Throttling): NodePace {
  const after = (share: number, target: number, sec: number): number => target + (share - target) * Math.exp(-sec / timeConstantSec);
  /** Seconds until the share reaches a level; Infinity where it never does. */
  const until = (share: number, target: number, level: number): number => {
    const ratio = (level - target) / (share - target);
    return ratio > 0 && ratio <= 1 ? -timeConstantSec * Math.log(ratio) : Infinity;
  };
  return {
    compute(startSec, recordedSec, heat) {
      let share = after(heat.share, 0, startSec - heat.atSec);
      let isThrottled = heat.isThrottled && share > cool;
      let [atSec, leftSec] = [startSec, recordedSec];
      for (;;) {
        const speed = isThrottled ? throttledSpeed : 1;
        const turnSec = until(share, speed, isThrottled ? cool : hot);
        const lastsSec = Math.min(leftSec / speed, turnSec);
        share = after(share, speed, lastsSec);
        atSec += lastsSec;
        if (lastsSec < turnSec) return { endSec: atSec, heat: { atSec, share, isThrottled } };
        leftSec -= lastsSec * speed;
        isThrottled = !isThrottled;
      }
    },
  };
}
