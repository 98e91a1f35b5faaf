// OpenSSH servers on loopback as nodes, and a model of random bytes to push to them.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredModel } from '../../src/main/adapters/storage/model-repository.js';
import type { Model } from '../../src/shared/model.js';
import { modelDir, stagingDir } from '../../src/shared/model-layout.js';
import type { ModelPush, PushVerification } from '../../src/shared/model-push.js';
import type { TestbedNode } from '../../src/shared/testbed.js';
import type { RealSshd } from './real-sshd.js';
import type { SlowLink } from './slow-link.js';
import { openTrustHarness } from './trust-harness.js';

export type PushHarness = Awaited<ReturnType<typeof openPushHarness>>;

export interface PushHarnessOptions {
  sshd: string;
  /** The built push process. */
  workerPath: string;
  /** Stay free on a node's disk; none when absent. */
  reserveBytes?: number;
  /** Instead of OpenSSH's `ssh` on PATH; null for none. */
  openSshPath?: string | null;
}

export async function openPushHarness({ sshd, workerPath, reserveBytes = 0, ...ssh }: PushHarnessOptions) {
  const harness = await openTrustHarness(sshd, {
    overrides: { paths: { pushWorkerPath: workerPath }, pushReserveBytes: reserveBytes, ...ssh },
  });
  const { services, testbed } = harness;
  const { pusher, jobs, storage } = services;
  const service = services.core.services.modelPushes;
  let modelCount = 0;
  return {
    ...harness,
    pusher,
    jobs,
    service,
    /** Starts a server, adds it as a node (behind the link, if any) and trusts its key. */
    addTrustedNode: async ({ agentPort, link }: { agentPort?: number; link?: SlowLink } = {}): Promise<{
      server: RealSshd;
      node: TestbedNode;
    }> => {
      const started = await harness.startServer();
      const server = link ? { ...started, port: await link.leadTo(started.port) } : started;
      const endpoint = { testbedId: testbed.id, host: '127.0.0.1', port: server.port, user: harness.user };
      const node = agentPort === undefined ? harness.addNode(server) : services.service.addNode({ ...endpoint, agentPort });
      await harness.say(node, true);
      return { server, node };
    },
    /** A model of one file with these bytes, as if it were on record. */
    addModel: (bytes: Uint8Array = randomBytes(20 * 1024 * 1024 + 12_345)): StoredModel => {
      const path = join(harness.dir, `model-${modelCount++}.safetensors`);
      writeFileSync(path, bytes);
      return keep(modelOf(path, [{ path: 'model.safetensors', bytes }], 'all-in-one'));
    },
    /** A model of a folder with these files. */
    addFolder: (path: string, files: { path: string; bytes: Uint8Array }[]): StoredModel => keep(modelOf(path, files, 'diffusers')),
    start: (model: StoredModel, nodeIds?: string[], verification: PushVerification = 'sampled'): ModelPush =>
      service.start({ modelId: model.id, testbedId: testbed.id, verification, ...(nodeIds ? { nodeIds } : {}) }),
    /** The push when it has ended; `onChange` sees every snapshot on the way. */
    finished: async (push: ModelPush, onChange: (push: ModelPush) => void = () => undefined): Promise<ModelPush> => {
      for await (const snapshot of service.watch(push.id, new AbortController().signal)) onChange(snapshot);
      return service.get(push.id);
    },
    close: () => harness.remove(),
  };

  function keep(model: StoredModel): StoredModel {
    storage.models.save(model);
    return model;
  }
}

/** The record of a model with these files, which lies at `path`. */
export function modelOf(path: string, files: { path: string; bytes: Uint8Array }[], layout: Model['layout']): StoredModel {
  const listed = files.map((file) => ({
    path: file.path,
    sizeBytes: file.bytes.length,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
  }));
  const sha256 = layout === 'all-in-one' ? listed[0]!.sha256 : createHash('sha256').update(JSON.stringify(listed)).digest('hex');
  return {
    id: `model-${sha256.slice(0, 8)}`,
    name: 'Random bytes',
    path,
    layout,
    family: 'sd3-other',
    parts: [],
    files: listed,
    leftOut: [],
    sizeBytes: listed.reduce((sum, file) => sum + file.sizeBytes, 0),
    sha256,
    addedAtMs: 0,
    license: null,
    refinedFromSha256: null,
  };
}

/** What a node has of a model: its bytes under the final name, the unfinished ones, and every name in the folder of models. */
export function modelOn(server: Pick<RealSshd, 'homeDir'>, model: StoredModel, file = model.files[0]!.path) {
  const root = join(server.homeDir, '.dedgeai');
  const read = (path: string): Buffer | null => (existsSync(path) ? readFileSync(path) : null);
  return {
    finalPath: join(root, modelDir(model.sha256), file),
    partPath: join(root, stagingDir(model.sha256), `${file}.part`),
    final: () => read(join(root, modelDir(model.sha256), file)),
    part: () => read(join(root, stagingDir(model.sha256), `${file}.part`)),
    names: () => (existsSync(join(root, 'models')) ? readdirSync(join(root, 'models'), { recursive: true }).map(String).sort() : []),
  };
}
