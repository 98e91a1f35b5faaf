// Pictures of a folder beside each other, small, so that many are looked at in one go.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const COLUMNS = 3;
const ROWS = 3;
const CELL = { width: 720, height: 450 } as const;

/** Writes `sheet-N.png`: each state at 1440 px, light and dark by turns, in the order of `names`. */
export async function makeContactSheets(dir: string, names: readonly string[]): Promise<void> {
  const files = names
    .map((name, index) => join(dir, `${name}.1440.${index % 2 === 0 ? 'light' : 'dark'}.png`))
    .filter((file) => existsSync(file));
  const each = COLUMNS * ROWS;
  for (let first = 0; first < files.length; first += each) {
    const cells = await Promise.all(
      files.slice(first, first + each).map(async (file, index) => ({
        input: await sharp(file)
          .resize({ ...CELL, fit: 'inside' })
          .toBuffer(),
        left: (index % COLUMNS) * CELL.width,
        top: Math.floor(index / COLUMNS) * CELL.height,
      })),
    );
    await sharp({ create: { width: COLUMNS * CELL.width, height: ROWS * CELL.height, channels: 3, background: '#888888' } })
      .composite(cells)
      .png()
      .toFile(join(dir, `sheet-${1 + first / each}.png`));
  }
}
