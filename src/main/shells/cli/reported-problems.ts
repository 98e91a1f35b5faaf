// Why nodes don't answer, each cause once: a line that only says that they don't leaves the search to anyone who reads it. Pure.
import { cleanLine } from '../../../shared/foreign-text.js';
import type { RunLive } from '../../../shared/run.js';
import { CONNECTING } from '../../../shared/testbed.js';

export class ReportedProblems {
  readonly #reported = new Set<string>();

  /** Sentences that have not been said before. */
  news(nodes: readonly Pick<RunLive['nodes'][number], 'nodeName' | 'isConnected' | 'problem'>[]): string[] {
    const sentences = nodes.flatMap(({ nodeName, isConnected, problem }) =>
      isConnected || problem === null || problem === CONNECTING ? [] : [cleanLine(`${nodeName} does not answer: ${problem}`)],
    );
    const news = sentences.filter((sentence) => !this.#reported.has(sentence));
    for (const sentence of news) this.#reported.add(sentence);
    return news;
  }
}
