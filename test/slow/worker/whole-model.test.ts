// The real worker on a Stable Diffusion 3 of random weights with its T5: what the variant changes, and that it is encoded as the pipeline does.
// Needs Python with torch and diffusers, as random-weights.test.ts.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { diffusersConfig, hasPython, makeTinySd3, runTinySd3 } from '../../support/worker-harness.js';

const SETUP_TIMEOUT_MS = 300_000;
/** More tokens than CLIP reads: the small model's tokenizers know single characters only. */
const LONG = 'a red boat on a lake at dawn, seen from a hill with pines on it, in the style of a woodcut, ';

let folder: string;
let isThere: boolean;
let original: { folder: string; allInOne: string };
let testbed: TestAgents | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-model-'));
  isThere = await hasPython('torch', 'diffusers', 'transformers');
  if (!isThere) return;
  original = await makeTinySd3();
  // The same file for each: whether T5 is loaded is the configuration's.
  const settings = [
    { modelPath: original.folder, withT5: true },
    { modelPath: original.allInOne, configDir: original.folder, withT5: true },
    { modelPath: original.folder, withT5: false },
  ];
  testbed = await startTestAgents({
    count: settings.length,
    timeScale: 1,
    adjust: (config, index) => ({ ...config, worker: diffusersConfig(settings[index] ?? { modelPath: original.folder }) }),
  });
}, SETUP_TIMEOUT_MS);

afterAll(async () => {
  await testbed?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

type Agent = TestAgents['agents'][number];

/** The agents of a folder with T5, of one file with T5, and without; says why the test does not run where there are none. */
function agentsFor(context: TestContext): [whole: Agent, oneFile: Agent, refined: Agent] {
  const [whole, oneFile, refined] = testbed?.agents ?? [];
  if (!isThere || !whole || !oneFile || !refined) context.skip('not run: no Python with torch and diffusers here');
  return [whole, oneFile, refined];
}

async function imageOf({ client }: Agent, prompt: string): Promise<string | undefined> {
  return (await client.probe({ prompt, seed: 7, qualitySteps: 2 })).image?.sha256;
}

describe('the worker with a model that holds T5-XXL', () => {
  it('says which text encoders it runs with and how much of a prompt they read', async (context) => {
    const [whole, oneFile, refined] = agentsFor(context);
    for (const agent of [whole, oneFile, refined]) await imageOf(agent, 'a dog');
    expect((await whole.client.describe()).worker).toMatchObject({ encoders: ['clip-l', 'clip-g', 't5'], t5Tokens: 256 });
    expect((await oneFile.client.describe()).worker).toMatchObject({ encoders: ['clip-l', 'clip-g', 't5'], t5Tokens: 256 });
    expect((await refined.client.describe()).worker).toMatchObject({ encoders: ['clip-l', 'clip-g'], t5Tokens: 0 });
  }, 180_000);

  it('makes the image that the pipeline makes of the prompt by itself, from a folder and from one file', async (context) => {
    const [whole, oneFile] = agentsFor(context);
    const own = (await runTinySd3('generate_whole', original.folder, LONG)) as { sha256: string };
    const ofFile = (await runTinySd3('generate_whole', original.folder, LONG, original.allInOne)) as { sha256: string; levels: number };
    expect(ofFile.levels).toBeLessThanOrEqual(1);
    expect(await imageOf(whole, LONG)).toBe(own.sha256);
    expect(await imageOf(oneFile, LONG)).toBe(ofFile.sha256);
  }, 180_000);

  it('reads words that CLIP cuts off, and the refined one does not', async (context) => {
    const [whole, , refined] = agentsFor(context);
    const [one, other] = [`${LONG}with a cat`, `${LONG}with a dog`];
    expect(await imageOf(whole, one)).not.toBe(await imageOf(whole, other));
    expect(await imageOf(refined, one)).toBe(await imageOf(refined, other));
    expect(await imageOf(refined, one)).not.toBe(await imageOf(whole, one));
  }, 180_000);

  it('refuses one file with T5 where its tokenizer is missing, and says where it belongs', async (context) => {
    agentsFor(context);
    const configDir = join(folder, 'settings');
    await cp(original.folder, configDir, { recursive: true, filter: (path) => !/tokenizer_3|\.safetensors$/.test(path) });
    const lacking = await startTestAgents({
      count: 1,
      timeScale: 1,
      adjust: (config) => ({ ...config, worker: diffusersConfig({ modelPath: original.allInOne, configDir, withT5: true }) }),
    });
    try {
      const [agent] = lacking.agents;
      const problem = await agent?.client.probe({ prompt: 'a dog', seed: 1, qualitySteps: 1 }).catch((thrown: unknown) => String(thrown));
      expect(problem).toContain('tokenizer for its T5-XXL');
    } finally {
      await lacking.close();
    }
  }, 180_000);
});
