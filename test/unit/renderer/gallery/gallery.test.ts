import { describe, expect, it } from 'vitest';
import { compareImages, listImageFacts } from '../../../../src/renderer/views/gallery/describe-image.js';
import { countColumns, findNextCell, fitTile } from '../../../../src/renderer/views/gallery/gallery-grid.js';
import type { NodeWorker } from '../../../../src/shared/node-worker-schema.js';
import type { GalleryImage } from '../../../../src/shared/gallery.js';

const image = (taskId: string, change: Partial<GalleryImage> = {}): GalleryImage => ({
  taskId,
  runId: 'run-1',
  runName: 'Batch',
  datasetName: 'Flickr8k',
  scheduler: 'random',
  mediaType: 'image/png',
  ordinal: 0,
  sha256: 'a'.repeat(64),
  widthPx: 512,
  heightPx: 512,
  sizeBytes: 20_000,
  isSimulated: true,
  prompt: 'a dog',
  seed: 7,
  qualitySteps: 12,
  computedSteps: 12,
  nodeId: 'node-1',
  nodeName: 'ES 1',
  worker: null,
  serviceMs: 18_000,
  parts: { uploadMs: 0, waitingMs: 0, computeMs: 18_000, downloadMs: 0, resendMs: 0, controlMs: 0 },
  createdAtMs: 0,
  ...change,
});

describe('countColumns', () => {
  it('counts the gap between cells, not after the last', () => {
    expect(countColumns(320, 100, 10)).toBe(3);
    expect(countColumns(319, 100, 10)).toBe(2);
  });

  it('keeps one column in a space too narrow for it', () => {
    expect(countColumns(0, 100, 10)).toBe(1);
  });
});

describe('findNextCell', () => {
  const grid = { count: 23, columns: 5, pageRows: 3 };

  it('moves along the row and on to the next', () => {
    expect(findNextCell('ArrowRight', 4, grid)).toBe(5);
    expect(findNextCell('ArrowLeft', 5, grid)).toBe(4);
  });

  it('moves by rows', () => {
    expect(findNextCell('ArrowDown', 3, grid)).toBe(8);
    expect(findNextCell('ArrowUp', 8, grid)).toBe(3);
  });

  it('stays where there is no cell below', () => {
    expect(findNextCell('ArrowDown', 19, grid)).toBeNull();
  });

  it('goes to the end when a page is more than what is left', () => {
    expect(findNextCell('PageDown', 12, grid)).toBe(22);
    expect(findNextCell('PageUp', 12, grid)).toBe(0);
  });

  it('goes to both ends', () => {
    expect(findNextCell('Home', 12, grid)).toBe(0);
    expect(findNextCell('End', 0, grid)).toBe(22);
  });

  it('leaves other keys alone', () => {
    expect(findNextCell('Enter', 3, grid)).toBeNull();
  });
});

describe('compareImages', () => {
  it('tells what differs', () => {
    const facts = compareImages(image('a', { seed: 7 }), image('b', { seed: 8 }));
    expect(facts.filter(({ isEqual }) => !isEqual)).toEqual([{ label: 'Seed', left: '7', right: '8', isEqual: false }]);
  });
});

describe('fitTile', () => {
  it('never lets a screen show 200 tiles, however large it is and whatever was chosen', () => {
    for (const [widthPx, heightPx] of [
      [1024, 600],
      [1440, 800],
      [2560, 1300],
      [5120, 2800],
    ] as const) {
      const tilePx = fitTile(96, { widthPx, heightPx });
      const columns = countColumns(widthPx, tilePx, 10);
      const rowPx = Math.floor((widthPx - 10 * (columns - 1)) / columns) + 32;
      expect(columns * (Math.ceil(heightPx / rowPx) + 3)).toBeLessThan(200);
    }
  });

  it('takes what was chosen where there is room for it, and no nonsense', () => {
    expect(fitTile(240, { widthPx: 1000, heightPx: 700 })).toBe(240);
    expect(fitTile(Number.NaN, { widthPx: 1000, heightPx: 700 })).toBe(168);
    expect(fitTile(9000, { widthPx: 1000, heightPx: 700 })).toBe(512);
  });
});

describe('listImageFacts', () => {
  it('says of what parts a delay consists', () => {
    const parts = { uploadMs: 200, waitingMs: 12_000, computeMs: 5800, downloadMs: 0, resendMs: 0, controlMs: 0.2 };
    expect(listImageFacts(image('a', { parts })).find(({ label }) => label === 'Parts of it')?.value).toBe(
      'upload 200 ms, waiting 12.0 s, compute 5.8 s',
    );
  });
});

describe('the model of an image', () => {
  it('says of an image without a recorded worker only what its mark says', () => {
    const madeWith = (isSimulated: boolean) =>
      listImageFacts(image('a', { isSimulated })).find(({ label }) => label === 'Made with')?.value;
    expect([madeWith(true), madeWith(false)]).toEqual(['a simulated worker', 'not on record']);
  });

  const worker = (encoders: NodeWorker['encoders'], modelSha256: string): NodeWorker =>
    ({ encoders, modelSha256, t5Tokens: 0, guidanceScale: 5, shift: 3 }) as NodeWorker;

  it('tells the original and the refined one apart beside the same prompt', () => {
    const whole = image('whole', { worker: worker(['clip-l', 'clip-g', 't5'], `92db${'0'.repeat(60)}`) });
    const refined = image('refined', { worker: worker(['clip-l', 'clip-g'], `3bb7${'0'.repeat(60)}`) });
    expect(compareImages(whole, refined).find(({ label }) => label === 'Made with')).toEqual({
      label: 'Made with',
      left: 'SD3 medium with T5-XXL: CLIP-L, CLIP-G and T5-XXL; model 92db00000000',
      right: 'reSD3-m: CLIP-L and CLIP-G; model 3bb700000000',
      isEqual: false,
    });
  });
});
