// Which Python packages a JetPack takes, from resources/wheels.json: torch by its address, since no index serves it in one command, everything else
// pinned and taken from a package index, which its user names. Where the SHA-256 is known it is in the table, so that the index can't give anything else.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../shared/errors.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileName = z.string().regex(/^[\w.+!]+(-[\w.+!]+){4,5}\.whl$/);

const wheelSetSchema = z.object({
  /** Releases of Jetson Linux that it is for. */
  title: z.string(),
  /** Of the device: `3.10`. */
  python: z.string().regex(/^3\.\d{1,2}$/),
  machine: z.string(),
  /** What to know of it, in sentences. */
  notes: z.array(z.string()),
  /** Wheels with an address of their own. */
  files: z.array(z.object({ name: fileName, url: z.url(), sha256: sha256.nullable() })),
  /** As in a file of requirements: `name==version`, and `--hash=sha256:HEX` where the wheel is pinned too. */
  packages: z.array(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*==[\w.+!]+( --hash=sha256:[0-9a-f]{64})?$/)
      .transform((text) => {
        const [pinned = '', hash] = text.split(' --hash=sha256:');
        const [name = '', version = ''] = pinned.split('==');
        return { name, version, sha256: hash ?? null };
      }),
  ),
});
export type WheelSet = z.infer<typeof wheelSetSchema>;

const tableSchema = z.object({ index: z.url().optional(), jetpacks: z.record(z.string(), wheelSetSchema) });
export type WheelTable = z.infer<typeof tableSchema>;

export async function readWheelTable(resourcesDir: string): Promise<WheelTable> {
  return tableSchema.parse(JSON.parse(await readFile(join(resourcesDir, 'wheels.json'), 'utf8')));
}

/** Throws `not-found` with those that there are. */
export function wheelSetOf(table: WheelTable, jetpack: string): WheelSet {
  const set = Object.hasOwn(table.jetpacks, jetpack) ? table.jetpacks[jetpack] : undefined;
  if (set) return set;
  throw new AppError(
    'not-found',
    `There is no list of wheels for JetPack ${jetpack}.`,
    `There are lists for ${Object.keys(table.jetpacks).join(', ')}.`,
  );
}
