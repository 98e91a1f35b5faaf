// Node.js for nodes that have none: the binary of the npm package for their platform, of this program's own installation, as it came
// with a package of the program, or from a folder that the user has filled. The lockfile's versions and hashes are in
// resources/runtimes.json, so that a package has them too.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../shared/errors.js';
import { readPackedFile } from './runtime-archive.js';
import { RUNTIME_PLATFORMS, type RuntimePlatform } from './runtime-platform.js';

export interface NodeRuntime {
  /** As `node --version` prints it. */
  version: string;
  bytes: Uint8Array;
  sha256: string;
}

/** What can be had for a platform without unpacking it. */
export interface RuntimeOffer {
  version: string;
  /** How to fetch it; null when it is there. */
  remedy: string | null;
}

interface NodeRuntimesOptions {
  programDir: string;
  /** What a package of the program brings along; need not be there. */
  shippedDir: string;
  /** Filled by the user with `npm pack`. */
  cacheDir: string;
  pinsPath: string;
}

const pinsSchema = z.record(z.enum(RUNTIME_PLATFORMS), z.object({ version: z.string(), integrity: z.string().startsWith('sha512-') }));
type Pin = z.infer<typeof pinsSchema>[RuntimePlatform];

export class NodeRuntimes {
  readonly #options: NodeRuntimesOptions;
  /** One copy for all nodes of a provisioning, until `forget`. */
  readonly #loaded = new Map<RuntimePlatform, Promise<NodeRuntime>>();

  constructor(options: NodeRuntimesOptions) {
    this.#options = options;
  }

  async offer(platform: RuntimePlatform): Promise<RuntimeOffer> {
    const pin = await this.#pin(platform);
    const isThere = (await canRead(this.#installedPath(platform))) || (await this.#findArchive(platform, pin)) !== null;
    return { version: `v${pin.version}`, remedy: isThere ? null : this.#remedy(platform, pin) };
  }

  /** Throws `not-found` with the remedy, or `io` when the archive is not the one of the lockfile. */
  load(platform: RuntimePlatform): Promise<NodeRuntime> {
    const known = this.#loaded.get(platform);
    if (known) return known;
    const loading = this.#load(platform);
    this.#loaded.set(platform, loading);
    loading.catch(() => this.#loaded.delete(platform));
    return loading;
  }

  /** Frees the memory of what was loaded. */
  forget(): void {
    this.#loaded.clear();
  }

  async #load(platform: RuntimePlatform): Promise<NodeRuntime> {
    const pin = await this.#pin(platform);
    const version = `v${pin.version}`;
    const installed = this.#installedPath(platform);
    if (await canRead(installed)) return { version, bytes: await readFile(installed), sha256: await hashFile(installed) };
    const path = await this.#findArchive(platform, pin);
    if (path === null) throw new AppError('not-found', `There is no Node.js for ${platform} on this machine.`, this.#remedy(platform, pin));
    const archive = await readFile(path);
    if (`sha512-${createHash('sha512').update(archive).digest('base64')}` !== pin.integrity) {
      throw new AppError('io', `${path} is not the package that this program was made with.`, this.#remedy(platform, pin));
    }
    const bytes = await readPackedFile(archive, 'package/bin/node');
    if (!bytes) throw new AppError('io', `${path} holds no package/bin/node.`, this.#remedy(platform, pin));
    return { version, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  async #pin(platform: RuntimePlatform): Promise<Pin> {
    const pins = pinsSchema.parse(JSON.parse(await readFile(this.#options.pinsPath, 'utf8')));
    return pins[platform];
  }

  #installedPath(platform: RuntimePlatform): string {
    return join(this.#options.programDir, 'node_modules', `node-${platform}`, 'bin', 'node');
  }

  /** The user's own comes first: it is the remedy for a damaged one of the package. */
  async #findArchive(platform: RuntimePlatform, { version }: Pin): Promise<string | null> {
    for (const dir of [this.#options.cacheDir, this.#options.shippedDir]) {
      const path = join(dir, `node-${platform}-${version}.tgz`);
      if (await canRead(path)) return path;
    }
    return null;
  }

  #remedy(platform: RuntimePlatform, { version }: Pin): string {
    return `Fetch it once, where npm reaches its registry: mkdir -p "${this.#options.cacheDir}" && npm pack node-${platform}@${version} --pack-destination "${this.#options.cacheDir}"`;
  }
}

async function canRead(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
