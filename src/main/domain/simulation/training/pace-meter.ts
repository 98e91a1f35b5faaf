/** Points in time that the pace is taken from: episodes are quick until learning starts. */
const WINDOW = 6;

/** How fast episodes get done, and so how long the others will take. */
export class PaceMeter {
  readonly #points: { episode: number; atMs: number }[] = [];

  /** `episode` is the newest that is done; null where a report brings none. */
  add(episode: number | null, atMs: number): void {
    if (episode === null) return;
    this.#points.push({ episode, atMs });
    if (this.#points.length > WINDOW) this.#points.shift();
  }

  /** Seconds until `episodes` are done; null before there is a pace. */
  remainingSec(episodes: number): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last.episode === first.episode) return null;
    return ((episodes - last.episode) * (last.atMs - first.atMs)) / (last.episode - first.episode) / 1000;
  }
}
