/** How long an episode of each method takes here, and so how long what is left of a study run will. */
export class StudyPace {
  readonly #measured = new Map<string, { episodes: number; sec: number }>();

  /** `sec`: real time that one process took for the episodes, beside the others. */
  add(method: string, episodes: number, sec: number): void {
    const before = this.#measured.get(method) ?? { episodes: 0, sec: 0 };
    this.#measured.set(method, { episodes: before.episodes + episodes, sec: before.sec + sec });
  }

  /** Seconds until `left` is done by `processes` side by side; a method not seen yet counts as the mean of those seen. Null before any. */
  remainingSec(left: Iterable<{ method: string; episodes: number }>, processes: number): number | null {
    const paces = new Map([...this.#measured].flatMap(([method, { episodes, sec }]) => (episodes > 0 ? [[method, sec / episodes]] : [])));
    if (paces.size === 0 || processes === 0) return null;
    const usual = [...paces.values()].reduce((sum, pace) => sum + pace, 0) / paces.size;
    let sec = 0;
    for (const { method, episodes } of left) sec += episodes * (paces.get(method) ?? usual);
    return sec / processes;
  }
}
