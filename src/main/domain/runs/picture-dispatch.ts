// The input pictures of tasks that are about to be sent: each base station gets them first. Virtual nodes need none: their links simulate the
// time and their workers draw nothing of a picture.
import { AppError } from '../../../shared/errors.js';
import type { InputPicture } from '../../../shared/service.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';

/** Where input pictures are; absent where no task has one. */
export interface PictureSource {
  /** Its bytes, verified. Throws AppError `not-found`. */
  read(picture: InputPicture): Promise<Uint8Array>;
}

/** Pictures on their way to one base station at once; it receives eight at the most. */
const AT_ONCE = 4;

/**
 * Brings the pictures to the agent, each once. Returns why some can never be sent, by their hash; throws what is worth another try: the agent
 * can't be reached.
 */
export async function bringPictures(
  client: Pick<AgentClient, 'putPicture'>,
  pictures: readonly InputPicture[],
  source: PictureSource,
): Promise<Map<string, string>> {
  const waiting = [...new Map(pictures.map((picture) => [picture.sha256, picture])).values()];
  const refused = new Map<string, string>();
  const bringNext = async (): Promise<void> => {
    for (let picture = waiting.pop(); picture; picture = waiting.pop()) {
      const { sha256 } = picture;
      const next = picture;
      try {
        await client.putPicture({ sha256, read: () => source.read(next) });
      } catch (thrown) {
        if (!(thrown instanceof AppError) || !['not-found', 'agent-failed'].includes(thrown.code)) throw thrown;
        refused.set(sha256, thrown.message);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, bringNext));
  return refused;
}
