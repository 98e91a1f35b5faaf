import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { checkForm } from '../../../src/renderer/forms/field-errors.js';
import { parseNumberList } from '../../../src/renderer/forms/parse-number-list.js';
import { emptyVirtualForm, explainVirtualForm, toVirtualInput } from '../../../src/renderer/views/testbeds/virtual-form.js';
import { emptyRunForm, fillFromSpec, suggestRunName, toRunSpec } from '../../../src/renderer/views/composer/new-run-form.js';
import { createVirtualTestbedInput, runSpecSchema } from '../../../src/shared/api/inputs.js';
import type { RunSpec } from '../../../src/shared/run.js';

describe('the virtual testbed form', () => {
  it('is valid as it opens', () => {
    const check = checkForm(createVirtualTestbedInput, toVirtualInput(emptyVirtualForm()));
    expect(check).toMatchObject({ isValid: true, value: { nodeCount: 5, timeScale: 20, speedFactors: [1] } });
  });

  it('names the field that is missing or out of bounds', () => {
    const check = checkForm(
      createVirtualTestbedInput,
      toVirtualInput({ ...emptyVirtualForm(), nodeCount: null, jitterPercent: 80, speedFactors: '1 x' }),
    );
    expect(check.isValid).toBe(false);
    expect(check).toMatchObject({
      errors: { nodeCount: 'A value is needed', jitterFraction: 'At most 50 %', 'speedFactors.1': 'A value is needed' },
    });
  });

  it('says what the time scale means in real time', () => {
    expect(explainVirtualForm({ ...emptyVirtualForm(), timeScale: 100 })).toContain('183 ms of real time');
    expect(explainVirtualForm({ ...emptyVirtualForm(), timeScale: 1 })).toContain('6 min 6 s');
    expect(explainVirtualForm({ ...emptyVirtualForm(), timeScale: null })).toBeNull();
    expect(explainVirtualForm({ ...emptyVirtualForm(), timeScale: -5 })).toBeNull();
  });

  it('reads speed factors with commas or spaces', () => {
    expect(parseNumberList('1, 0.5  2')).toEqual([1, 0.5, 2]);
  });
});

describe('the new-run form', () => {
  const chosen = { ...emptyRunForm(), testbedId: 'tb', datasetId: 'ds' };

  it('asks for testbed and dataset and for nothing else as it opens', () => {
    const check = checkForm(runSpecSchema, toRunSpec(emptyRunForm()));
    expect(check.isValid ? [] : Object.keys(check.errors)).toEqual(['testbedId', 'datasetId']);
  });

  it('suggests a name of what the run is', () => {
    expect(suggestRunName({ ...chosen, countChoice: '500', scheduler: 'random' })).toBe('500 images, random');
  });

  it('says that the steps are the wrong way round', () => {
    const check = checkForm(runSpecSchema, toRunSpec({ ...chosen, minSteps: 20, maxSteps: 10 }));
    expect(check).toMatchObject({ isValid: false, errors: { qualitySteps: expect.stringContaining('above the upper end') } });
  });

  it('gives back the settings of an earlier run', () => {
    const spec: RunSpec = {
      name: 'Earlier',
      testbedId: 'tb',
      datasetId: 'ds',
      taskCount: 42,
      seed: 7,
      qualitySteps: { min: 3, max: 5 },
      arrivals: { kind: 'poisson', ratePerSec: 2.5 },
      scheduler: 'round-robin',
      allowRepeatedPrompts: true,
      maxAttempts: 2,
    };
    const form = emptyRunForm();
    fillFromSpec(form, spec);
    expect(toRunSpec({ ...form, name: 'Earlier' })).toEqual(spec);
  });

  it('has a strength of image-to-image alone, and gives it back', () => {
    expect(toRunSpec(chosen)).not.toHaveProperty('strength');
    const paired = { ...chosen, service: 'image-to-image' as const, strength: 0.3 };
    expect(toRunSpec(paired)).toMatchObject({ strength: 0.3 });
    const again = emptyRunForm();
    fillFromSpec(again, runSpecSchema.parse(toRunSpec(paired)));
    expect([again.service, again.strength]).toEqual(['image-to-image', 0.3]);
    const check = checkForm(runSpecSchema, toRunSpec({ ...paired, strength: 2 }));
    expect(check).toMatchObject({ isValid: false, errors: { strength: 'The strength is at most 1' } });
  });
});

describe('what is wrong with a field', () => {
  const schema = z.object({
    steps: z.number().max(200),
    rate: z.number().positive(),
    name: z.string().max(3),
    ids: z.array(z.string()).min(1),
  });

  it('names what there is too much of, and what was entered', () => {
    expect(checkForm(schema, { steps: 400, rate: -5, name: 'long', ids: [] })).toMatchObject({
      errors: {
        steps: 'At most 200; you entered 400',
        rate: 'More than 0; you entered -5',
        name: 'At most 3 characters',
        ids: 'At least 1 entry',
      },
    });
  });
});
