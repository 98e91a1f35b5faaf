// Downloads of the desktop program's window, into a folder of the test: a dialog of the system cannot be answered from outside.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';

export interface DesktopDownload {
  /** Proposed to the user. */
  name: string;
  mediaType: string;
  path: string;
  content: Buffer;
}

/** What main keeps of the next download, until it is asked for. */
type Landed = Pick<DesktopDownload, 'name' | 'mediaType'> & { state: string };

/** Does `act`, which must start one download in the window, and returns what landed. Throws when it ends in any other way. */
export async function downloadTo(app: ElectronApplication, folder: string, act: () => Promise<void>): Promise<DesktopDownload> {
  // Two steps, so that main listens for sure before the window is clicked.
  await app.evaluate(
    ({ session }, { dir }) => {
      const landed = new Promise<Landed>((resolve) => {
        session.defaultSession.once('will-download', (_event, item) => {
          const name = item.getFilename();
          item.setSavePath(`${dir}/${name}`);
          item.once('done', (_done, state) => resolve({ name, mediaType: item.getMimeType(), state }));
        });
      });
      Object.assign(globalThis, { landedDownload: landed });
    },
    { dir: folder },
  );
  await act();
  const landed = await app.evaluate(() => (globalThis as unknown as { landedDownload: Promise<Landed> }).landedDownload);
  if (landed.state !== 'completed') throw new Error(`The download of ${landed.name} ended as ${landed.state}`);
  const path = join(folder, landed.name);
  return { name: landed.name, mediaType: landed.mediaType, path, content: readFileSync(path) };
}
