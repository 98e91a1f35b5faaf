// Agents hand blocks of models on, over real mutual TLS.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BLOCK_BYTES, pathsOfFile } from '../../../src/shared/model-layout.js';
import { requestFromAgent } from '../../support/agent-request.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';

const MODEL_SHA256 = 'a'.repeat(64);
const PATH = 'model.safetensors';

let harness: TestAgents;
let bytes: Buffer;
let fileSha256: string;

beforeEach(async () => {
  harness = await startTestAgents({ count: 2, timeScale: 1000 });
  bytes = randomBytes(BLOCK_BYTES + 1000);
  fileSha256 = createHash('sha256').update(bytes).digest('hex');
});
afterEach(() => harness.close());

function partOf(agent: TestAgent): string {
  return join(agent.baseDir, pathsOfFile(MODEL_SHA256, PATH)[0]);
}

/** As the control center does over SSH. */
function writePart(agent: TestAgent, content: Uint8Array): void {
  mkdirSync(dirname(partOf(agent)), { recursive: true });
  writeFileSync(partOf(agent), content);
}

/** Tells an agent that the peers with these places hold each block (none: it was written there), until it holds `wanted` of them. */
async function share(agent: TestAgent, holders: number[], requested = 2, path = PATH) {
  const blocks = [bytes.subarray(0, BLOCK_BYTES), bytes.subarray(BLOCK_BYTES)].map((block, index) => ({
    index,
    sha256: createHash('sha256').update(block).digest(),
    holders,
  }));
  const request = {
    modelSha256: MODEL_SHA256,
    path,
    fileSha256,
    sizeBytes: BigInt(bytes.length),
    blockBytes: BLOCK_BYTES,
    blocks,
    peers: harness.peers(),
  };
  for (;;) {
    const answer = await agent.client.shareBlocks(request);
    if (answer.heldIndexes.length >= requested || answer.problem !== '') return answer;
    // The agent is asked again in the control center's own rhythm; nothing else tells when a block has come.
    await delay(20);
  }
}

test('a node fetches the blocks that a peer holds, and its file is the same', async () => {
  const [first, second] = harness.agents as [TestAgent, TestAgent];
  writePart(first, bytes);

  const verified = await share(first, []);
  const fetched = await share(second, [0]);

  expect(verified.heldIndexes.toSorted()).toEqual([0, 1]);
  expect(fetched.heldIndexes.toSorted()).toEqual([0, 1]);
  expect(readFileSync(partOf(second)).equals(bytes)).toBe(true);
});

test('a block that is not what its hash says is neither held nor handed on', async () => {
  const [first, second] = harness.agents as [TestAgent, TestAgent];
  const damaged = Buffer.from(bytes);
  damaged[5] = damaged[5]! ^ 1;
  writePart(first, damaged);

  const verified = await share(first, []);
  const answer = await requestFromAgent(first, await harness.identityOf(second.nodeId), `/blocks/${fileSha256}/0`);

  expect(verified.problem).toContain('Block 0 is not what the control center wrote');
  expect(answer.status).toBe(404);
});

test('blocks go to nodes of the testbed and the control center, and paths outside the files that are shared do not exist', async () => {
  const [first, second] = harness.agents as [TestAgent, TestAgent];
  writePart(first, bytes);
  await share(first, []);
  const peer = await harness.identityOf(second.nodeId);

  const block = await requestFromAgent(first, peer, `/blocks/${fileSha256}/1`);
  expect(block.status).toBe(200);
  expect(block.body.equals(bytes.subarray(BLOCK_BYTES))).toBe(true);
  expect((await requestFromAgent(first, harness.identity, `/blocks/${fileSha256}/0`)).status).toBe(200);
  for (const path of [
    `/blocks/${fileSha256}/2`,
    `/blocks/${'b'.repeat(64)}/0`,
    `/blocks/../../etc/passwd/0`,
    `/blocks/${fileSha256}/0/..`,
  ]) {
    expect((await requestFromAgent(first, peer, path)).status).toBe(404);
  }
});

test('a stranger gets no block', async () => {
  const [first] = harness.agents as [TestAgent];
  writePart(first, bytes);
  await share(first, []);
  const stranger = await startTestAgents({ count: 1, timeScale: 1000 });
  try {
    await expect(requestFromAgent(first, stranger.identity, `/blocks/${fileSha256}/0`, harness.identity.caPem)).rejects.toThrow();
  } finally {
    await stranger.close();
  }
});

test('a path that leaves the folder of models is refused', async () => {
  const [first] = harness.agents as [TestAgent];
  for (const path of ['../../../home', '/etc/passwd', 'a/../../b', '.ssh/authorized_keys', 'a//b', '']) {
    await expect(share(first, [], 2, path)).rejects.toMatchObject({ code: 'agent-failed' });
  }
});
